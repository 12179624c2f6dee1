import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { request as httpsRequest } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { silentLog } from '@kaji/base';
import { realClock, realStreams } from '@kaji/base/real';
import { Authority, createAuthority } from '@kaji/pki';
import { textReply } from '../pipeline/reply.ts';
import type { Handler, Received } from '../pipeline/request.ts';
import { Server, serverDefaults } from './server.ts';

const doors = { clock: realClock, random: realStreams() };

interface Served extends AsyncDisposable {
  readonly port: number;
  readonly ca: string;
  readonly server: Server;
}

async function serve(handle: Handler<Received>, stalledMs: number = serverDefaults.stalledMs): Promise<Served> {
  const authority = new Authority(doors, createAuthority(doors, { commonName: 'test' }));
  const identity = authority.issue({ commonName: 'server', ipAddresses: ['127.0.0.1'], dnsNames: ['localhost'], usages: ['server'] });
  const server = new Server({ clock: realClock, log: silentLog }, { ...serverDefaults, ...identity, address: '127.0.0.1', port: 0, stalledMs }, handle);
  const port = await server.start();
  return { port, ca: authority.certificatePem, server, [Symbol.asyncDispose]: () => server.close(1000) };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function ask({ port, ca }: Served, method: string, path: string, body?: Uint8Array | string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest({ host: '127.0.0.1', port, ca, method, path, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => { text += chunk.toString(); });
      response.on('end', () => { resolve({ status: response.statusCode ?? 0, text }); });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** So many mebibytes, whose number is not announced. */
function askChunked({ port, ca }: Served, mebibytes: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest({ host: '127.0.0.1', port, ca, method: 'POST', path: '/', agent: false, headers: { 'transfer-encoding': 'chunked' } }, (response) => {
      response.resume();
      response.on('end', () => { resolve({ status: response.statusCode ?? 0, text: '' }); });
    });
    request.on('error', reject);
    for (let index = 0; index < mebibytes; index++) request.write(Buffer.alloc(1024 * 1024));
    request.end();
  });
}

const echo: Handler<Received> = async (request) => textReply(200, `${request.method} ${request.path} ${(await request.body()).length} ${request.upgrade === undefined ? 'plain' : 'upgrade'}`);

async function overHttp2({ port, ca }: Served, path: string): Promise<Answer> {
  const session = connectHttp2(`https://127.0.0.1:${port}`, { ca });
  try {
    const stream = session.request({ ':path': path });
    const [headers] = await once(stream, 'response') as [Record<string, unknown>];
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    return { status: Number(headers[':status']), text };
  } finally {
    session.close();
  }
}

test('speaks HTTP/1.1 and HTTP/2 on one port', async () => {
  await using served = await serve(echo);
  assert.deepEqual(await ask(served, 'POST', '/a%2Fb?x', 'body'), { status: 200, text: 'POST /a%2Fb 4 plain' });
  assert.deepEqual(await overHttp2(served, '/c'), { status: 200, text: 'GET /c 0 plain' });
});

test('answers HEAD over HTTP/2, which has nothing to send', async () => {
  await using served = await serve(() => Promise.resolve(textReply(200, 'hello')));
  const session = connectHttp2(`https://127.0.0.1:${served.port}`, { ca: served.ca });
  const stream = session.request({ ':method': 'HEAD', ':path': '/' });
  stream.end();
  const [headers] = await once(stream, 'response') as [Readonly<Record<string, unknown>>]; // what the event carries
  session.destroy();
  assert.deepEqual([headers[':status'], headers['content-length']], [200, '5']);
});

test('sends headers in any script, and none that ends its line', async () => {
  await using served = await serve(async () => textReply(200, 'ok', { warning: '299 - "舵"\n299 - "a\rb"' }));
  const answer = await new Promise<readonly string[]>((resolve, reject) => {
    httpsRequest({ host: '127.0.0.1', port: served.port, ca: served.ca, agent: false }, (response) => {
      response.resume();
      resolve(response.rawHeaders.filter((_, index) => index % 2 === 1 && response.rawHeaders[index - 1]?.toLowerCase() === 'warning'));
    }).on('error', reject).end();
  });
  assert.deepEqual(answer.map((line) => Buffer.from(line, 'latin1').toString()), ['299 - "舵"', '299 - "a b"']);
  assert.equal((await overHttp2(served, '/')).status, 200);
});

test('takes names of users in any script', async () => {
  let seen: readonly (string | undefined)[] = [];
  await using served = await serve(async (request) => {
    seen = [request.path, request.headers['impersonate-user']];
    return textReply(200, '');
  });
  const bytes = (text: string): string => Buffer.from(text).toString('latin1');
  const socket = connectTls({ port: served.port, host: '127.0.0.1', ca: served.ca, ALPNProtocols: ['http/1.1'] });
  socket.write(`GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nImpersonate-User: ${bytes('舵')}\r\n\r\n`, 'latin1');
  await once(socket.resume(), 'close');
  assert.deepEqual(seen, ['/', '舵']);
  const session = connectHttp2(`https://127.0.0.1:${served.port}`, { ca: served.ca });
  const stream = session.request({ ':path': '/', 'impersonate-user': bytes('舵') });
  await once(stream.resume(), 'close');
  session.close();
  assert.equal(seen[1], '舵');
});

test('hands upgrades over, and answers those that are refused', async () => {
  await using served = await serve(echo);
  const socket = connectTls({ port: served.port, host: '127.0.0.1', ca: served.ca, ALPNProtocols: ['http/1.1'] });
  socket.write('GET /exec HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  assert.match(text, /^HTTP\/1\.1 200 /);
  assert.match(text, /GET \/exec 0 upgrade$/);
});

for (const [name, send] of [
  ['a declared length', (served: Served) => ask(served, 'POST', '/', Buffer.alloc(3 * 1024 * 1024 + 1))],
  ['what arrives', (served: Served) => askChunked(served, 4)],
] as const) {
  test(`refuses a body over 3 MiB by ${name} and lives`, async () => {
    let refused: unknown;
    await using served = await serve(async (request) => {
      try {
        await request.body();
      } catch (error) {
        refused = error;
        return textReply(413, 'too large');
      }
      return textReply(200, 'read');
    });
    assert.equal((await send(served)).status, 413);
    assert.match(String(refused), /Request entity too large: limit is 3145728/);
    assert.equal((await ask(served, 'POST', '/', 'x')).text, 'read');
  });
}

test('cuts a reader off that does not read, and asks no more of what it watched', async () => {
  let produced = 0;
  let ended = Promise.withResolvers<void>();
  await using served = await serve(async () => ({
    status: 200, headers: {}, body: (async function* () {
      try {
        for (;;) {
          produced++;
          yield Buffer.alloc(64 * 1024);
        }
      } finally {
        ended.resolve();
      }
    })(),
  }), 100);
  for (const alpn of ['http/1.1', 'h2']) {
    ended = Promise.withResolvers();
    produced = 0;
    if (alpn === 'h2') {
      const session = connectHttp2(`https://127.0.0.1:${served.port}`, { ca: served.ca });
      session.on('error', () => undefined);
      const stream = session.request({ ':path': '/watch' });
      stream.on('error', () => undefined);
      await once(stream, 'response');
      await ended.promise;
      session.destroy();
    } else {
      const socket = connectTls({ port: served.port, host: '127.0.0.1', ca: served.ca, ALPNProtocols: [alpn] });
      socket.on('error', () => undefined);
      socket.write('GET /watch HTTP/1.1\r\nHost: x\r\n\r\n');
      await ended.promise;
      socket.destroy();
    }
    assert.ok(produced < 2000, `${alpn}: ${produced} chunks were produced for nobody`);
  }
});

test('is not held up by connections that say nothing, or nothing sensible', async () => {
  await using served = await serve(echo);
  const silent = connectTcp(served.port, '127.0.0.1');
  const plain = connectTcp(served.port, '127.0.0.1');
  plain.on('error', () => undefined);
  plain.write('GET / HTTP/1.1\r\n\r\n');
  const half = connectTls({ port: served.port, host: '127.0.0.1', ca: served.ca, ALPNProtocols: ['http/1.1'] });
  half.on('error', () => undefined);
  half.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc');
  const wild = connectTls({ port: served.port, host: '127.0.0.1', ca: served.ca, ALPNProtocols: ['http/1.1'] });
  wild.on('error', () => undefined);
  wild.write('\u0000\u0001 nonsense\r\n\r\n');
  assert.equal((await ask(served, 'GET', '/still')).text, 'GET /still 0 plain');
  for (const socket of [silent, plain, half, wild]) socket.destroy();
  assert.equal((await ask(served, 'GET', '/again')).text, 'GET /again 0 plain');
});

test('takes a selector of a hundred kilobytes, and refuses heads without end', async () => {
  await using served = await serve(echo);
  assert.equal((await ask(served, 'GET', `/?labelSelector=${'a'.repeat(100_000)}`)).status, 200);
  assert.equal((await ask(served, 'GET', `/?labelSelector=${'a'.repeat(1_200_000)}`).catch(() => ({ status: 431, text: '' }))).status, 431);
});

test('ends watches when it closes, and lets short requests finish', async () => {
  const { promise: open, resolve: opened } = Promise.withResolvers<void>();
  const { promise: finish, resolve: finished } = Promise.withResolvers<void>();
  const served = await serve(async (request) => {
    if (request.path === '/short') {
      opened();
      await finish;
      return textReply(200, 'done');
    }
    return {
      status: 200, headers: {}, body: (async function* () {
        yield Buffer.from('first');
        await new Promise((resolve) => { request.signal.addEventListener('abort', resolve); });
      })(),
    };
  });
  const watch = ask(served, 'GET', '/watch');
  const short = ask(served, 'GET', '/short');
  await open;
  const closing = served.server.close(5000);
  finished();
  assert.equal((await watch).text, 'first');
  assert.deepEqual(await short, { status: 200, text: 'done' });
  await closing;
});
