/** The end of exec and attach that runs the command: over WebSocket or SPDY, whichever the caller asked for. */
import type { Clock } from '@kaji/base';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { channels, encodeResult, type ExecResult, protocols, readSizes, type RemoteCommandServer, type RemoteCommandStreams, type TerminalSize } from './remote-command.ts';
import { SpdyConnection } from './spdy/connection.ts';
import type { SpdyStream } from './spdy/stream.ts';
import { acceptSpdyUpgrade, isWebSocketUpgrade, type Upgrade, UpgradeError } from './upgrade.ts';
import { acceptWebSocket, WebSocketChannels } from './websocket.ts';

export interface AcceptOptions {
  readonly clock: Clock;
}

/** How long a caller may take to open the streams it announced. */
export const streamCreationTimeoutMs = 30_000;

const spdyProtocols = [protocols.v4, protocols.v3, protocols.v2, protocols.v1];
const webSocketProtocols = ['', protocols.v5, protocols.v4, protocols.base64v4, protocols.v1, protocols.base64v1];

/** Takes the connection over. Throws UpgradeError before anything was answered: the answer is the caller's to give. */
export async function acceptRemoteCommand(upgrade: Upgrade, streams: RemoteCommandStreams, options: AcceptOptions): Promise<RemoteCommandServer> {
  // Kubernetes: a terminal has one output, so stderr beside a tty is silently dropped.
  const wanted = { ...streams, stderr: streams.stderr && !streams.tty };
  if (!wanted.stdin && !wanted.stdout && !wanted.stderr) throw new UpgradeError(400, 'you must specify at least 1 of stdin, stdout, stderr');
  return isWebSocketUpgrade(upgrade.headers) ? acceptOverWebSocket(upgrade, wanted) : acceptOverSpdy(upgrade, wanted, options);
}

async function acceptOverWebSocket(upgrade: Upgrade, wanted: RemoteCommandStreams): Promise<RemoteCommandServer> {
  const { socket, protocol } = await acceptWebSocket(upgrade, webSocketProtocols);
  const isBase64 = protocol === protocols.base64v4 || protocol === protocols.base64v1;
  const all = new WebSocketChannels(socket, {
    codec: isBase64 ? 'base64' : 'raw', knowsClose: protocol === protocols.v5, sendsClose: false,
    reads: [...(wanted.stdin ? [channels.stdin] : []), channels.resize],
  });
  // Kubernetes: an empty message on the lowest channel tells the caller that the session is there.
  await all.send(wanted.stdout ? channels.stdout : wanted.stderr ? channels.stderr : channels.error, new Uint8Array());
  const stdout = wanted.stdout ? all.writable(channels.stdout) : undefined;
  const stderr = wanted.stderr ? all.writable(channels.stderr) : undefined;
  const isStatus = protocol === protocols.v5 || protocol === protocols.v4 || protocol === protocols.base64v4;
  return {
    stdin: wanted.stdin ? all.readable(channels.stdin) : undefined,
    stdout, stderr, resizes: readSizes(all.readable(channels.resize)), gone: all.gone,
    async finish(result) {
      await flushed(stdout, stderr);
      await all.send(channels.error, encodeResult(result, isStatus));
      all.close();
    },
  };
}

async function acceptOverSpdy(upgrade: Upgrade, wanted: RemoteCommandStreams, { clock }: AcceptOptions): Promise<RemoteCommandServer> {
  const protocol = acceptSpdyUpgrade(upgrade, spdyProtocols);
  const hasResize = wanted.tty && (protocol === protocols.v4 || protocol === protocols.v3);
  const expected = ['error', ...(wanted.stdin ? ['stdin'] : []), ...(wanted.stdout ? ['stdout'] : []), ...(wanted.stderr ? ['stderr'] : []), ...(hasResize ? ['resize'] : [])];
  const opened = new Map<string, SpdyStream>();
  let allOpened: () => void = () => undefined;
  const complete = new Promise<void>((resolve) => { allOpened = resolve; });
  const connection = new SpdyConnection(upgrade.socket, {
    side: 'server', clock, head: upgrade.head,
    mayOpen: (headers) => expected.includes(headers['streamtype'] ?? '') && !opened.has(headers['streamtype'] ?? ''),
    opened: (stream) => {
      opened.set(stream.headers['streamtype'] ?? '', stream);
      if (opened.size === expected.length) allOpened();
    },
  });
  await inTime(complete, { clock, connection });
  const error = opened.get('error');
  error?.resume();
  const [stdout, stderr, resize] = [opened.get('stdout'), opened.get('stderr'), opened.get('resize')];
  return {
    stdin: opened.get('stdin'), stdout, stderr,
    resizes: resize === undefined ? noSizes() : readSizes(resize),
    gone: connection.gone,
    async finish(result: ExecResult) {
      await flushed(stdout, stderr);
      error?.end(encodeResult(result, protocol === protocols.v4));
      await flushed(error);
      connection.close();
    },
  };
}

async function inTime(complete: Promise<void>, { clock, connection }: { readonly clock: Clock; readonly connection: SpdyConnection }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const fail = (): void => {
      cancel();
      connection.destroy();
      reject(new Error('timed out waiting for client to create streams'));
    };
    const cancel = clock.setTimer(streamCreationTimeoutMs, fail);
    connection.gone.addEventListener('abort', fail, { once: true });
    complete.then(() => {
      cancel();
      connection.gone.removeEventListener('abort', fail);
      resolve();
    }, reject);
  });
}

/** Everything written has been handed to the connection; a stream that failed has nothing more to say. */
async function flushed(...streams: readonly (Writable | undefined)[]): Promise<void> {
  await Promise.all(streams.map(async (stream) => {
    if (stream === undefined || stream.destroyed) return;
    if (!stream.writableEnded) stream.end();
    try {
      await finished(stream, { readable: false });
    } catch {
      // The caller is gone; there is nobody left to tell.
    }
  }));
}

async function* noSizes(): AsyncGenerator<TerminalSize> {
  // A session without a terminal has no sizes.
}
