/** One request as a stream of an HTTP/2 session. */
import { type ClientHttp2Session, constants, type IncomingHttpHeaders } from 'node:http2';
import { ApiError } from '@kaji/api';
import type { TransportReply, TransportRequest } from '../transport.ts';

export function requestOverHttp2(session: ClientHttp2Session, request: TransportRequest, authority: string): Promise<TransportReply> {
  return new Promise((resolve, reject) => {
    const { method, path, headers, body, signal } = request;
    const stream = session.request({ ':method': method, ':path': path, ':authority': authority, ...headers }, { endStream: body === undefined });
    const abort = (): void => {
      stream.close(constants.NGHTTP2_CANCEL);
      stream.destroy(signal?.reason as Error);
    };
    signal?.addEventListener('abort', abort, { once: true });
    stream.once('close', () => {
      signal?.removeEventListener('abort', abort);
      reject(lost(path)); // changes nothing once there was an answer
    });
    // Stays for the life of the stream: a body that nobody reads must not end the process.
    stream.on('error', (error) => { reject(signal?.aborted === true ? signal.reason as Error : lost(path, error)); });
    stream.once('response', (answer) => {
      resolve({ status: Number(answer[':status'] ?? 0), headers: plainHeaders(answer), body: chunksOf(stream, path, signal) });
    });
    if (body !== undefined) stream.end(body);
  });
}

export const lost = (path: string, cause?: unknown): ApiError =>
  new ApiError('ServiceUnavailable', `connection lost: ${path}${cause instanceof Error ? `: ${cause.message}` : ''}`, { cause });

/** Lower-case names to one value each. */
export function plainHeaders(headers: IncomingHttpHeaders | NodeJS.Dict<string | string[]>): Readonly<Record<string, string>> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(':') && value !== undefined) plain[name] = Array.isArray(value) ? value.join('\n') : String(value);
  }
  return plain;
}

/** The body; stopping early ends the stream, and an end by failure is an ApiError. */
export async function* chunksOf(stream: AsyncIterable<Uint8Array> & { readonly destroyed: boolean; destroy(): unknown; readonly rstCode?: number | undefined }, path: string, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) yield chunk;
    if (stream.rstCode !== undefined && stream.rstCode !== constants.NGHTTP2_NO_ERROR && signal?.aborted !== true) throw lost(path);
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    throw error instanceof ApiError ? error : lost(path, error);
  } finally {
    if (!stream.destroyed) stream.destroy();
  }
}
