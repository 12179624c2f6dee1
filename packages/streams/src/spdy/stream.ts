/** One SPDY stream: a duplex of bytes with half-close, flow control towards peers that know it, and a limit on what waits unread. */
import { Duplex } from 'node:stream';
import type { Headers } from './headers.ts';

/** What a stream needs of its connection. */
export interface Wire {
  /** Calls back when the socket wants more. */
  sendData(stream: number, data: Uint8Array, options: { readonly isLast: boolean; readonly whenSent: (error?: Error) => void }): void;
  sendWindowUpdate(stream: number, deltaBytes: number): void;
  sendReset(stream: number): void;
  /** A reader took what was waiting. */
  drained(): void;
  closed(stream: SpdyStream): void;
}

/** How much may wait unread in a stream. */
export const windowBytes = 256 * 1024;
/** Small enough that streams of one connection take turns. */
const maxDataBytes = 16 * 1024;

/** Written to a stream that the peer has reset, or whose connection is over. */
export class StreamReset extends Error {
  override readonly name = 'StreamReset';

  constructor() {
    super('the other end takes no more');
  }
}

export class SpdyStream extends Duplex {
  readonly id: number;
  readonly headers: Headers;
  readonly #wire: Wire;
  readonly #received: Uint8Array[] = [];
  #receivedBytes = 0;
  /** Consumed, but not yet told to the peer. */
  #creditBytes = 0;
  #isReading = false;
  #ending: { readonly error: Error | undefined } | undefined;
  #hasEnded = false;
  #hasFinished = false;
  #wasReset = false;
  #sentBytes = 0;
  /** How many bytes the peer takes in all; without end until it has spoken of windows. */
  #allowedBytes = Number.POSITIVE_INFINITY;
  #pending: { readonly data: Uint8Array; readonly whenSent: (error?: Error) => void } | undefined;

  constructor(wire: Wire, id: number, headers: Headers) {
    super({ allowHalfOpen: true, readableHighWaterMark: 64 * 1024, writableHighWaterMark: 64 * 1024 });
    this.#wire = wire;
    this.id = id;
    this.headers = headers;
  }

  /** The peer wants no more of it. */
  get wasReset(): boolean {
    return this.#wasReset;
  }

  /** True when more waits than was granted: a peer without flow control must be held by its socket. */
  get isOverfull(): boolean {
    return this.#receivedBytes > windowBytes;
  }

  /** Data from the peer. */
  receive(data: Uint8Array, isLast: boolean): void {
    if (this.#ending !== undefined || this.destroyed) return;
    if (data.length > 0) {
      this.#received.push(data);
      this.#receivedBytes += data.length;
    }
    if (isLast) this.#ending = { error: undefined };
    this.#deliver();
  }

  /** The peer's side is over; what was received before is still delivered. */
  endByPeer(error?: Error): void {
    this.#ending ??= { error };
    this.#deliver();
  }

  /** Kubernetes: its servers reset streams when a session is over, so for a reader this is an end and no error. */
  resetByPeer(): void {
    this.#wasReset = true;
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.whenSent(new StreamReset());
    this.endByPeer();
  }

  /** Nothing more comes and nothing more goes, because the connection was closed from this side: readers see an end, writers an error. */
  abandon(): void {
    this.#received.length = 0;
    this.#receivedBytes = 0;
    this.resetByPeer();
  }

  /** The peer takes `bytes` in all from now on (its initial window, or more of it). */
  allow(bytes: { readonly initial: number } | { readonly more: number }): void {
    if ('initial' in bytes) this.#allowedBytes = bytes.initial;
    else this.#allowedBytes += bytes.more;
    this.#send();
  }

  override _read(): void {
    this.#isReading = true;
    this.#deliver();
  }

  override _write(chunk: Uint8Array, _encoding: string, callback: (error?: Error | null) => void): void {
    if (this.#wasReset) {
      callback(new StreamReset());
      return;
    }
    this.#pending = { data: chunk, whenSent: callback };
    this.#send();
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#hasFinished = true;
    if (this.#wasReset) callback();
    else this.#wire.sendData(this.id, new Uint8Array(), { isLast: true, whenSent: () => { callback(); } }); // a peer that is gone needs no farewell
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (!this.#wasReset && !(this.#hasFinished && this.#ending !== undefined)) this.#wire.sendReset(this.id);
    this.#pending = undefined;
    this.#received.length = 0;
    this.#receivedBytes = 0;
    this.#wire.closed(this);
    this.#wire.drained();
    callback(error);
  }

  #deliver(): void {
    const wasOverfull = this.isOverfull;
    while (this.#isReading) {
      const data = this.#received.shift();
      if (data === undefined) break;
      this.#receivedBytes -= data.length;
      this.#credit(data.length);
      this.#isReading = this.push(data);
    }
    if (wasOverfull && !this.isOverfull) this.#wire.drained();
    if (this.#received.length > 0 || this.#ending === undefined || this.#hasEnded) return;
    this.#hasEnded = true;
    if (this.#ending.error === undefined) this.push(null);
    else this.destroy(this.#ending.error);
  }

  #credit(bytes: number): void {
    this.#creditBytes += bytes;
    if (this.#creditBytes < windowBytes / 2 || this.#ending !== undefined) return;
    this.#wire.sendWindowUpdate(this.id, this.#creditBytes);
    this.#creditBytes = 0;
  }

  #send(): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    const room = Math.min(maxDataBytes, this.#allowedBytes - this.#sentBytes);
    if (room <= 0) return;
    const data = pending.data.subarray(0, room);
    const rest = pending.data.subarray(data.length);
    this.#pending = undefined;
    this.#sentBytes += data.length;
    this.#wire.sendData(this.id, data, {
      isLast: false,
      whenSent: (error) => {
        if (error !== undefined || rest.length === 0 || this.#wasReset || this.destroyed) {
          pending.whenSent(error);
          return;
        }
        this.#pending = { data: rest, whenSent: pending.whenSent };
        this.#send();
      },
    });
  }
}
