import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isReason } from '@kaji/api';
import { type ConfigMap, configmaps, pods, type ResourceQuota, resourcequotas, serviceaccounts } from '@kaji/api/core/v1';
import { sleep, VirtualClock } from '@kaji/base';
import { testRuntime } from '@kaji/base/testing';
import type { Key } from '@kaji/client';
import { MemoryStore } from '@kaji/store';
import { type Cluster, startCluster, type StartOptions } from './embedded/index.ts';

const at = (name: string): Key => ({ namespace: 'default', name });
const pod = (name: string) => ({ metadata: { name, namespace: 'default' }, spec: { containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '100m' } } }] } });
const isUsed = (want: Readonly<Record<string, string>>) => ({ status }: ResourceQuota): boolean => JSON.stringify(Object.entries(status?.used ?? {}).sort()) === JSON.stringify(Object.entries(want).sort());

/** A cluster whose first namespace has what each gets. */
async function started(clock: VirtualClock, options: StartOptions = {}): Promise<Cluster> {
  const cluster = await startCluster({ controllers: true, clock, seed: 7, ...options });
  await cluster.waitFor(serviceaccounts, at('default'));
  await cluster.waitFor(configmaps, at('kube-root-ca.crt'));
  return cluster;
}

/** A quota, once it has been counted. */
async function counted(cluster: Cluster, hard: Readonly<Record<string, string>>): Promise<void> {
  await cluster.client.create(resourcequotas, { metadata: { name: 'q', namespace: 'default' }, spec: { hard } });
  await cluster.waitFor(resourcequotas, at('q'), ({ status }) => status?.used !== undefined);
}

const isRefused = async (write: Promise<unknown>): Promise<boolean> => {
  try {
    await write;
    return false;
  } catch (error) {
    if (isReason(error, 'Forbidden')) return true;
    throw error;
  }
};

test('what goes, or is over, is free again', { timeout: 20_000 }, async () => {
  await using cluster = await started(new VirtualClock());
  const { client } = cluster;
  await client.create(pods, pod('before'));
  await counted(cluster, { pods: '3', 'requests.cpu': '1', 'count/pods': '5' });
  await cluster.waitFor(resourcequotas, at('q'), isUsed({ pods: '1', 'requests.cpu': '100m', 'count/pods': '1' }));
  for (const name of ['a', 'b']) await client.create(pods, pod(name));
  assert.equal(await isRefused(client.create(pods, pod('c'))), true);
  await client.delete(pods, at('a'));
  await cluster.waitFor(resourcequotas, at('q'), isUsed({ pods: '2', 'requests.cpu': '200m', 'count/pods': '2' }));
  await client.patch(pods, at('b'), { type: 'merge', subresource: 'status', body: { status: { phase: 'Succeeded' } } });
  await cluster.waitFor(resourcequotas, at('q'), isUsed({ pods: '1', 'requests.cpu': '100m', 'count/pods': '2' }));
  await client.patch(resourcequotas, at('q'), { type: 'merge', body: { spec: { hard: { 'requests.cpu': null, configmaps: '9' } } } });
  await cluster.waitFor(resourcequotas, at('q'), isUsed({ pods: '1', 'count/pods': '2', configmaps: '1' }));
});

test('what was booked and came to nothing is found at the next count of all', { timeout: 20_000 }, async () => {
  const clock = new VirtualClock();
  await using cluster = await started(clock);
  const map = { metadata: { name: 'm', namespace: 'default' } } as ConfigMap;
  await cluster.client.create(configmaps, map);
  await counted(cluster, { 'count/configmaps': '9' });
  await assert.rejects(cluster.client.create(configmaps, map), (error) => isReason(error, 'AlreadyExists'));
  await cluster.waitFor(resourcequotas, at('q'), isUsed({ 'count/configmaps': '3' })); // Kubernetes: a quota is booked before the store is asked
  const startedMs = clock.now();
  await cluster.waitFor(resourcequotas, at('q'), isUsed({ 'count/configmaps': '2' }), { timeoutMs: 600_000 });
  assert.ok(clock.now() - startedMs <= 310_000, `after ${clock.now() - startedMs} ms`);
});

/** Between the booking and the pod there is time for a count. */
function slowToCreatePods(clock: VirtualClock): MemoryStore & AsyncDisposable {
  const store = new MemoryStore({ ...testRuntime(), clock });
  const commit = store.commit.bind(store);
  store.commit = async (writes, options) => {
    if (writes.some(({ key }) => key.startsWith('/registry/pods/')) && options?.expect?.some(({ modRevision }) => modRevision === 0) === true) await sleep(clock, 30);
    return commit(writes, options);
  };
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() });
}

test('however many come and go at once, there are never more than the quota allows', { timeout: 30_000 }, async () => {
  const clock = new VirtualClock();
  await using store = slowToCreatePods(clock);
  await using cluster = await started(clock, { store });
  await counted(cluster, { pods: '5' });
  const live = new Set<string>();
  let [made, refused, most] = [0, 0, 0];
  const come = async (worker: number): Promise<void> => {
    for (let index = 0; index < 25; index++) {
      const name = `p-${worker}-${index}`;
      if (await isRefused(cluster.client.create(pods, pod(name)))) refused++;
      else {
        made++;
        live.add(name);
      }
      most = Math.max(most, (await cluster.client.list(pods, { namespace: 'default' })).items.length);
      await sleep(clock, 10 + worker);
    }
  };
  const go = async (): Promise<void> => {
    for (let index = 0; index < 40; index++) {
      const [name] = live;
      if (name !== undefined) {
        live.delete(name);
        await cluster.client.delete(pods, at(name));
      }
      await sleep(clock, 13);
    }
  };
  let isDone = false;
  const all = Promise.all([...Array.from({ length: 8 }, (_each, worker) => come(worker)), go()]).finally(() => { isDone = true; });
  while (!isDone) await clock.advance(5);
  await all;
  assert.equal(most, 5);
  assert.ok(made > 5 && refused > 0, `${made} made, ${refused} refused`);
  await cluster.waitFor(resourcequotas, at('q'), isUsed({ pods: String(live.size) }));
});
