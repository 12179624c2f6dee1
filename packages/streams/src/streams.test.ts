import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, createServer as createTcpServer } from 'node:net';
import { Duplex, PassThrough, type Readable } from 'node:stream';
import { test, type TestContext } from 'node:test';
import WebSocket from 'ws';
import { realClock } from '@kaji/base/real';
import {
  acceptPortForward, acceptRemoteCommand, connectPortForward, connectRemoteCommand, dial, type ExecResult, passUpgrade, pump, type RemoteCommandServer, requestUpgrade, translateRemoteCommand,
  type PortForwardClient, type Upgrade, UpgradeError, type UpgradeTarget,
} from './index.ts';
import { portForwardOver } from './port-forward.ts';

const everything = { stdin: true, stdout: true, stderr: true, tty: false };
const clock = realClock;
const wires = ['spdy', 'websocket'] as const;

const headersOf = (request: IncomingMessage): Record<string, string> => Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));

/** An HTTP server whose upgrades go to `serve`; gives what a client needs to reach it. */
async function upgradeServer(t: TestContext, serve: (upgrade: Upgrade, request: IncomingMessage) => Promise<void>): Promise<() => Promise<UpgradeTarget>> {
  const sockets = new Set<Duplex>();
  const server = createServer();
  server.on('connection', (socket) => { sockets.add(socket); });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    serve({ headers: headersOf(request), socket, head }, request).catch((error: unknown) => {
      assert.ok(error instanceof UpgradeError, String(error));
      socket.end(`HTTP/1.1 ${error.status} No\r\nContent-Length: ${Buffer.byteLength(error.message)}\r\n\r\n${error.message}`);
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return async () => {
    const socket = await dial(`http://127.0.0.1:${port}`);
    sockets.add(socket);
    return { socket, host: `127.0.0.1:${port}`, path: '/exec?command=cat' };
  };
}

async function readAll(stream: Readable | undefined): Promise<Buffer> {
  assert.ok(stream !== undefined);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const serveCommand = (run: (session: RemoteCommandServer) => Promise<ExecResult>, streams = everything) => async (upgrade: Upgrade): Promise<void> => {
  const session = await acceptRemoteCommand(upgrade, streams, { clock });
  await session.finish(await run(session));
};

/** Copies stdin to stdout, then says so on stderr. */
async function cat(session: RemoteCommandServer): Promise<ExecResult> {
  assert.ok(session.stdin !== undefined && session.stdout !== undefined && session.stderr !== undefined);
  await pump(session.stdin, session.stdout);
  session.stderr.end('done');
  return { type: 'exited', code: 3, message: 'it said no' };
}

for (const wire of wires) {
  test(`${wire}: big data both ways, half-close, both outputs and the exit status`, async (t) => {
    const target = await upgradeServer(t, serveCommand(cat));
    const client = await connectRemoteCommand(await target(), everything, { protocol: wire, clock });
    const data = randomBytes(3 << 20);
    client.stdin?.end(data);
    const [out, err, result] = await Promise.all([readAll(client.stdout), readAll(client.stderr), client.result]);
    client.close();
    assert.ok(out.equals(data), `${out.length} of ${data.length} bytes came back`);
    assert.equal(err.toString(), 'done');
    assert.deepEqual(result, { type: 'exited', code: 3, message: 'it said no' });
  });

  for (const [name, result] of [['success', { type: 'exited', code: 0 }], ['a failure', { type: 'failed', message: 'no such container' }]] as const) {
    test(`${wire}: ${name} arrives as it was sent`, async (t) => {
      const target = await upgradeServer(t, serveCommand(() => Promise.resolve(result), { ...everything, stdin: false }));
      const client = await connectRemoteCommand(await target(), { ...everything, stdin: false }, { protocol: wire, clock });
      assert.deepEqual(await client.result, result);
      client.close();
    });
  }

  test(`${wire}: sizes of the terminal arrive, the last one for sure`, async (t) => {
    const streams = { stdin: true, stdout: true, stderr: false, tty: true };
    const target = await upgradeServer(t, serveCommand(async (session) => {
      for await (const size of session.resizes) if (size.width === 200) return { type: 'exited', code: size.height };
      return { type: 'failed', message: 'no size' };
    }, streams));
    const client = await connectRemoteCommand(await target(), streams, { protocol: wire, clock });
    for (let width = 1; width <= 200; width++) client.resize({ width, height: 50 });
    assert.deepEqual(await client.result, { type: 'exited', code: 50, message: 'exit status 50' });
    client.close();
  });

  test(`${wire}: a caller that goes away is noticed`, async (t) => {
    const gone = new Promise<void>((resolve) => {
      void upgradeServer(t, async (upgrade) => {
        const session = await acceptRemoteCommand(upgrade, everything, { clock });
        session.gone.addEventListener('abort', () => { resolve(); });
        session.stdin?.resume().on('error', () => undefined);
      }).then(async (target) => {
        const to = await target();
        const client = await connectRemoteCommand(to, everything, { protocol: wire, clock });
        to.socket.destroy();
        await assert.rejects(client.result, /lost/);
      });
    });
    await gone;
  });

  test(`${wire}: output that nobody reads holds the command`, async (t) => {
    let written = 0;
    const target = await upgradeServer(t, serveCommand(async ({ stdout, gone }) => {
      while (!gone.aborted) {
        written += 65_536;
        if (stdout?.write(Buffer.alloc(65_536)) === false) await Promise.race([new Promise((resolve) => stdout.once('drain', resolve)), new Promise((resolve) => { gone.addEventListener('abort', resolve); })]);
      }
      return { type: 'exited', code: 0 };
    }));
    const to = await target();
    await connectRemoteCommand(to, everything, { protocol: wire, clock });
    await new Promise((resolve) => { setTimeout(resolve, 200); });
    const stalledAt = written;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    assert.equal(written, stalledAt);
    assert.ok(written < 32 << 20, `${written} bytes`);
    to.socket.destroy();
  });

  for (const inner of wires) {
    test(`${wire} in front, ${inner} behind: a translator in the middle loses nothing`, async (t) => {
      const back = await upgradeServer(t, serveCommand(cat));
      const front = await upgradeServer(t, async (upgrade) => {
        const server = await acceptRemoteCommand(upgrade, everything, { clock });
        await translateRemoteCommand(server, await connectRemoteCommand(await back(), everything, { protocol: inner, clock }));
      });
      const client = await connectRemoteCommand(await front(), everything, { protocol: wire, clock });
      const data = randomBytes(1 << 20);
      client.stdin?.end(data);
      const [out, err, result] = await Promise.all([readAll(client.stdout), readAll(client.stderr), client.result]);
      client.close();
      assert.ok(out.equals(data));
      assert.equal(err.toString(), 'done');
      assert.deepEqual(result, { type: 'exited', code: 3, message: 'it said no' });
    });
  }

  test(`${wire}: an upgraded connection passes through a server as it is`, async (t) => {
    const back = await upgradeServer(t, serveCommand(cat));
    const front = await upgradeServer(t, async (upgrade, request) => { await passUpgrade(upgrade, await back(), request.method === 'GET' ? 'GET' : 'POST'); });
    const client = await connectRemoteCommand(await front(), everything, { protocol: wire, clock });
    const data = randomBytes(1 << 20);
    client.stdin?.end(data);
    const [out, , result] = await Promise.all([readAll(client.stdout), readAll(client.stderr), client.result]);
    client.close();
    assert.ok(out.equals(data));
    assert.equal(result.type, 'exited');
  });

  test(`${wire}: a refusal is passed on with its status and text`, async (t) => {
    const target = await upgradeServer(t, () => Promise.reject(new UpgradeError(404, 'container not found ("x")')));
    await assert.rejects(connectRemoteCommand(await target(), everything, { protocol: wire, clock }), (error: unknown) => error instanceof UpgradeError && error.status === 404 && error.message === 'container not found ("x")');
  });
}

/** Opens a port-forward session through a WebSocket, as kubectl does since 1.31. Masked with zeroes, a message's bytes stay as they are. */
async function tunnel({ socket, host, path }: UpgradeTarget): Promise<PortForwardClient> {
  const { head, headers } = await requestUpgrade({ socket, host, path }, 'GET', {
    Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Key': randomBytes(16).toString('base64'), 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Protocol': 'SPDY/3.1+portforward.k8s.io',
  });
  assert.equal(headers['sec-websocket-protocol'], 'SPDY/3.1+portforward.k8s.io');
  let rest = head as Buffer;
  const bytes = new Duplex({
    final: (callback) => { socket.end(callback); },
    read: () => { socket.resume(); },
    write: (chunk: Buffer, _encoding, callback) => {
      const start = Buffer.from([0x82, 0x80 | 127, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
      start.writeUInt32BE(chunk.length, 6);
      socket.write(Buffer.concat([start, chunk]), callback);
    },
  });
  const takeMessages = (): void => {
    while (rest.length >= 2) {
      const short = (rest[1] ?? 0) & 0x7f;
      const start = short === 127 ? 10 : short === 126 ? 4 : 2;
      if (rest.length < start) return;
      const length = short === 127 ? rest.readUInt32BE(6) : short === 126 ? rest.readUInt16BE(2) : short;
      if (rest.length < start + length) return;
      if (((rest[0] ?? 0) & 0x0f) === 8) bytes.push(null);
      else if (!bytes.push(rest.subarray(start, start + length))) socket.pause();
      rest = rest.subarray(start + length);
    }
  };
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    takeMessages();
  });
  takeMessages();
  socket.resume();
  return portForwardOver(bytes, { clock, head: new Uint8Array() });
}

for (const [wire, open] of [['SPDY', (target: UpgradeTarget) => connectPortForward(target, { clock })], ['SPDY through a WebSocket', tunnel]] as const) {
  test(`${wire}: connections to ports, several over one session, with half-close and errors`, async (t) => {
    const echo = createTcpServer({ allowHalfOpen: true }, (socket) => { socket.pipe(socket); });
    await new Promise<void>((resolve) => { echo.listen(0, '127.0.0.1', resolve); });
    t.after(() => { echo.close(); });
    const { port } = echo.address() as AddressInfo;
    const target = await upgradeServer(t, async (upgrade) => {
      const session = await acceptPortForward(upgrade, { clock });
      for await (const connection of session.connections) {
        if (connection.port !== port) {
          connection.fail(`nothing listens on ${connection.port}`);
          continue;
        }
        const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
        socket.pipe(connection.data).pipe(socket);
      }
    });
    const client = await open(await target());
    const rounds = [1, 70_000, 1 << 20].map(async (size) => {
      const { data, error } = await client.open(port);
      const bytes = randomBytes(size);
      data.end(bytes);
      assert.ok((await readAll(data)).equals(bytes));
      assert.equal(await error, '');
    });
    await Promise.all(rounds);
    const refused = await client.open(1);
    assert.equal(await refused.error, 'nothing listens on 1');
    assert.equal((await readAll(refused.data)).length, 0);
    client.close();
  });
}

test('a request that cannot be upgraded is answered over HTTP with upstream\'s texts', async (t) => {
  const cases: readonly [string, Record<string, string>, number, RegExp][] = [
    ['no protocols', { connection: 'Upgrade', upgrade: 'SPDY/3.1' }, 400, /header X-Stream-Protocol-Version does not exist in request with 2 headers/],
    ['unknown protocols', { connection: 'Upgrade', upgrade: 'SPDY/3.1', 'x-stream-protocol-version': 'v9' }, 403, /client supports \[v9\], server accepts \[v4\.channel\.k8s\.io v3\.channel\.k8s\.io v2\.channel\.k8s\.io channel\.k8s\.io\]/],
    ['no upgrade', { 'x-stream-protocol-version': 'v4.channel.k8s.io' }, 400, /missing upgrade headers/],
    ['unknown WebSocket protocols', { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-protocol': 'chat' }, 400, /not supported/],
    ['a WebSocket without a key', { connection: 'Upgrade', upgrade: 'websocket' }, 400, /lacks a key/],
  ];
  for (const [name, headers, status, message] of cases) {
    await t.test(name, async () => {
      const socket = new PassThrough();
      await assert.rejects(acceptRemoteCommand({ headers, socket, head: new Uint8Array() }, everything, { clock }), (error: unknown) => error instanceof UpgradeError && error.status === status && message.test(error.message));
      assert.equal(socket.readableLength, 0);
    });
  }
  await assert.rejects(acceptRemoteCommand({ headers: {}, socket: new PassThrough(), head: new Uint8Array() }, { stdin: false, stdout: false, stderr: true, tty: true }, { clock }), /at least 1 of stdin, stdout, stderr/);
});

test('clients that speak base64 channels of old are served', async (t) => {
  const target = await upgradeServer(t, serveCommand(async ({ stdin, stdout }) => {
    assert.ok(stdin !== undefined);
    const [chunk] = await stdin.take(1).toArray() as Buffer[];
    stdout?.write(String(chunk).toUpperCase());
    return { type: 'exited', code: 0 };
  }));
  const { host } = await target();
  const socket = new WebSocket(`ws://${host}/`, ['base64.channel.k8s.io']);
  const messages: string[] = [];
  socket.on('message', (data: Buffer) => { messages.push(data.toString()); });
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(`0${Buffer.from('hello').toString('base64')}`);
  const code = await new Promise((resolve) => socket.once('close', resolve));
  assert.equal(code, 1000);
  assert.deepEqual(messages, ['1', `1${Buffer.from('HELLO').toString('base64')}`, '3']);
});

test('port-forward channels of old start with the port', async (t) => {
  const target = await upgradeServer(t, async (upgrade) => {
    const session = await acceptPortForward(upgrade, { clock, ports: [8080] });
    for await (const { data } of session.connections) data.pipe(data);
  });
  const { host } = await target();
  const socket = new WebSocket(`ws://${host}/`, ['v4.channel.k8s.io']);
  const messages: Buffer[] = [];
  const echoed = new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      messages.push(data);
      if (messages.length === 3) resolve();
    });
  });
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(Uint8Array.of(0, 104, 105));
  await echoed;
  socket.terminate();
  assert.deepEqual(messages.map((message) => [...message]), [[0, 0x90, 0x1f], [1, 0x90, 0x1f], [0, 104, 105]]);
});

test('a client that never opens its streams is given up', async (t) => {
  const timers: (() => void)[] = [];
  const still = { now: () => 0, monotonic: () => 0, setTimer: (_delayMs: number, run: () => void) => { timers.push(run); return () => undefined; } };
  let failure: unknown;
  const served = new Promise<void>((resolve) => {
    void upgradeServer(t, async (upgrade) => {
      const accepting = acceptRemoteCommand(upgrade, everything, { clock: still });
      timers[0]?.();
      await accepting.catch((error: unknown) => { failure = error; });
      resolve();
    }).then(async (target) => {
      const { socket } = await target();
      socket.write('POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: v4.channel.k8s.io\r\n\r\n');
    });
  });
  await served;
  assert.match(String(failure), /timed out waiting for client to create streams/);
});
