// Sends a reply over HTTP/1.1 or HTTP/2 with back-pressure. A client that reads too slowly is cut off, not buffered for.
import type { Clock } from '@kaji/base';
import type { ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import type { Reply } from '../pipeline/request.ts';

export type Response = ServerResponse | Http2ServerResponse;

export interface WriteOptions {
  readonly clock: Clock;
  /** How long one write may wait for the client to read before the stream is closed. */
  readonly stalledMs: number;
  readonly isHead: boolean;
  /** Aborted when the connection is gone. */
  readonly signal: AbortSignal;
}

export async function writeReply(reply: Reply, response: Response, options: WriteOptions): Promise<void> {
  if (reply.body === 'upgraded') return;
  const isHttp2 = !('shouldKeepAlive' in response);
  const body = reply.body;
  if (response.destroyed || response.writableEnded) {
    if (!(body instanceof Uint8Array)) await body[Symbol.asyncIterator]().return?.();
    return;
  }
  response.statusCode = reply.status;
  for (const [name, value] of Object.entries(reply.headers)) {
    if (isHttp2 && connectionHeaders.has(name)) continue;
    const lines = value.split('\n').map(headerText);
    response.setHeader(name, lines.length === 1 ? lines[0] ?? '' : lines);
  }
  if (body instanceof Uint8Array) {
    if (reply.status !== 204 && reply.status !== 304) response.setHeader('content-length', body.length);
    if (body.length === 0 || options.isHead) response.end();
    else response.end(body);
    return;
  }
  await stream(body, response, options);
}

/** A value as it may stand on the wire: UTF-8 byte by byte, as Go writes it, and nothing that ends a line. Warnings quote what clients sent. */
export function headerText(value: string): string {
  if (/^[\x20-\x7e\t]*$/.test(value)) return value;
  // oxlint-disable-next-line no-control-regex
  return Buffer.from(value.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, ' '), 'utf8').toString('latin1');
}

/** Headers that name a connection's own affairs, which HTTP/2 forbids. */
const connectionHeaders: ReadonlySet<string> = new Set(['connection', 'transfer-encoding', 'keep-alive', 'upgrade', 'proxy-connection']);

async function stream(body: AsyncIterable<Uint8Array>, response: Response, options: WriteOptions): Promise<void> {
  flushHead(response);
  const stream: NodeJS.WritableStream = response;
  try {
    for await (const chunk of body) {
      if (options.signal.aborted) return;
      if (!stream.write(chunk) && !(await drained(response, options))) {
        response.destroy();
        return;
      }
    }
    response.end();
  } catch (error) {
    // The head is out: all that is left to say is that the answer is not whole.
    response.destroy(error instanceof Error ? error : undefined);
  }
}

/** Watches send nothing for long: the client must see the head at once. */
function flushHead(response: Response): void {
  if ('flushHeaders' in response) response.flushHeaders();
}

/** True once the client has read; false when it took too long or went away. */
function drained(response: Response, { clock, stalledMs, signal }: WriteOptions): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (hasDrained: boolean) => () => {
      cancel();
      response.off('drain', onDrain);
      response.off('close', onClose);
      signal.removeEventListener('abort', onClose);
      resolve(hasDrained);
    };
    const onDrain = settle(true);
    const onClose = settle(false);
    const cancel = clock.setTimer(stalledMs, onClose);
    response.on('drain', onDrain);
    response.on('close', onClose);
    signal.addEventListener('abort', onClose, { once: true });
  });
}
