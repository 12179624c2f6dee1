import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { realClock } from '@kaji/base/real';
import { checkHealth } from './health.ts';
import { RuntimeError } from './runtime.ts';

const raw = (bytes: Buffer): Buffer => bytes;

/** A server that answers the health check with these bytes. */
async function withServer(answer: Buffer, use: (port: number) => Promise<void>): Promise<void> {
  const server = new Server();
  const path = '/grpc.health.v1.Health/Check';
  const check = { path, requestStream: false, responseStream: false, requestSerialize: raw, requestDeserialize: raw, responseSerialize: raw, responseDeserialize: raw };
  server.addService({ check }, { check: (_call: unknown, reply: (error: null, bytes: Buffer) => void) => { reply(null, answer); } });
  const port = await new Promise<number>((resolve, reject) => { server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => { if (error === null) resolve(bound); else reject(error); }); });
  try {
    await use(port);
  } finally {
    server.forceShutdown();
  }
}

const ask = (port: number): Promise<string> => checkHealth({ host: '127.0.0.1', port, service: '', timeoutMs: 2000 }, () => realClock.now());

test('a service that serves is told from one that does not', async () => {
  await withServer(Buffer.from([0x08, 1]), async (port) => { assert.equal(await ask(port), 'serving'); });
  await withServer(Buffer.from([0x08, 2]), async (port) => { assert.equal(await ask(port), 'notServing'); });
});

test('nobody there is an error', async () => {
  let free = 0;
  await withServer(Buffer.alloc(0), async (port) => { free = port; await Promise.resolve(); });
  await assert.rejects(ask(free), RuntimeError);
});
