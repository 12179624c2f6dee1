/** Port-forward sessions: many connections to ports of a pod over one connection, each a stream of data and one of errors. */
import { type Clock, Queue } from '@kaji/base';
import { Duplex, type Readable, type Writable } from 'node:stream';
import { SpdyConnection } from './spdy/connection.ts';
import type { SpdyStream } from './spdy/stream.ts';
import { acceptSpdyUpgrade, isWebSocketUpgrade, listed, requestUpgrade, type Upgrade, UpgradeError, type UpgradeTarget } from './upgrade.ts';
import { streamCreationTimeoutMs } from './remote-command-server.ts';
import { acceptWebSocket, bytesOver, WebSocketChannels } from './websocket.ts';

/** One connection to a port, at the end that makes it. */
export interface ForwardedConnection {
  readonly port: number;
  readonly data: Duplex;
  /** Tells the caller why there is no connection, and gives it up. */
  fail(message: string): void;
  /** Tells the caller that all went well. Kubernetes: kubectl keeps its side open until it hears that, so it must not wait for the end of what the caller sends. */
  succeed(): void;
}

export interface PortForwardServer {
  readonly connections: AsyncIterable<ForwardedConnection>;
  /** Aborted when the caller went away. */
  readonly gone: AbortSignal;
  close(): void;
}

export interface PortForwardClient {
  /** A connection to a port. `error` settles when it is over: with why it failed, or with nothing. */
  open(port: number): Promise<{ readonly data: Duplex; readonly error: Promise<string> }>;
  readonly gone: AbortSignal;
  close(): void;
}

const protocol = 'portforward.k8s.io';
/** Kubernetes: since 1.31 kubectl sends the SPDY frames through a WebSocket. */
const tunnelProtocol = `SPDY/3.1+${protocol}`;
const channelProtocols = { binary: 'v4.channel.k8s.io', base64: 'v4.base64.channel.k8s.io' } as const;
const maxWaiting = 128;

export interface AcceptPortForwardOptions {
  readonly clock: Clock;
  /** Ports named in the query, which only WebSockets without SPDY need. */
  readonly ports?: readonly number[];
}

/** Takes the connection over. Throws UpgradeError before anything was answered. */
export async function acceptPortForward(upgrade: Upgrade, options: AcceptPortForwardOptions): Promise<PortForwardServer> {
  if (!isWebSocketUpgrade(upgrade.headers)) {
    acceptSpdyUpgrade(upgrade, [protocol]);
    return serveSpdy(upgrade.socket, upgrade.head, options.clock);
  }
  if (listed(upgrade.headers['sec-websocket-protocol']).includes(tunnelProtocol)) {
    const { socket } = await acceptWebSocket(upgrade, [tunnelProtocol]);
    return serveSpdy(bytesOver(socket), new Uint8Array(), options.clock);
  }
  return serveChannels(upgrade, options.ports ?? []);
}

interface Pair {
  data?: SpdyStream;
  error?: SpdyStream;
  readonly cancelTimeout: () => void;
}

function serveSpdy(socket: Duplex, head: Uint8Array, clock: Clock): PortForwardServer {
  const connections = new Queue<ForwardedConnection>(maxWaiting);
  const pairs = new Map<string, Pair>();
  const connection = new SpdyConnection(socket, {
    side: 'server', clock, head, maxStreams: 2 * maxWaiting,
    mayOpen: ({ streamtype, port = '' }) => (streamtype === 'data' || streamtype === 'error') && /^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) <= 0xffff,
    opened: (stream) => {
      const id = requestId(stream);
      const pair = pairs.get(id) ?? { cancelTimeout: clock.setTimer(streamCreationTimeoutMs, () => { giveUp(id); }) };
      pairs.set(id, pair);
      const type = stream.headers['streamtype'] === 'data' ? 'data' : 'error';
      if (pair[type] !== undefined) {
        stream.destroy();
        return;
      }
      pair[type] = stream;
      if (pair.data === undefined || pair.error === undefined) return;
      pair.cancelTimeout();
      pairs.delete(id);
      if (connections.offer(forwarded(pair.data, pair.error)) !== 'accepted') pair.data.destroy();
    },
  });
  const giveUp = (id: string): void => {
    const pair = pairs.get(id);
    pairs.delete(id);
    pair?.error?.end('timed out waiting for streams');
    pair?.data?.destroy();
  };
  connection.gone.addEventListener('abort', () => {
    for (const { cancelTimeout } of pairs.values()) cancelTimeout();
    connections.close();
  }, { once: true });
  if (connection.gone.aborted) connections.close();
  return { connections, gone: connection.gone, close: () => { connection.close(); } };
}

