/** A SPDY/3.1 connection over any duplex: a socket, a TLS socket, or a WebSocket that carries one. */
import type { Clock } from '@kaji/base';
import type { Duplex } from 'node:stream';
import { control, controlFrame, dataFrame, type Frame, FrameReader, initialWindowSetting, status, uint32 } from './frames.ts';
import { HeaderReader, type Headers, HeaderWriter, SpdyError } from './headers.ts';
import { SpdyStream, StreamReset, type Wire, windowBytes } from './stream.ts';

export interface ConnectionOptions {
  readonly side: 'client' | 'server';
  /** Bytes that came with the upgrade. */
  readonly head?: Uint8Array;
  readonly clock: Clock;
  /** Whether the peer may open a stream with these headers; without it, it may open none. */
  readonly mayOpen?: (headers: Headers) => boolean;
  readonly opened?: (stream: SpdyStream) => void;
  /** How many streams the peer may have open at once. */
  readonly maxStreams?: number;
}

/** The connection ended while streams were open. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/** How long a closed connection waits for the peer to close too. */
const lingerMs = 10_000;

export class SpdyConnection {
  readonly #socket: Duplex;
  readonly #options: ConnectionOptions;
  readonly #frames = new FrameReader();
  readonly #reader = new HeaderReader();
  readonly #writer = new HeaderWriter();
  readonly #streams = new Map<number, SpdyStream>();
  readonly #awaitingReply = new Map<number, { resolve(): void; reject(error: Error): void }>();
  readonly #gone = new AbortController();
  #whenDrained: ((error?: Error) => void)[] = [];
  #nextId: number;
  #lastPeerId = 0;
  #peerWindowBytes: number | undefined;
  /** No new streams: the peer said farewell, or we did. */
  #isGoingAway = false;
  #isClosed = false;
  #isHeld = false;

