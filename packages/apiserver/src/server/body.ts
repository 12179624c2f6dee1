// Reads a request's body whole, up to the limit.
import { ApiError } from '@kaji/api';
import type { Readable } from 'node:stream';

/** Kubernetes: 3 MiB, some more than what the store takes, so that the store's own limit is what users meet. */
export const bodyLimitBytes = 3 * 1024 * 1024;

export const bodyTooLarge = (): ApiError =>
  new ApiError('RequestEntityTooLarge', `Request entity too large: limit is ${bodyLimitBytes}`);

/** Reads once, on first call; later calls give the same bytes. A body that grows past the limit is not read further. */
export function readBody(stream: Readable, declaredBytes: number | undefined): () => Promise<Uint8Array> {
  let read: Promise<Uint8Array> | undefined;
  return () => (read ??= declaredBytes !== undefined && declaredBytes > bodyLimitBytes ? Promise.reject(bodyTooLarge()) : collect(stream, declaredBytes));
}

function collect(stream: Readable, declaredBytes: number | undefined): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const whole = (): void => { resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, length)); };
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > bodyLimitBytes) {
        stream.removeAllListeners('data');
        stream.resume();
        reject(bodyTooLarge());
        return;
      }
      chunks.push(chunk);
      if (length !== declaredBytes) return;
      // Its end is left unread: an HTTP/2 stream whose end was read is torn down in the middle of writing its answer, at the price of an error and its stack (14 µs).
      stream.pause();
      whole();
    });
    stream.on('end', whole);
    stream.on('error', (error) => { reject(new ApiError('BadRequest', `unable to read the request body: ${error.message}`, { cause: error })); });
    // An error costs its stack: none is made for the many bodies that came whole.
    stream.on('close', () => { if (!stream.readableEnded) reject(new ApiError('BadRequest', 'unexpected EOF')); });
  });
}
