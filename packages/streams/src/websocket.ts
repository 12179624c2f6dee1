/** WebSockets whose messages begin with the number of a channel, and WebSockets that carry another protocol's bytes. */
import type { IncomingMessage } from 'node:http';
import { type Duplex, Readable, Writable } from 'node:stream';
import WebSocket, { createWebSocketStream, WebSocketServer } from 'ws';
import { ConnectionLost } from './spdy/connection.ts';
import { listed, type Upgrade, UpgradeError, type UpgradeTarget } from './upgrade.ts';

/** Longest message taken from a peer; kubectl's have 32 KiB. */
const maxMessageBytes = 4 << 20;
/** Longest message sent. */
const maxSentBytes = 32 * 1024;
/** Kubernetes: in v5 this channel number announces that the channel named next is closed. */
const closeChannel = 255;

export type Codec = 'raw' | 'base64';

/** Says yes to the first protocol of the client's that is known; a client that names none gets the empty one if that is known. */
export function acceptWebSocket(upgrade: Upgrade, supported: readonly string[]): Promise<{ readonly socket: WebSocket; readonly protocol: string }> {
  const { headers } = upgrade;
  const wanted = listed(headers['sec-websocket-protocol']);
  const protocol = wanted.length === 0 ? (supported.includes('') ? '' : undefined) : wanted.find((name) => supported.includes(name));
  if (protocol === undefined) throw new UpgradeError(400, `requested protocol(s) are not supported: [${wanted.join(' ')}]; supports [${supported.join(' ')}]`);
  if (!/^[+/0-9A-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? '') || headers['sec-websocket-version'] !== '13') {
    throw new UpgradeError(400, 'the WebSocket handshake lacks a key or is not of version 13');
  }
  const server = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false, maxPayload: maxMessageBytes });
  // Kubernetes: its protocols have names ("SPDY/3.1+portforward.k8s.io") that RFC 6455 does not allow and `ws` would refuse, so they are agreed on here.
  const { 'sec-websocket-protocol': _, ...rest } = headers;
  if (protocol !== '') server.on('headers', (answer) => { answer.push(`Sec-WebSocket-Protocol: ${protocol}`); });
  // `ws` reads nothing of the request but its method, URL and headers, which were checked above.
  const request = { method: 'GET', url: '/', headers: rest, socket: upgrade.socket } as unknown as IncomingMessage;
  return new Promise((resolve) => {
    server.handleUpgrade(request, upgrade.socket, Buffer.from(upgrade.head), (socket) => {
      socket.pause(); // until somebody listens
      resolve({ socket, protocol });
    });
  });
}

/** Opens a WebSocket over a connection. Throws UpgradeError with the answer when the other side says no. */
export async function connectWebSocket(target: UpgradeTarget, protocols: readonly string[], signal?: AbortSignal): Promise<{ readonly socket: WebSocket; readonly protocol: string }> {
  const socket = new WebSocket(`ws://${target.host}${target.path}`, [...protocols], {
    headers: { ...target.headers }, perMessageDeflate: false, maxPayload: maxMessageBytes, createConnection: () => target.socket,
  });
  const abort = (): void => { socket.terminate(); };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => {
        socket.pause(); // what came with the answer must wait until somebody listens
        resolve();
      }).once('error', reject).once('unexpected-response', (_request, response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => { if (chunks.length < 64) chunks.push(chunk); });
        response.on('close', () => { reject(new UpgradeError(response.statusCode ?? 502, Buffer.concat(chunks).toString('utf8').trimEnd())); });
      });
    });
  } finally {
    signal?.removeEventListener('abort', abort);
  }
  return { socket, protocol: socket.protocol };
}

/** The messages of a WebSocket as one stream of bytes. */
export const bytesOver = (socket: WebSocket): Duplex => createWebSocketStream(socket, { allowHalfOpen: false });

export interface ChannelOptions {
  readonly codec: Codec;
  /** The peer may half-close channels (v5). */
  readonly knowsClose: boolean;
  /** Ending a writable tells the peer: clients of v5 do, servers have no way to. */
  readonly sendsClose: boolean;
  /** Channels that are read; messages on others are dropped. */
  readonly reads: readonly number[];
}

