/** Two horizons: ordinary clients are told that the past is gone after minutes, the log still has it. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startTestServer } from '@kaji/apiserver/testing';
import { isReason } from '@kaji/api';
import { ConfigMap, configmaps } from '@kaji/api/core/v1';
import type { Runtime, VirtualClock } from '@kaji/base';
import { testRuntime } from '@kaji/base/testing';
import { createClient } from '@kaji/client';
import { decodeObject } from '@kaji/schema';
import { type HistoryStore, MemoryStore, onlyKey, openSqliteStore } from '@kaji/store';

const hourMs = 3_600_000;
const weekMs = 7 * 24 * hourMs;

const stores: readonly (readonly [name: string, open: (runtime: Runtime, directory: string) => Promise<HistoryStore>])[] = [
  ['memory', (runtime) => Promise.resolve(new MemoryStore(runtime, { retention: [{ prefix: '', keepMs: weekMs }] }))],
  ['sqlite', (runtime, directory) => openSqliteStore(join(directory, 'log.db'), runtime, { retention: [{ prefix: '', keepMs: weekMs }] })],
];

/** Time goes by in steps, with room in between for what a store on disk does in real time. */
async function pass(clock: VirtualClock, durationMs: number): Promise<void> {
  for (let step = 0; step < 10; step++) {
    await clock.advance(durationMs / 10);
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
}

for (const [name, open] of stores) {
  test(`${name}: an object is read as it was an hour ago, while an old continue token gets 410`, async () => {
    const runtime = testRuntime();
    const directory = await mkdtemp(join(tmpdir(), 'kaji-horizons-'));
    const store = await open(runtime, directory);
    const server = await startTestServer({ runtime, store });
    try {
      const client = createClient(server.transport(), { userAgent: 'test' });
      const map = (data: string): ConfigMap => ({ metadata: { name: 'a', namespace: 'default' }, data: { data } });
      await client.create(configmaps, map('before'));
      await client.create(configmaps, { ...map('other'), metadata: { name: 'b', namespace: 'default' } });
      const page = await client.list(configmaps, { namespace: 'default', limit: 1 });
      const then = runtime.clock.now();
      assert.ok(page.continue !== undefined);
      await pass(runtime.clock, hourMs / 2);
      await client.update(configmaps, map('after'));
      await pass(runtime.clock, hourMs / 2);

      await assert.rejects(client.list(configmaps, { namespace: 'default', limit: 1, continue: page.continue }), (error) => isReason(error, 'Expired'));

      const key = '/registry/configmaps/default/a';
      const at = await store.revisionAt(then);
      const [past] = (await store.list(onlyKey(key), { at })).items;
      const [present] = (await store.list(onlyKey(key))).items;
      const dataOf = (value: Uint8Array | undefined): string | undefined => (value === undefined ? undefined : decodeObject(ConfigMap, value).data?.['data']);
      assert.deepEqual([dataOf(past?.value), dataOf(present?.value)], ['before', 'after']);
    } finally {
      await server.close();
      await store.close();
      await rm(directory, { recursive: true });
    }
  });
}