  constructor(socket: Duplex, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#nextId = options.side === 'client' ? 1 : 2;
    socket.on('data', (chunk: Uint8Array) => { this.#receive(chunk); });
    socket.resume(); // whoever read the head of the upgrade paused it
    socket.on('drain', () => { this.#drain(); });
    socket.on('end', () => { this.#lose(undefined); });
    socket.on('error', (error: Error) => { this.#lose(error); });
    socket.on('close', () => { this.#lose(undefined); });
    this.#write(controlFrame(control.settings, 0, uint32(1, initialWindowSetting, windowBytes)));
    if (options.head !== undefined && options.head.length > 0) this.#receive(options.head);
  }

  /** Aborted when the connection is over, whoever ended it. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Opens a stream and waits for the peer's yes. */
  async open(headers: Headers): Promise<SpdyStream> {
    if (this.#gone.signal.aborted || this.#isGoingAway) throw new ConnectionLost('the connection is closed');
    const id = this.#nextId;
    this.#nextId += 2;
    const stream = this.#add(id, headers);
    const replied = new Promise<void>((resolve, reject) => { this.#awaitingReply.set(id, { resolve, reject }); });
    this.#write(controlFrame(control.synStream, 0, uint32(id, 0), Uint8Array.of(0, 0), this.#writer.encode(headers)));
    await replied;
    return stream;
  }

  /** Ends the connection once everything written has left: says farewell, then waits a little for the peer to close, for its unread data would take ours with it. */
  close(): void {
    if (this.#isClosed || this.#gone.signal.aborted) return;
    this.#write(controlFrame(control.goAway, 0, uint32(this.#lastPeerId, 0)));
    this.#isGoingAway = true;
    this.#isClosed = true;
    this.#socket.end();
    for (const stream of this.#streams.values()) stream.abandon();
    this.#drain(new StreamReset());
    this.#release();
    const cancel = this.#options.clock.setTimer(lingerMs, () => { this.destroy(); });
    this.#gone.signal.addEventListener('abort', cancel, { once: true });
  }

  destroy(error?: Error): void {
    this.#socket.destroy();
    this.#lose(error);
  }

  readonly #wire: Wire = {
    sendData: (stream, data, { isLast, whenSent }) => {
      if (this.#gone.signal.aborted || this.#isClosed) {
        whenSent(new StreamReset());
        return;
      }
      let hasRoom = true;
      for (const part of dataFrame(stream, data, isLast)) hasRoom = this.#write(part);
      if (hasRoom) whenSent();
      else this.#whenDrained.push(whenSent);
    },
    // Not to Go's ends, which know no windows: what they have not read when they close makes the kernel throw away what they sent.
    sendWindowUpdate: (stream, deltaBytes) => { if (this.#peerWindowBytes !== undefined) this.#write(controlFrame(control.windowUpdate, 0, uint32(stream, deltaBytes))); },
    sendReset: (stream) => { if (!this.#isClosed) this.#write(controlFrame(control.reset, 0, uint32(stream, status.cancel))); },
    drained: () => { this.#release(); },
    closed: (stream) => { this.#streams.delete(stream.id); },
  };

  #write(bytes: Uint8Array): boolean {
    return this.#gone.signal.aborted || this.#socket.writableEnded || this.#socket.destroyed || this.#socket.write(bytes);
  }

  #add(id: number, headers: Headers): SpdyStream {
    const stream = new SpdyStream(this.#wire, id, headers);
    if (this.#peerWindowBytes !== undefined) stream.allow({ initial: this.#peerWindowBytes });
    // A stream that fails is its owner's to notice; without an owner yet, it must not end the process.
    stream.on('error', () => undefined);
    this.#streams.set(id, stream);
    return stream;
  }

  #receive(chunk: Uint8Array): void {
    if (this.#gone.signal.aborted) return;
    try {
      for (const frame of this.#frames.push(chunk)) this.#handle(frame);
    } catch (error) {
      if (!(error instanceof SpdyError)) throw error;
      this.destroy(error);
    }
  }

  #handle(frame: Frame): void {
    switch (frame.type) {
      case 'data': {
        const stream = this.#streams.get(frame.stream);
        stream?.receive(frame.data, frame.isLast);
        if (stream?.isOverfull === true) this.#hold();
        break;
      }
      case 'synStream': this.#accept(frame.stream, this.#reader.decode(frame.block), frame.isLast); break;
      case 'synReply': {
        this.#reader.decode(frame.block);
        this.#awaitingReply.get(frame.stream)?.resolve();
        this.#awaitingReply.delete(frame.stream);
        if (frame.isLast) this.#streams.get(frame.stream)?.endByPeer();
        break;
      }
      case 'headers': this.#reader.decode(frame.block); if (frame.isLast) this.#streams.get(frame.stream)?.endByPeer(); break;
      case 'reset': {
        this.#awaitingReply.get(frame.stream)?.reject(new ConnectionLost(`the peer refused the stream (status ${frame.status})`));
        this.#awaitingReply.delete(frame.stream);
        this.#streams.get(frame.stream)?.resetByPeer();
        break;
      }
      case 'settings': if (frame.initialWindowBytes !== undefined) this.#learnWindow(frame.initialWindowBytes); break;
      case 'windowUpdate': this.#streams.get(frame.stream)?.allow({ more: frame.deltaBytes }); break;
      // Pings of the peer have the parity of its streams; others are answers to pings, of which we send none.
      case 'ping': if (frame.id % 2 !== this.#nextId % 2) this.#write(controlFrame(control.ping, 0, uint32(frame.id))); break;
      case 'goAway': this.#isGoingAway = true; break;
      case 'unknown': break;
      default: frame satisfies never;
    }
  }

  #accept(id: number, headers: Headers, isLast: boolean): void {
    if (id % 2 === this.#nextId % 2 || id <= this.#lastPeerId) throw new SpdyError(`stream id ${id} is not the peer's to use`);
    this.#lastPeerId = id;
    const refuse = (): void => { this.#write(controlFrame(control.reset, 0, uint32(id, status.refused))); };
    if (this.#isGoingAway || this.#options.mayOpen?.(headers) !== true || this.#streams.size >= (this.#options.maxStreams ?? 256)) {
      refuse();
      return;
    }
    const stream = this.#add(id, headers);
    this.#write(controlFrame(control.synReply, 0, uint32(id), this.#writer.encode({})));
    if (isLast) stream.endByPeer();
    this.#options.opened?.(stream);
  }

  #learnWindow(bytes: number): void {
    const before = this.#peerWindowBytes;
    this.#peerWindowBytes = bytes;
    for (const stream of this.#streams.values()) stream.allow(before === undefined ? { initial: bytes } : { more: bytes - before });
  }

  /** Stops reading until every stream's reader has caught up. */
  #hold(): void {
    this.#isHeld = true;
    this.#socket.pause();
  }

  #release(): void {
    if (!this.#isHeld) return;
    for (const stream of this.#streams.values()) if (stream.isOverfull) return;
    this.#isHeld = false;
    this.#socket.resume();
  }

  #drain(error?: Error): void {
    const waiting = this.#whenDrained;
    this.#whenDrained = [];
    for (const whenSent of waiting) whenSent(error);
  }

  #lose(error: Error | undefined): void {
    if (this.#gone.signal.aborted) return;
    this.#gone.abort(error);
    // After a farewell the end is an end; without one, readers must learn that what they have may not be all.
    const loss = this.#isGoingAway && error === undefined ? undefined : new ConnectionLost('the connection was lost', { cause: error });
    for (const waiting of this.#awaitingReply.values()) waiting.reject(loss ?? new ConnectionLost('the connection was closed'));
    this.#awaitingReply.clear();
    for (const stream of this.#streams.values()) stream.endByPeer(loss);
    this.#drain(new StreamReset());
    if (!this.#socket.writableEnded) this.#socket.end();
  }
}

