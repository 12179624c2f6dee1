/** The end of exec and attach that asked for the command. */
import type { Clock } from '@kaji/base';
import type { Readable } from 'node:stream';
import { channels, decodeResult, encodeSize, type ExecResult, protocols, type RemoteCommandClient, type RemoteCommandStreams } from './remote-command.ts';
import { SpdyConnection } from './spdy/connection.ts';
import type { SpdyStream } from './spdy/stream.ts';
import { requestUpgrade, type UpgradeTarget } from './upgrade.ts';
import { connectWebSocket, WebSocketChannels } from './websocket.ts';

export interface ConnectOptions {
  readonly protocol: 'spdy' | 'websocket';
  readonly clock: Clock;
}

/** Runs over the target's connection. Throws UpgradeError when the other side says no. */
export async function connectRemoteCommand(target: UpgradeTarget, streams: RemoteCommandStreams, options: ConnectOptions): Promise<RemoteCommandClient> {
  const wanted = { ...streams, stderr: streams.stderr && !streams.tty };
  return options.protocol === 'spdy' ? connectOverSpdy(target, wanted, options.clock) : connectOverWebSocket(target, wanted);
}

async function connectOverSpdy(target: UpgradeTarget, wanted: RemoteCommandStreams, clock: Clock): Promise<RemoteCommandClient> {
  const offered = [protocols.v4, protocols.v3, protocols.v2, protocols.v1].join(', ');
  const { headers, head } = await requestUpgrade(target, 'POST', { Connection: 'Upgrade', Upgrade: 'SPDY/3.1', 'X-Stream-Protocol-Version': offered });
  const protocol = headers['x-stream-protocol-version'] ?? protocols.v1;
  const connection = new SpdyConnection(target.socket, { side: 'client', clock, head });
  const open = (streamtype: string, isWanted: boolean): Promise<SpdyStream> | undefined => (isWanted ? connection.open({ streamtype }) : undefined);
  const hasResize = wanted.tty && (protocol === protocols.v4 || protocol === protocols.v3);
  const [error, stdin, stdout, stderr, resize] = await Promise.all([
    connection.open({ streamtype: 'error' }), open('stdin', wanted.stdin), open('stdout', wanted.stdout), open('stderr', wanted.stderr), open('resize', hasResize),
  ]);
  error.end();
  stdin?.resume();
  return {
    stdin, stdout, stderr,
    resize: (size) => { resize?.write(encodeSize(size)); },
    result: handled(readResult(error, protocol === protocols.v4)),
    close: () => { connection.close(); },
  };
}

async function connectOverWebSocket(target: UpgradeTarget, wanted: RemoteCommandStreams): Promise<RemoteCommandClient> {
  const { socket, protocol } = await connectWebSocket(target, [protocols.v5, protocols.v4]);
  const isV5 = protocol === protocols.v5;
  const all = new WebSocketChannels(socket, {
    codec: 'raw', knowsClose: isV5, sendsClose: isV5,
    reads: [channels.error, ...(wanted.stdout ? [channels.stdout] : []), ...(wanted.stderr ? [channels.stderr] : [])],
  });
  const resize = wanted.tty ? all.writable(channels.resize) : undefined;
  return {
    stdin: wanted.stdin ? all.writable(channels.stdin) : undefined,
    stdout: wanted.stdout ? all.readable(channels.stdout) : undefined,
    stderr: wanted.stderr ? all.readable(channels.stderr) : undefined,
    resize: (size) => { resize?.write(encodeSize(size)); },
    result: handled(readResult(all.readable(channels.error), true)),
    close: () => { all.close(); },
  };
}

const maxResultBytes = 1 << 20;

async function readResult(stream: Readable, isStatus: boolean): Promise<ExecResult> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = chunk as Buffer; // these streams have no encoding and yield buffers
    length += bytes.length;
    if (length > maxResultBytes) throw new Error('the outcome of the command is too long');
    chunks.push(bytes);
  }
  return decodeResult(Buffer.concat(chunks), isStatus);
}

/** Whoever closes a session without asking for its result must not crash the process by that. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
