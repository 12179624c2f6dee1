/** Evictions and the budgets that guard pods, without the controller that counts: statuses are what the rows say. */
import { ApiError } from '@kaji/api';
import { pods, type PodStatus } from '@kaji/api/core/v1';
import { type PodDisruptionBudgetStatus, poddisruptionbudgets } from '@kaji/api/policy/v1';
import { defined } from '@kaji/base';
import type { Key } from '@kaji/client';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Cluster, startCluster } from './embedded/index.ts';

const at = (name: string): Key => ({ namespace: 'default', name });
const ready: PodStatus = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] };
const sound: PodDisruptionBudgetStatus = { observedGeneration: 1, disruptionsAllowed: 2, currentHealthy: 3, desiredHealthy: 1, expectedPods: 3 };
const failed = (reason: string): PodDisruptionBudgetStatus['conditions'] => [{ type: 'DisruptionAllowed', status: 'False', reason, message: 'why', lastTransitionTime: '2026-01-01T00:00:00Z' }];

async function prepare({ client }: Cluster, name: string, status: PodStatus, budget: PodDisruptionBudgetStatus | undefined, policy?: 'AlwaysAllow'): Promise<void> {
  await client.create(pods, { metadata: { ...at(name), labels: { app: name } }, spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] } });
  await client.patch(pods, at(name), { type: 'merge', subresource: 'status', body: { status } });
  if (budget === undefined) return;
  const spec = { minAvailable: 1, selector: { matchLabels: { app: name } }, ...(policy === undefined ? {} : { unhealthyPodEvictionPolicy: policy }) };
  await client.create(poddisruptionbudgets, { metadata: at(name), spec });
  await client.patch(poddisruptionbudgets, at(name), { type: 'merge', subresource: 'status', body: { status: budget } });
}

/** What stands in the way, or nothing. */
async function eviction({ client }: Cluster, name: string, deleteOptions?: unknown): Promise<string> {
  try {
    await client.post(pods, at(name), 'eviction', { apiVersion: 'policy/v1', kind: 'Eviction', metadata: at(name), ...(deleteOptions === undefined ? {} : { deleteOptions }) });
    return '';
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { causes = [], retryAfterSeconds = 0 } = error.details ?? {};
    return `${error.reason} ${retryAfterSeconds}: ${causes[0]?.message ?? error.message}`;
  }
}

const none = { ...sound, disruptionsAllowed: 0 };
const rows: readonly (readonly [string, PodStatus, PodDisruptionBudgetStatus | undefined, string, 'AlwaysAllow'?])[] = [
  ['nobody guards it', ready, undefined, ''],
  ['waits', { phase: 'Pending' }, none, ''],
  ['is over', { phase: 'Failed' }, none, ''],
  ['may go', ready, sound, ''],
  ['too few', ready, { ...none, currentHealthy: 1 }, 'TooManyRequests 0: The disruption budget NAME needs 1 healthy pods and has 1 currently'],
  ['enough but none allowed', ready, none, 'TooManyRequests 0: The disruption budget NAME does not allow evicting pods currently'],
  ['not counted', ready, { ...none, currentHealthy: 1, conditions: failed('SyncFailed') }, 'TooManyRequests 0: The disruption budget NAME does not allow evicting pods currently because it failed sync: why'],
  ['explained', ready, { ...none, conditions: failed('InsufficientPods') }, 'TooManyRequests 0: The disruption budget NAME does not allow evicting pods currently (InsufficientPods): why'],
  ['not seen yet', ready, { ...sound, observedGeneration: 0 }, 'TooManyRequests 10: The disruption budget NAME is still being processed by the server.'],
  ['not ready, others are', { phase: 'Running' }, none, ''],
  ['not ready, too few', { phase: 'Running' }, { ...none, currentHealthy: 0 }, 'TooManyRequests 0: The disruption budget NAME needs 1 healthy pods and has 0 currently'],
  ['not ready, and may always go', { phase: 'Running' }, { ...none, currentHealthy: 0 }, '', 'AlwaysAllow'],
];

test('budgets refuse evictions in upstream\'s words', { timeout: 20_000 }, async (context) => {
  await using cluster = await startCluster();
  for (const [index, [title, status, budget, want, policy]] of rows.entries()) await context.test(title, async () => {
    const name = `p${index}`;
    await prepare(cluster, name, status, budget, policy);
    assert.equal(await eviction(cluster, name), want.replace('NAME', name));
  });
});

test('the last disruption is booked with its pod, and the condition says that none is left', { timeout: 20_000 }, async () => {
  await using cluster = await startCluster();
  await prepare(cluster, 'p', ready, { ...sound, disruptionsAllowed: 1 });
  assert.equal(await eviction(cluster, 'p', { dryRun: ['All'] }), '');
  assert.equal((await cluster.client.get(poddisruptionbudgets, at('p'))).status?.disruptionsAllowed, 1);
  assert.equal(await eviction(cluster, 'p'), '');
  const { disruptionsAllowed, disruptedPods, conditions } = defined((await cluster.client.get(poddisruptionbudgets, at('p'))).status, 'status');
  assert.deepEqual([disruptionsAllowed, Object.keys(disruptedPods ?? {}), conditions?.map(({ type, status, reason }) => [type, status, reason])], [0, ['p'], [['DisruptionAllowed', 'False', 'InsufficientPods']]]);
  const pod = await cluster.client.get(pods, at('p'));
  assert.deepEqual([pod.metadata.deletionTimestamp !== undefined, pod.status?.conditions?.map(({ type }) => type)], [true, ['Ready', 'DisruptionTarget']]);
});

test('forty evictions at once take no more than the seven that are allowed', { timeout: 20_000 }, async () => {
  await using cluster = await startCluster();
  const { client } = cluster;
  const names = Array.from({ length: 40 }, (_, index) => `p${index}`);
  await Promise.all(names.map((name) => prepare(cluster, name, ready, undefined)));
  await client.create(poddisruptionbudgets, { metadata: at('all'), spec: { minAvailable: 1, selector: {} } });
  await client.patch(poddisruptionbudgets, at('all'), { type: 'merge', subresource: 'status', body: { status: { ...sound, disruptionsAllowed: 7 } } });
  const answers = await Promise.all(names.map((name) => eviction(cluster, name)));
  assert.equal(answers.filter((answer) => answer === '').length, 7);
  const { status } = await client.get(poddisruptionbudgets, at('all'));
  assert.deepEqual([status?.disruptionsAllowed, Object.keys(status?.disruptedPods ?? {}).length], [0, 7]);
});