/** The channels of one WebSocket. One reader that is slow holds them all: there is only one connection. */
export class WebSocketChannels {
  readonly #socket: WebSocket;
  readonly #options: ChannelOptions;
  readonly #readables = new Map<number, Readable>();
  readonly #full = new Set<number>();
  readonly #gone = new AbortController();

  constructor(socket: WebSocket, options: ChannelOptions) {
    this.#socket = socket;
    this.#options = options;
    for (const channel of options.reads) this.#readables.set(channel, this.#makeReadable(channel));
    socket.binaryType = 'nodebuffer';
    socket.on('message', (data: Buffer) => { this.#receive(data); });
    socket.on('error', () => { socket.terminate(); });
    socket.on('close', (code) => { this.#end(code); });
    socket.resume();
  }

  /** Aborted when the connection is over. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  readable(channel: number): Readable {
    const readable = this.#readables.get(channel);
    if (readable === undefined) throw new Error(`channel ${channel} is not read`);
    return readable;
  }

  writable(channel: number): Writable {
    return new Writable({
      highWaterMark: 64 * 1024,
      write: (chunk: Uint8Array, _encoding, callback) => { this.#sendAll(channel, chunk, callback); },
      final: (callback) => {
        // A peer that is gone needs no farewell.
        if (this.#options.sendsClose) this.#send(Uint8Array.of(closeChannel, channel), () => { callback(); });
        else callback();
      },
    }).on('error', () => undefined);
  }

  /** A message of its own, even an empty one. That the peer is gone is told by the signal. */
  send(channel: number, data: Uint8Array): Promise<void> {
    return new Promise((resolve) => { this.#send(this.#encode(channel, data), () => { resolve(); }); });
  }

  close(): void {
    this.#socket.close(1000);
    this.#full.clear();
    this.#socket.resume();
  }

  #encode(channel: number, data: Uint8Array): Uint8Array | string {
    return this.#options.codec === 'raw' ? Buffer.concat([Uint8Array.of(channel), data]) : `${channel}${Buffer.from(data).toString('base64')}`;
  }

  #sendAll(channel: number, data: Uint8Array, callback: (error?: Error) => void): void {
    const rest = data.subarray(maxSentBytes);
    this.#send(this.#encode(channel, data.subarray(0, maxSentBytes)), (error) => {
      if (error instanceof Error || rest.length === 0) callback(error); // sockets say null when all went well
      else this.#sendAll(channel, rest, callback);
    });
  }

  #send(message: Uint8Array | string, callback: (error?: Error) => void): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(message, callback);
    else callback(new ConnectionLost('the connection is closed'));
  }

  #makeReadable(channel: number): Readable {
    return new Readable({
      highWaterMark: 64 * 1024,
      read: () => {
        if (this.#full.delete(channel) && this.#full.size === 0) this.#socket.resume();
      },
      destroy: (error, callback) => {
        if (this.#full.delete(channel) && this.#full.size === 0) this.#socket.resume();
        callback(error);
      },
    }).on('error', () => undefined);
  }

  #receive(message: Buffer): void {
    const first = message[0];
    if (first === undefined) return;
    if (this.#options.knowsClose && first === closeChannel) {
      const closed = this.#readables.get(message[1] ?? closeChannel);
      if (message.length !== 2) this.#socket.close(1002);
      else if (closed?.readableEnded === false) closed.push(null);
      return;
    }
    const channel = this.#options.codec === 'raw' ? first : first - 0x30;
    const readable = this.#readables.get(channel);
    const data = this.#options.codec === 'raw' ? message.subarray(1) : Buffer.from(message.toString('latin1', 1), 'base64');
    if (readable === undefined || data.length === 0 || readable.destroyed || isEnding(readable)) return;
    if (readable.push(data)) return;
    this.#full.add(channel);
    this.#socket.pause();
  }

  #end(code: number): void {
    this.#gone.abort();
    for (const readable of this.#readables.values()) {
      if (isEnding(readable) || readable.destroyed) continue;
      if (code === 1000) readable.push(null);
      else readable.destroy(new ConnectionLost(`the connection was lost (code ${code})`));
    }
  }
}

/** Its end was pushed, though perhaps not yet read. */
function isEnding(readable: Readable): boolean {
  // Node's own state: `readableEnded` turns true only once the end was read.
  const { _readableState: state } = readable as Readable & { readonly _readableState: { readonly ended: boolean } };
  return state.ended;
}

