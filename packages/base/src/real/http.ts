import type { Server } from 'node:net';

/**
 * Node's HTTP/1.1 by way of its loader of builtin modules: an import reads every export, and one of those is a getter that
 * loads a whole other HTTP client, some 3 MB in each thread.
 */
export const { Agent, createServer, request } = process.getBuiltinModule('node:http');

/** Resolves once the server listens; throws what the machine says when it cannot. Later errors belong to single connections. */
export function listening(server: Server, { port, address }: { readonly port: number; readonly address: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      server.on('error', () => undefined);
      resolve();
    });
  });
}
