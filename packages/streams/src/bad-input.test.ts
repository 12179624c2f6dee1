/** Whatever a peer sends, a connection ends or goes on: nothing is thrown past it. */
import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { test } from 'node:test';
import { testRuntime } from '@kaji/base/testing';
import fc from 'fast-check';
import { SpdyConnection } from './spdy/connection.ts';
import { control, controlFrame, dataFrame, FrameReader, uint32 } from './spdy/frames.ts';
import { dictionary, HeaderReader, HeaderWriter, SpdyError } from './spdy/headers.ts';
import { InflateError, Inflater } from './spdy/inflate.ts';

const bytes = fc.uint8Array({ maxLength: 120 });
const number = fc.oneof(fc.constantFrom(0, 1, 2, 3, 0x7fff_ffff, 0xffff_ffff), fc.nat());

function attempt(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof SpdyError) && !(error instanceof InflateError)) throw error;
  }
}

const frame = fc.oneof(
  bytes,
  fc.tuple(fc.constantFrom(...Object.values(control), 0, 99), fc.nat(255), bytes).map(([type, flags, body]) => controlFrame(type, flags, body)),
  fc.tuple(number, number).map(([first, second]) => controlFrame(control.windowUpdate, 0, uint32(first, second))),
  fc.tuple(number, number).map(([first, second]) => controlFrame(control.reset, 0, uint32(first, second))),
  fc.tuple(number, bytes).map(([stream, data]) => Buffer.concat([...dataFrame(stream & 0x7fff_ffff, data, false)])),
  number.map((stream) => controlFrame(control.synStream, 0, uint32(stream, 0), Uint8Array.of(0, 0), new HeaderWriter().encode({ streamtype: 'data', port: '80', requestid: '0' }))),
);

test('frames, header blocks and compressed bytes of any kind', () => {
  fc.assert(fc.property(fc.array(frame, { maxLength: 6 }), (frames) => {
    const reader = new FrameReader();
    attempt(() => { for (const each of frames) Array.from(reader.push(each)); });
  }), { numRuns: 500 });
  const good = new HeaderWriter().encode({ streamtype: 'data', port: '80' });
  fc.assert(fc.property(fc.nat(good.length), bytes, fc.nat(4), (at, noise, removed) => {
    const bad = Buffer.concat([good.subarray(0, at), noise, good.subarray(at + removed)]);
    attempt(() => new HeaderReader().decode(bad));
    attempt(() => new Inflater(dictionary).push(bad, 1000));
    attempt(() => new HeaderReader().decode(noise));
  }), { numRuns: 500 });
});

test('a connection lives through what it does not understand, or ends', async () => {
  await fc.assert(fc.asyncProperty(fc.array(frame, { maxLength: 8 }), fc.constantFrom<'client' | 'server'>('client', 'server'), async (frames, side) => {
    const socket = new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => { done(); } });
    const connection = new SpdyConnection(socket, { side, clock: testRuntime().clock, mayOpen: () => true, maxStreams: 4, opened: (stream) => { stream.on('error', () => undefined); stream.resume(); } });
    for (const each of frames) socket.push(each);
    await nextTurn();
    socket.push(null);
    await nextTurn();
    assert.ok(connection.gone.aborted || socket.readableEnded);
    socket.destroy();
  }), { numRuns: 200 });
});
