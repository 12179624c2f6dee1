import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, isReason } from '@kaji/api';
import { PortTransport } from './port-transport.ts';
import { servePort } from './serve-port.ts';
import { readAll, type Transport, type TransportRequest } from './transport.ts';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Runs a test against a served port, and closes both ends. */
async function withPort(serve: (request: TransportRequest) => Promise<{ body: AsyncIterable<Uint8Array>; status?: number }>, use: (transport: Transport) => Promise<void>): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  servePort(port1, { request: async (request) => ({ status: 200, headers: { 'x-a': 'b' }, ...(await serve(request)) }), close: () => Promise.resolve() });
  const transport = new PortTransport(port2);
  try {
    await use(transport);
  } finally {
    await transport.close();
  }
}

async function* chunks(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

test('carries a request and its answer', () => withPort(
  async ({ method, path, headers, body }) => ({ status: 201, body: chunks(new TextEncoder().encode([method, path, headers['accept'], body === undefined ? '' : text(body)].join(' '))) }),
  async (transport) => {
    const reply = await transport.request({ method: 'POST', path: '/a?b=c', headers: { accept: 'x' }, body: new TextEncoder().encode('hello') });
    assert.deepEqual([reply.status, reply.headers['x-a'], text(await readAll(reply.body))], [201, 'b', 'POST /a?b=c x hello']);
  },
));

test('leaves the bytes of both sides as they are', async () => {
  const shared = new TextEncoder().encode('shared by many').subarray(0, 6);
  const sent = new TextEncoder().encode('mine');
  await withPort(() => Promise.resolve({ body: chunks(shared) }), async (transport) => {
    const reply = await transport.request({ method: 'POST', path: '/', headers: {}, body: sent });
    assert.equal(text(await readAll(reply.body)), 'shared');
    assert.deepEqual([text(shared), text(sent)], ['shared', 'mine']);
  });
});

test('an error keeps its reason on the way', () => withPort(
  () => Promise.reject(new ApiError('Forbidden', 'no', { details: { name: 'x' } })),
  async (transport) => {
    await assert.rejects(transport.request({ method: 'GET', path: '/', headers: {} }), (error) => isReason(error, 'Forbidden') && (error as ApiError).details?.name === 'x');
  },
));

test('a reader that waits holds the sender up after a window', async () => {
  let made = 0;
  const endless = async function* (): AsyncGenerator<Uint8Array> {
    for (;;) {
      made++;
      yield new Uint8Array(64 * 1024);
    }
  };
  await withPort(() => Promise.resolve({ body: endless() }), async (transport) => {
    const reply = await transport.request({ method: 'GET', path: '/', headers: {} });
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => { setImmediate(resolve); });
    const waiting = made;
    assert.ok(waiting >= 16 && waiting <= 18, `${waiting} chunks made`);
    let read = 0;
    for await (const chunk of reply.body) if ((read += chunk.length) > 4 << 20) break;
    assert.ok(made > waiting);
  });
});

test('an abort reaches the server and fails the reader', async () => {
  const controller = new AbortController();
  const aborted = Promise.withResolvers<void>();
  await withPort(
    async ({ signal }) => {
      signal?.addEventListener('abort', () => { aborted.resolve(); });
      return { body: (async function* () { yield new Uint8Array(1); await aborted.promise; })() };
    },
    async (transport) => {
      const reply = await transport.request({ method: 'GET', path: '/', headers: {}, signal: controller.signal });
      const reading = readAll(reply.body);
      controller.abort(new Error('enough'));
      await assert.rejects(reading, /enough/);
      await aborted.promise;
    },
  );
});

test('a closed transport fails what is under way and what comes', () => withPort(() => new Promise(() => undefined), async (transport) => {
  const pending = transport.request({ method: 'GET', path: '/', headers: {} });
  await transport.close();
  await assert.rejects(pending, /closed/);
  await assert.rejects(transport.request({ method: 'GET', path: '/', headers: {} }), /closed/);
}));
