import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { test, type TestContext } from 'node:test';
import { constants, createDeflate, deflateSync } from 'node:zlib';
import { realClock } from '@kaji/base/real';
import { SpdyConnection } from './connection.ts';
import { controlFrame, control, dataFrame, FrameReader } from './frames.ts';
import { dictionary, HeaderReader, HeaderWriter } from './headers.ts';
import { InflateError, Inflater } from './inflate.ts';
import type { SpdyStream } from './stream.ts';

/** Compresses with one stream, flushed after each piece, as Go's and other SPDY ends do. */
async function deflatePieces(pieces: readonly Buffer[], level: number): Promise<Buffer[]> {
  const deflate = createDeflate({ dictionary, level });
  const compressed: Buffer[] = [];
  for (const piece of pieces) {
    deflate.write(piece);
    await new Promise<void>((resolve) => { deflate.flush(constants.Z_SYNC_FLUSH, resolve); });
    const parts: Buffer[] = [];
    for (let part = deflate.read() as Buffer | null; part !== null; part = deflate.read() as Buffer | null) parts.push(part);
    compressed.push(Buffer.concat(parts));
  }
  deflate.destroy();
  return compressed;
}

for (const level of [0, 1, 6, 9]) {
  test(`inflates what zlib deflated at level ${level}, piece after piece`, async () => {
    const pieces = [Buffer.from('options head post'), randomBytes(3000), Buffer.from('abc'.repeat(5000)), Buffer.from('keep-alive'), Buffer.from(JSON.stringify(process.versions).repeat(9))];
    const inflater = new Inflater(dictionary);
    for (const [index, compressed] of (await deflatePieces(pieces, level)).entries()) {
      assert.deepEqual(Buffer.from(inflater.push(compressed, 1 << 20)), pieces[index]);
    }
  });
}

test('a small block that grows without end is refused', () => {
  assert.throws(() => new Inflater(dictionary).push(deflateSync(Buffer.alloc(10_000_000)), 65_536), InflateError);
});

test('garbage is refused, not looped over', () => {
  for (let round = 0; round < 2000; round++) {
    const bytes = Buffer.concat([Uint8Array.of(0x78, 0x01), randomBytes(50)]);
    try {
      new Inflater(dictionary).push(bytes, 65_536);
    } catch (error) {
      assert.ok(error instanceof InflateError, String(error));
    }
  }
});

test('header blocks come back as they were, several on one connection', () => {
  const [writer, reader] = [new HeaderWriter(), new HeaderReader()];
  for (const headers of [{ streamtype: 'error' }, { streamtype: 'data', port: '8080', requestid: '0' }, {}]) assert.deepEqual(reader.decode(writer.encode(headers)), headers);
});

test('frames are found in whatever pieces they come', () => {
  const bytes = Buffer.concat([controlFrame(control.ping, 0, Uint8Array.of(0, 0, 0, 7)), ...dataFrame(3, Buffer.from('hello'), true)]);
  for (let size = 1; size <= bytes.length; size++) {
    const reader = new FrameReader();
    const frames = [];
    for (let start = 0; start < bytes.length; start += size) frames.push(...reader.push(bytes.subarray(start, start + size)));
    assert.deepEqual(frames.map((frame) => (frame.type === 'data' ? { ...frame, data: frame.data.toString() } : frame)), [{ type: 'ping', id: 7 }, { type: 'data', stream: 3, isLast: true, data: 'hello' }]);
  }
});

interface Pair {
  readonly client: SpdyConnection;
  readonly server: SpdyConnection;
  readonly opened: Promise<SpdyStream>;
}

async function connectPair(t: TestContext): Promise<Pair> {
  const [near, far] = await socketPair(t);
  let opened: (stream: SpdyStream) => void = () => undefined;
  const first = new Promise<SpdyStream>((resolve) => { opened = resolve; });
  const server = new SpdyConnection(far, { side: 'server', clock: realClock, mayOpen: () => true, opened: (stream) => { opened(stream); } });
  const client = new SpdyConnection(near, { side: 'client', clock: realClock });
  return { client, server, opened: first };
}

async function socketPair(t: TestContext): Promise<[Socket, Socket]> {
  const listener = createServer();
  await new Promise<void>((resolve) => { listener.listen(0, '127.0.0.1', resolve); });
  const accepted = new Promise<Socket>((resolve) => { listener.once('connection', resolve); });
  const near = connect((listener.address() as AddressInfo).port, '127.0.0.1');
  const far = await accepted;
  t.after(() => {
    near.destroy();
    far.destroy();
    listener.close();
  });
  return [near, far];
}

async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

test('a megabyte goes both ways at once, each end closing its side', async (t) => {
  const { client, opened } = await connectPair(t);
  const near = await client.open({ streamtype: 'data' });
  const far = await opened;
  const [up, down] = [randomBytes(1 << 20), randomBytes(1 << 20)];
  near.end(up);
  far.end(down);
  const [gotUp, gotDown] = await Promise.all([readAll(far), readAll(near)]);
  assert.ok(gotUp.equals(up));
  assert.ok(gotDown.equals(down));
  assert.equal(far.headers['streamtype'], 'data');
});

test('a reader that does not read holds its writer, and no other stream', async (t) => {
  const { client, server } = await connectPair(t);
  void server;
  const blocked = await client.open({ streamtype: 'a' });
  let written = 0;
  const chunk = Buffer.alloc(65_536);
  const pump = (): void => {
    while (blocked.write(chunk)) written += chunk.length;
    written += chunk.length;
  };
  blocked.on('drain', pump);
  pump();
  await new Promise((resolve) => { setTimeout(resolve, 100); });
  const stalledAt = written;
  assert.ok(stalledAt < 2 << 20, `${stalledAt} bytes were accepted`);
  await new Promise((resolve) => { setTimeout(resolve, 50); });
  assert.equal(written, stalledAt);
  await client.open({ streamtype: 'b' });
});

test('what was received before a reset is still read', async (t) => {
  const { client, opened } = await connectPair(t);
  const near = await client.open({});
  const far = await opened;
  far.write('last words');
  await new Promise((resolve) => { setTimeout(resolve, 20); });
  far.destroy();
  assert.equal((await readAll(near)).toString(), 'last words');
  assert.equal(near.wasReset, true);
});

test('a lost connection is an error to readers, a closed one an end', async (t) => {
  const lost = await connectPair(t);
  const stream = await lost.client.open({});
  lost.server.destroy();
  await assert.rejects(readAll(stream), /the connection was lost/);
  const closed = await connectPair(t);
  const other = await closed.client.open({});
  closed.server.close();
  assert.equal((await readAll(other)).length, 0);
  await assert.rejects(closed.client.open({}), /closed/);
});

test('a peer that breaks the rules loses its connection', async (t) => {
  const cases: readonly [string, Uint8Array][] = [
    ['a frame without end', Uint8Array.of(0x80, 3, 0, 1, 0, 0xff, 0xff, 0xff)],
    ['headers that are not compressed', controlFrame(control.synStream, 0, Buffer.alloc(40, 0x41))],
    ['a control frame cut short', controlFrame(control.reset, 0, Uint8Array.of(0))],
  ];
  for (const [name, bytes] of cases) {
    await t.test(name, async (t) => {
      const [near, far] = await socketPair(t);
      const server = new SpdyConnection(far, { side: 'server', clock: realClock, mayOpen: () => true });
      const gone = new Promise<void>((resolve) => { server.gone.addEventListener('abort', () => { resolve(); }); });
      near.write(bytes);
      await gone;
    });
  }
});
