/** The client's end of a message port: a Transport to an API server on another thread. */
import { ApiError } from '@kaji/api';
import { ownCopy, type Port, type PortMessage, PortSender, receive, windowBytes } from './port-messages.ts';
import type { Transport, TransportReply, TransportRequest } from './transport.ts';

interface Exchange {
  answer(reply: TransportReply): void;
  fail(error: unknown): void;
  readonly body: Body;
}

export class PortTransport implements Transport {
  readonly #port: Port;
  readonly #sender: PortSender;
  readonly #exchanges = new Map<number, Exchange>();
  #lastId = 0;
  #isClosed = false;

  constructor(port: Port) {
    this.#port = port;
    this.#sender = new PortSender(port);
    receive(port, (message) => { this.#take(message); });
    port.addEventListener('close', () => { this.#fail(new ApiError('ServiceUnavailable', 'the API server\'s thread is gone')); });
  }

  request(request: TransportRequest): Promise<TransportReply> {
    if (this.#isClosed) return Promise.reject(new ApiError('ServiceUnavailable', 'the transport is closed'));
    const { method, path, headers, signal } = request;
    if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
    const id = ++this.#lastId;
    const owned = request.body === undefined ? undefined : ownCopy(request.body);
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        const error: unknown = signal?.reason;
        this.#sender.send({ type: 'abort', id });
        this.#exchanges.get(id)?.fail(error);
      };
      const end = (): void => {
        signal?.removeEventListener('abort', abort);
        this.#exchanges.delete(id);
      };
      const body = new Body(
        (bytes) => { this.#sender.send({ type: 'credit', id, bytes }); },
        end,
        () => { if (this.#exchanges.has(id)) this.#sender.send({ type: 'abort', id }); end(); },
      );
      this.#exchanges.set(id, { body, answer: resolve, fail: (error) => { reject(error as Error); body.fail(error); } });
      signal?.addEventListener('abort', abort, { once: true });
      this.#sender.send({ type: 'request', id, method, path, headers, body: owned }, owned);
    });
  }

  close(): Promise<void> {
    this.#fail(new ApiError('ServiceUnavailable', 'the transport is closed'));
    this.#port.close();
    return Promise.resolve();
  }

  #take(message: PortMessage): void {
    const exchange = this.#exchanges.get(message.id);
    if (exchange === undefined) return; // it was aborted while this was on the way
    switch (message.type) {
      case 'head': exchange.answer({ status: message.status, headers: message.headers, body: exchange.body }); return;
      case 'chunk': exchange.body.push(message.bytes); return;
      case 'end': exchange.body.end(); return;
      case 'error': {
        const { reason, code, details } = message.error;
        exchange.fail(new ApiError(reason, message.error.message, { code, ...(details === undefined ? {} : { details }) }));
        return;
      }
      case 'request': case 'abort': case 'credit': return; // the server never says these
    }
  }

  #fail(error: ApiError): void {
    this.#isClosed = true;
    for (const exchange of this.#exchanges.values()) exchange.fail(error);
  }
}

/** A body as it arrives. What was read is told to the sender by halves of the window. */
class Body implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array> {
  readonly #credit: (bytes: number) => void;
  readonly #ended: () => void;
  readonly #cancel: () => void;
  readonly #chunks: Uint8Array[] = [];
  #reader: { resolve(result: IteratorResult<Uint8Array>): void; reject(error: unknown): void } | undefined;
  #state: 'open' | 'ended' | { readonly error: unknown } = 'open';
  #taken = 0;

  constructor(credit: (bytes: number) => void, ended: () => void, cancel: () => void) {
    this.#credit = credit;
    this.#ended = ended;
    this.#cancel = cancel;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return this;
  }

  push(bytes: Uint8Array): void {
    const reader = this.#reader;
    if (reader === undefined) {
      this.#chunks.push(bytes);
      return;
    }
    this.#reader = undefined;
    this.#count(bytes);
    reader.resolve({ done: false, value: bytes });
  }

  end(): void {
    if (this.#state === 'open') this.#state = 'ended';
    this.#ended();
    this.#reader?.resolve({ done: true, value: undefined });
    this.#reader = undefined;
  }

  fail(error: unknown): void {
    if (this.#state === 'open') this.#state = { error };
    this.#ended();
    this.#reader?.reject(error);
    this.#reader = undefined;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) {
      this.#count(chunk);
      return Promise.resolve({ done: false, value: chunk });
    }
    if (this.#state === 'ended') return Promise.resolve({ done: true, value: undefined });
    if (this.#state !== 'open') return Promise.reject(this.#state.error as Error);
    return new Promise((resolve, reject) => { this.#reader = { resolve, reject }; });
  }

  /** The reader stopped early. */
  return(): Promise<IteratorResult<Uint8Array>> {
    this.#cancel();
    this.#chunks.length = 0;
    if (this.#state === 'open') this.#state = 'ended';
    return Promise.resolve({ done: true, value: undefined });
  }

  #count(chunk: Uint8Array): void {
    this.#taken += chunk.length;
    if (this.#taken < windowBytes / 2 || this.#state !== 'open') return;
    this.#credit(this.#taken);
    this.#taken = 0;
  }
}
