/** A plain HTTP/2 load against an API server, kept apart from kaji's own client so that a bug or shortcut there cannot flatter a figure. */
import { type Endpoint, Wire } from './wire.ts';

export type { Endpoint } from './wire.ts';

/** What was answered. The body is put together when somebody looks at it. */
export class Answer {
  status = 0;
  length = 0;
  readonly #chunks: Buffer[] = [];

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.length += chunk.length;
  }

  get body(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

/** One connection. */
export class LoadClient {
  readonly #wire: Wire;

  constructor(endpoint: Endpoint) {
    this.#wire = new Wire(endpoint);
  }

  request(method: string, path: string, body?: Buffer | string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const answer = new Answer();
      const bytes = typeof body === 'string' ? Buffer.from(body) : body;
      // As clients do that know what they send.
      const ofBody = bytes === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(bytes.length) };
      this.#wire.send(headersOf(method, path, { ...ofBody, ...headers }), bytes, {
        head: (status) => { answer.status = status; },
        data: (chunk) => { answer.add(chunk); },
        end: () => { resolve(answer); },
        failed: reject,
      });
    });
  }

  /** Calls `onLine` for each line of a streamed answer; the function returned ends it. Resolves once the answer has begun. */
  stream(path: string, onLine: (line: Buffer) => void): Promise<() => void> {
    let rest: Buffer | undefined;
    return this.chunks(path, {}, (chunk) => {
      const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      for (let end = bytes.indexOf(newline, at); end >= 0; end = bytes.indexOf(newline, at)) {
        onLine(bytes.subarray(at, end));
        at = end + 1;
      }
      rest = at === bytes.length ? undefined : bytes.subarray(at);
    });
  }

  /** The same, in the pieces in which it comes. */
  chunks(path: string, headers: Readonly<Record<string, string>>, onChunk: (chunk: Buffer) => void): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const id = this.#wire.send(headersOf('GET', path, headers), undefined, {
        head: () => { resolve(() => { this.#wire.cancel(id); }); },
        data: onChunk,
        end: () => undefined,
        failed: reject,
      });
    });
  }

  close(): void {
    this.#wire.close();
  }
}

const newline = 0x0a;

const headersOf = (method: string, path: string, headers: Readonly<Record<string, string>>): readonly (readonly [string, string])[] =>
  [[':method', method], [':scheme', 'https'], [':authority', 'localhost'], [':path', path], ...Object.entries({ accept: 'application/json', ...headers })];

export interface Latencies {
  readonly count: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Sorted in place. */
export function summarize(millis: number[], elapsedMs: number): Latencies {
  millis.sort((a, b) => a - b);
  const at = (share: number): number => millis[Math.min(millis.length - 1, Math.floor(millis.length * share))] ?? NaN;
  return { count: millis.length, perSecond: (millis.length * 1000) / elapsedMs, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: millis.at(-1) ?? NaN };
}

/** `total` calls of `run` by `clients` loops at once, each loop with a connection of its own. */
export async function drive(endpoint: Endpoint, options: { readonly clients: number; readonly total: number }, run: (client: LoadClient, index: number) => Promise<void>): Promise<Latencies> {
  const millis: number[] = [];
  let next = 0;
  const clients = Array.from({ length: options.clients }, () => new LoadClient(endpoint));
  const startedMs = performance.now();
  await Promise.all(clients.map(async (client) => {
    for (let index = next++; index < options.total; index = next++) {
      const beganMs = performance.now();
      await run(client, index);
      millis.push(performance.now() - beganMs);
    }
  }));
  const elapsedMs = performance.now() - startedMs;
  for (const client of clients) client.close();
  return summarize(millis, elapsedMs);
}
