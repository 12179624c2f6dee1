/** The ports on which a proxy answers health checks: its own, and one for each Service that asks for it. */
import { createServer, listening } from '@kaji/base/real/http';
import type { HealthAnswer } from './health.ts';

/** Undefined is a 404. */
export type Answering = (path: string) => HealthAnswer | undefined;

/** Opens a port; ends with its disposal. Throws what the machine says when the port is taken. */
export type OpenPort = (address: string, port: number, answer: Answering) => Promise<AsyncDisposable>;

export interface WantedPort {
  /** Who asks for it. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly answer: Answering;
}

interface Opened {
  readonly address: string;
  readonly port: number;
  answer: Answering;
  readonly door: AsyncDisposable;
}

/** Level-triggered: the ports that should be open, with what each answers. */
export class HealthPorts implements AsyncDisposable {
  readonly #open: OpenPort;
  readonly #opened = new Map<string, Opened>();

  constructor(open: OpenPort) {
    this.#open = open;
  }

  /** Gives the ports that could not be opened, with the reason; the next call tries them again. */
  async sync(wanted: readonly WantedPort[]): Promise<readonly { readonly wanted: WantedPort; readonly error: unknown }[]> {
    const byName = new Map(wanted.map((each) => [each.name, each]));
    for (const [name, { address, port, door }] of this.#opened) {
      const next = byName.get(name);
      if (next?.port === port && next.address === address) continue;
      this.#opened.delete(name);
      await door[Symbol.asyncDispose]();
    }
    const failed: { readonly wanted: WantedPort; readonly error: unknown }[] = [];
    for (const each of wanted) {
      const opened = this.#opened.get(each.name);
      if (opened !== undefined) opened.answer = each.answer;
      else await this.#openOne(each).catch((error: unknown) => failed.push({ wanted: each, error }));
    }
    return failed;
  }

  async #openOne({ name, address, port, answer }: WantedPort): Promise<void> {
    const door = await this.#open(address, port, (path) => this.#opened.get(name)?.answer(path));
    this.#opened.set(name, { address, port, answer, door });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sync([]);
  }
}

/** Plain HTTP on the machine, or in the network namespace, that this process is in. */
export const openPort: OpenPort = async (address, port, answer) => {
  const server = createServer((request, response) => {
    const given = answer((request.url ?? '/').replace(/\?.*/s, ''));
    if (given === undefined) response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }).end('404 page not found\n');
    else response.writeHead(given.status, given.headers).end(given.body);
  });
  await listening(server, { port, address });
  return {
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => {
      server.close(() => { resolve(); });
      server.closeAllConnections();
    }),
  };
};
