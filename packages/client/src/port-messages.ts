/**
 * What the two ends of a message port say to each other. Messages of one turn travel as one batch; bytes are moved,
 * not copied. A sender of a body may have `windowBytes` on the way that the reader has not taken yet.
 */
import type { Reason, StatusDetails } from '@kaji/api';

export const windowBytes = 1 << 20;

export interface PortError {
  readonly reason: Reason | '';
  readonly message: string;
  readonly code: number;
  readonly details?: StatusDetails;
}

export type PortMessage =
  | { readonly type: 'request'; readonly id: number; readonly method: string; readonly path: string; readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array | undefined }
  | { readonly type: 'abort'; readonly id: number }
  | { readonly type: 'credit'; readonly id: number; readonly bytes: number }
  | { readonly type: 'head'; readonly id: number; readonly status: number; readonly headers: Readonly<Record<string, string>> }
  | { readonly type: 'chunk'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly type: 'end'; readonly id: number }
  | { readonly type: 'error'; readonly id: number; readonly error: PortError };

/** The part of a MessagePort that is used: Node's and the browser's both have it. */
export interface Port {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  addEventListener(type: 'message' | 'close', listener: (event: { readonly data?: unknown }) => void): void;
  /** Node's own way of listening, without events. */
  on?(type: 'message', listener: (data: unknown) => void): unknown;
  start(): void;
  close(): void;
}

/** Gathers what is said within one turn, and sends it at its end. */
export class PortSender {
  readonly #port: Port;
  #batch: PortMessage[] = [];
  #transfer: ArrayBuffer[] = [];

  constructor(port: Port) {
    this.#port = port;
  }

  send(message: PortMessage, owned?: Uint8Array<ArrayBuffer>): void {
    if (this.#batch.length === 0) queueMicrotask(() => { this.#flush(); });
    this.#batch.push(message);
    if (owned !== undefined) this.#transfer.push(owned.buffer);
  }

  #flush(): void {
    const batch = this.#batch;
    const transfer = this.#transfer;
    this.#batch = [];
    this.#transfer = [];
    this.#port.postMessage(batch, transfer);
  }
}

/** Calls `take` for each message that arrives. */
export function receive(port: Port, take: (message: PortMessage) => void): void {
  const takeAll = (batch: unknown): void => {
    for (const message of batch as readonly PortMessage[]) take(message); // only PortSender writes to this port
  };
  // Node makes its events out of a class of its HTTP client's, and loads all of that for it: some 3 MB in each thread.
  if (port.on === undefined) port.addEventListener('message', (event) => { takeAll(event.data); });
  else port.on('message', takeAll);
  port.start();
}

/** A copy in a buffer of its own: the bytes of a body are shared, or a view into something larger. */
export const ownCopy = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);
