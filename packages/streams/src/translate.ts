/** Joins a session that came in with one that goes out, whatever each of them speaks. */
import { pump } from './pipe.ts';
import type { ExecResult, RemoteCommandClient, RemoteCommandServer } from './remote-command.ts';

/** Pumps everything until the command has ended or the caller went away. */
export async function translateRemoteCommand(server: RemoteCommandServer, client: RemoteCommandClient): Promise<void> {
  const close = (): void => { client.close(); };
  if (server.gone.aborted) close();
  server.gone.addEventListener('abort', close, { once: true });
  if (server.stdin !== undefined && client.stdin !== undefined) void pump(server.stdin, client.stdin);
  void passSizes(server, client);
  const outputs = [
    ...(server.stdout !== undefined && client.stdout !== undefined ? [pump(client.stdout, server.stdout)] : []),
    ...(server.stderr !== undefined && client.stderr !== undefined ? [pump(client.stderr, server.stderr)] : []),
  ];
  const result = await outcome(client);
  await Promise.all(outputs);
  await server.finish(result);
  server.gone.removeEventListener('abort', close);
  client.close();
}

async function passSizes(server: RemoteCommandServer, client: RemoteCommandClient): Promise<void> {
  for await (const size of server.resizes) client.resize(size);
}

/** A session that breaks is a command that failed, to whoever asked for it. */
async function outcome(client: RemoteCommandClient): Promise<ExecResult> {
  try {
    return await client.result;
  } catch (error) {
    return { type: 'failed', message: `error executing command in container: ${error instanceof Error ? error.message : String(error)}` };
  }
}