/** Kubernetes: clients before request ids opened the error stream first and the data stream right after it. */
function requestId(stream: SpdyStream): string {
  return stream.headers['requestid'] ?? `stream ${stream.headers['streamtype'] === 'data' ? stream.id - 2 : stream.id}`;
}

function forwarded(data: SpdyStream, error: SpdyStream): ForwardedConnection {
  error.resume();
  data.once('close', () => { if (!error.writableEnded) error.end(); });
  return {
    port: Number(data.headers['port']), data,
    fail(message) {
      if (!error.writableEnded) error.end(message);
      data.destroy();
    },
    succeed() {
      if (!error.writableEnded) error.end();
    },
  };
}

/** Kubernetes: two channels a port, and each starts with the port in two bytes, the lower one first. */
async function serveChannels(upgrade: Upgrade, ports: readonly number[]): Promise<PortForwardServer> {
  if (ports.length === 0) throw new UpgradeError(400, 'query parameter "port" is required');
  const { socket, protocol: chosen } = await acceptWebSocket(upgrade, ['', channelProtocols.binary, channelProtocols.base64]);
  const all = new WebSocketChannels(socket, {
    codec: chosen === channelProtocols.base64 ? 'base64' : 'raw', knowsClose: false, sendsClose: false, reads: ports.map((_, index) => 2 * index),
  });
  const connections = new Queue<ForwardedConnection>(ports.length);
  for (const [index, port] of ports.entries()) {
    const [data, error] = [all.writable(2 * index), all.writable(2 * index + 1)];
    const portBytes = Uint8Array.of(port & 0xff, port >> 8);
    data.write(portBytes);
    error.write(portBytes);
    connections.offer(overChannels(port, { readable: all.readable(2 * index), writable: data, error }));
  }
  all.gone.addEventListener('abort', () => { connections.close(); }, { once: true });
  return { connections, gone: all.gone, close: () => { all.close(); } };
}

function overChannels(port: number, { readable, writable, error }: { readonly readable: Readable; readonly writable: Writable; readonly error: Writable }): ForwardedConnection {
  // The types of Duplex.from know web streams in such a pair only; Node takes its own as well.
  const data = Duplex.from({ readable, writable } as unknown as Duplex);
  data.on('error', () => undefined); // without an owner yet, a lost connection must not end the process
  return {
    port, data,
    fail(message) {
      if (!error.writableEnded) error.end(message);
      data.destroy();
    },
    succeed() {
      if (!error.writableEnded) error.end();
    },
  };
}

/** Opens a session over the target's connection. Throws UpgradeError when the other side says no. */
export async function connectPortForward(target: UpgradeTarget, { clock }: { readonly clock: Clock }): Promise<PortForwardClient> {
  const { head } = await requestUpgrade(target, 'POST', { Connection: 'Upgrade', Upgrade: 'SPDY/3.1', 'X-Stream-Protocol-Version': protocol });
  return portForwardOver(target.socket, { clock, head });
}

/** The client's end on a connection that already carries SPDY. */
export function portForwardOver(socket: Duplex, { clock, head }: { readonly clock: Clock; readonly head: Uint8Array }): PortForwardClient {
  const connection = new SpdyConnection(socket, { side: 'client', clock, head });
  let nextRequest = 0;
  return {
    async open(port) {
      const headers = { port: String(port), requestid: String(nextRequest++) };
      const [error, data] = await Promise.all([connection.open({ ...headers, streamtype: 'error' }), connection.open({ ...headers, streamtype: 'data' })]);
      error.end();
      return { data, error: readText(error) };
    },
    gone: connection.gone,
    close: () => { connection.close(); },
  };
}

const maxErrorBytes = 65_536;

async function readText(stream: Readable): Promise<string> {
  let text = '';
  try {
    for await (const chunk of stream) text = (text + String(chunk)).slice(0, maxErrorBytes);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return text;
}
