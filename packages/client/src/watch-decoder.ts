/** Cuts a watch's bytes into its events: one JSON document a line. */
import type { WatchEvent } from './client.ts';
import type { ApiObject } from '@kaji/api';
import { errorOfStatus } from './status.ts';

const newline = 10;

/** Whole lines of a stream of chunks, without the newline. Chunks are only viewed; what is carried over is copied. */
export class LineSplitter {
  #carried: Uint8Array[] = [];

  *push(chunk: Uint8Array): Generator<Uint8Array> {
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, start)) {
      const line = chunk.subarray(start, end);
      start = end + 1;
      if (this.#carried.length > 0) yield this.#join(line);
      else if (line.length > 0) yield line;
    }
    if (start < chunk.length) this.#carried.push(chunk.slice(start));
  }

  #join(last: Uint8Array): Uint8Array {
    const pieces = [...this.#carried, last];
    this.#carried = [];
    const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    let offset = 0;
    for (const piece of pieces) {
      whole.set(piece, offset);
      offset += piece.length;
    }
    return whole;
  }
}

interface RawEvent {
  readonly type: string;
  readonly object: ApiObject;
}

const initialEventsEnd = 'k8s.io/initial-events-end';

/** One event; throws the ApiError that an ERROR event carries. */
export function decodeWatchEvent<T extends ApiObject>(parsed: unknown): WatchEvent<T> {
  const { type, object } = parsed as RawEvent; // the watch protocol's one form
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type, object: object as T };
    case 'BOOKMARK':
      return { type, resourceVersion: object.metadata.resourceVersion ?? '', isInitialEnd: object.metadata.annotations?.[initialEventsEnd] === 'true' };
    default:
      throw errorOfStatus(object, 500);
  }
}
