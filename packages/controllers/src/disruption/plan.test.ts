import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '@kaji/api/core/v1';
import type { PodDisruptionBudget } from '@kaji/api/policy/v1';
import { failed, isSame, judge, podsOf } from './plan.ts';

const now = Date.UTC(2030, 0, 1, 0, 10);
const budget = (spec: PodDisruptionBudget['spec'], status?: PodDisruptionBudget['status']): PodDisruptionBudget => ({
  metadata: { name: 'b', namespace: 'default', generation: 3 }, spec: { selector: { matchLabels: { app: 'web' } }, ...spec }, ...(status === undefined ? {} : { status }),
});
const pod = (name: string, isReady = true, more: Pod['metadata'] = {}): Pod => ({
  metadata: { name, labels: { app: 'web' }, ...more }, spec: { containers: [] }, status: { conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }] },
});
const three = [pod('a'), pod('b'), pod('c')];

const cases: readonly (readonly [name: string, spec: PodDisruptionBudget['spec'], pods: readonly Pod[], scale: number, want: readonly [allowed: number, current: number, desired: number, expected: number]])[] = [
  ['a number that must stay is counted by the pods', { minAvailable: 2 }, three, 0, [1, 3, 2, 3]],
  ['a share that must stay is one of the size wanted, rounded up', { minAvailable: '50%' }, three, 5, [0, 3, 3, 5]],
  ['a number that may be missing', { maxUnavailable: 1 }, three, 3, [1, 3, 2, 3]],
  ['a share that may be missing is rounded up', { maxUnavailable: '10%' }, three, 3, [1, 3, 2, 3]],
  ['more than there are may be missing', { maxUnavailable: 5 }, three, 3, [3, 3, 0, 3]],
  ['pods that are not ready or are ending are missing already', { maxUnavailable: 2 }, [pod('a'), pod('b', false), pod('c', true, { deletionTimestamp: '2030-01-01T00:00:00Z' })], 3, [0, 1, 1, 3]],
  ['without pods nothing is allowed', { minAvailable: 0 }, [], 0, [0, 0, 0, 0]],
];
for (const [name, spec, pods, expected, want] of cases) {
  test(name, () => {
    const { status } = judge(budget(spec), pods, { expected, hasUnmanaged: false }, now);
    assert.deepEqual([status.disruptionsAllowed, status.currentHealthy, status.desiredHealthy, status.expectedPods], want);
    assert.equal(status.observedGeneration, 3);
    assert.equal(status.conditions?.[0]?.reason, want[0] > 0 ? 'SufficientPods' : 'InsufficientPods');
  });
}

test('an evicted pod is missing until it is seen to go, or two minutes have passed', () => {
  const disruptedPods = { a: '2030-01-01T00:09:00Z', b: '2030-01-01T00:07:00Z', gone: '2030-01-01T00:09:00Z' };
  const { status, notDeleted, recheckAtMs } = judge(budget({ minAvailable: 1 }, { disruptedPods, disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 }), three, { expected: 0, hasUnmanaged: false }, now);
  assert.deepEqual(status.disruptedPods, { a: '2030-01-01T00:09:00Z' });
  assert.equal(status.currentHealthy, 2);
  assert.deepEqual(notDeleted.map(({ metadata }) => metadata.name), ['b']);
  assert.equal(recheckAtMs, Date.UTC(2030, 0, 1, 0, 11));
});

test('a status that says the same is not written again', () => {
  const first = judge(budget({ minAvailable: 2 }), three, { expected: 0, hasUnmanaged: false }, now).status;
  const again = judge(budget({ minAvailable: 2 }, first), three, { expected: 0, hasUnmanaged: false }, now + 60_000).status;
  assert.ok(isSame(first, again));
});

test('what cannot be counted allows nothing', () => {
  const status = failed(budget({ maxUnavailable: 1 }, { disruptionsAllowed: 2, currentHealthy: 3, desiredHealthy: 1, expectedPods: 3 }), 'found no controllers for pod "a"', now);
  assert.deepEqual([status.disruptionsAllowed, status.currentHealthy, status.conditions?.[0]?.reason, status.conditions?.[0]?.message], [0, 3, 'SyncFailed', 'found no controllers for pod "a"']);
});

test('an absent selector selects no pods, an empty one all', () => {
  assert.equal(podsOf({ metadata: {}, spec: {} }, three).length, 0);
  assert.equal(podsOf({ metadata: {}, spec: { selector: {} } }, three).length, 3);
});
