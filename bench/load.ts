/** A plain HTTP/2 load against an API server, kept apart from kaji's own client so that a bug or shortcut there cannot flatter a figure. */
import { type ClientHttp2Session, connect } from 'node:http2';

export interface Endpoint {
  readonly url: string;
  readonly certificateAuthority: string;
  readonly certificate: string;
  readonly privateKey: string;
}

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** One connection. */
export class LoadClient {
  readonly #session: ClientHttp2Session;

  constructor(endpoint: Endpoint) {
    this.#session = connect(endpoint.url, { ca: endpoint.certificateAuthority, cert: endpoint.certificate, key: endpoint.privateKey, settings: { initialWindowSize: 16 * 1024 * 1024 } });
    this.#session.once('connect', () => { this.#session.setLocalWindowSize(64 * 1024 * 1024); });
  }

  request(method: string, path: string, body?: Buffer | string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const stream = this.#session.request({ ':method': method, ':path': path, accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers });
      const chunks: Buffer[] = [];
      let status = 0;
      stream.on('response', (head) => { status = head[':status'] ?? 0; });
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => { resolve({ status, body: chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks) }); });
      stream.on('error', reject);
      stream.end(body);
    });
  }

  /** Calls `onLine` for each line of a streamed answer; the function returned ends it. Resolves once the answer has begun. */
  stream(path: string, onLine: (line: string) => void): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const stream = this.#session.request({ ':method': 'GET', ':path': path, accept: 'application/json' });
      let rest = '';
      stream.setEncoding('utf8');
      stream.on('response', () => { resolve(() => { stream.close(); }); });
      stream.on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) onLine(line);
      });
      stream.on('error', reject);
    });
  }

  close(): void {
    this.#session.destroy();
  }
}

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
