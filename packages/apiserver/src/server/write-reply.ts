// Sends a reply over HTTP/1.1 or HTTP/2 with back-pressure. A client that reads too slowly is cut off, not buffered for.
import type { Clock } from '@kaji/base';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import type { Writable } from 'node:stream';
import type { Reply } from '../pipeline/request.ts';

export interface WriteOptions {
  readonly clock: Clock;
  /** How long one write may wait for the client to read before the stream is closed. */
  readonly stalledMs: number;
  readonly isHead: boolean;
  /** Aborted when the connection is gone. */
  readonly signal: AbortSignal;
}

export async function writeReply(reply: Reply, response: ServerResponse, options: WriteOptions): Promise<void> {
  const { body } = reply;
  if (body === 'upgraded') return;
  if (response.destroyed || response.writableEnded) return giveUp(body);
  response.statusCode = reply.status;
  for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, headerLines(value));
  if (body instanceof Uint8Array) {
    if (!isBodiless(reply.status)) response.setHeader('content-length', body.length);
    if (body.length === 0 || options.isHead) response.end();
    else response.end(body);
    return;
  }
  response.flushHeaders(); // watches send nothing for long: the client must see the head at once
  await send(body, response, options);
}

export async function writeHttp2Reply(reply: Reply, stream: ServerHttp2Stream, options: WriteOptions): Promise<void> {
  const { body, status } = reply;
  if (body === 'upgraded') return;
  // Of a HEAD the stream ends by itself before it is answered.
  if (stream.destroyed || (stream.writableEnded && !options.isHead)) return giveUp(body);
  const headers: OutgoingHttpHeaders = { ':status': status };
  for (const [name, value] of Object.entries(reply.headers)) if (!connectionHeaders.has(name)) headers[name] = headerLines(value);
  if (body instanceof Uint8Array) {
    const endStream = body.length === 0 || options.isHead || isBodiless(status);
    if (!isBodiless(status)) headers['content-length'] = body.length;
    stream.respond(headers, { endStream });
    if (!endStream) stream.end(body);
    return;
  }
  stream.respond(headers);
  await send(body, stream, options);
}

/** A body that nobody will read ends without having begun. */
async function giveUp(body: Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
  if (!(body instanceof Uint8Array)) await body[Symbol.asyncIterator]().return?.();
}

const isBodiless = (status: number): boolean => status === 204 || status === 304;

const headerLines = (value: string): string | string[] => (value.includes('\n') ? value.split('\n').map(headerText) : headerText(value));

/** A value as it may stand on the wire: UTF-8 byte by byte, as Go writes it, and nothing that ends a line. Warnings quote what clients sent. */
export function headerText(value: string): string {
  if (/^[\x20-\x7e\t]*$/.test(value)) return value;
  // oxlint-disable-next-line no-control-regex
  return Buffer.from(value.replace(/[\x00-\x08\x0a-\x1f\x7f]/g, ' '), 'utf8').toString('latin1');
}

/** Headers that name a connection's own affairs, which HTTP/2 forbids. */
const connectionHeaders: ReadonlySet<string> = new Set(['connection', 'transfer-encoding', 'keep-alive', 'upgrade', 'proxy-connection']);

async function send(body: AsyncIterable<Uint8Array>, response: Writable, options: WriteOptions): Promise<void> {
  try {
    for await (const chunk of body) {
      if (options.signal.aborted) return;
      if (!response.write(chunk) && !(await drained(response, options))) {
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

/** True once the client has read; false when it took too long or went away. */
function drained(response: Writable, { clock, stalledMs, signal }: WriteOptions): Promise<boolean> {
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
