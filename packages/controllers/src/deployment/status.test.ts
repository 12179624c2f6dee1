import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DeploymentStatus } from '@kaji/api/apps/v1';
import type { DeploymentObject, ReplicaSetObject } from './replica-sets.ts';
import { conditionOf, countStatus, deadlineAt, rolloutStatus, withCondition } from './status.ts';

const now = Date.UTC(2030, 0, 1, 0, 20);
const text = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

const deployment = (status: DeploymentStatus = {}): DeploymentObject => ({
  metadata: { name: 'web', generation: 2 },
  spec: { replicas: 4, progressDeadlineSeconds: 600, selector: { matchLabels: { app: 'web' } }, template: { spec: { containers: [] } }, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } } },
  status,
});
const set = (name: string, size: number, available: number, conditions: NonNullable<ReplicaSetObject['status']>['conditions'] = []): ReplicaSetObject => ({
  metadata: { name }, spec: { replicas: size, selector: {} }, status: { replicas: size, readyReplicas: available, availableReplicas: available, conditions },
});
const progressing = (reason: string, sinceMs: number, status = 'True'): DeploymentStatus['conditions'] => [{ type: 'Progressing', status, reason, message: '', lastUpdateTime: text(sinceMs), lastTransitionTime: text(sinceMs) }];
const said = (status: DeploymentStatus, type: 'Available' | 'Progressing' | 'ReplicaFailure'): readonly unknown[] => {
  const condition = conditionOf(status.conditions, type);
  return [condition?.status, condition?.reason, condition?.message];
};

test('counts over all sets, and leaves zeros out', () => {
  const { conditions: _, ...counts } = countStatus(deployment(), { newest: set('new', 2, 1), old: [set('old', 3, 3)] }, now);
  assert.deepEqual(counts, { observedGeneration: 2, replicas: 5, updatedReplicas: 2, readyReplicas: 4, availableReplicas: 4, unavailableReplicas: 1, terminatingReplicas: 0 });
});

const available: readonly [count: number, expected: readonly unknown[]][] = [
  [3, ['True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.']],
  [2, ['False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.']],
];
for (const [count, expected] of available) test(`with ${count} of 4 available and 1 allowed to be missing`, () => { assert.deepEqual(said(countStatus(deployment(), { newest: set('new', 4, count), old: [] }, now), 'Available'), expected); });

const rollouts: readonly [name: string, before: DeploymentStatus, newest: ReplicaSetObject, expected: readonly unknown[]][] = [
  ['is done', { conditions: progressing('ReplicaSetUpdated', now) }, set('new', 4, 4), ['True', 'NewReplicaSetAvailable', 'ReplicaSet "new" has successfully progressed.']],
  ['goes on', { updatedReplicas: 1, conditions: progressing('ReplicaSetUpdated', now - 1000) }, set('new', 2, 0), ['True', 'ReplicaSetUpdated', 'ReplicaSet "new" is progressing.']],
  ['is stuck', { replicas: 2, updatedReplicas: 2, conditions: progressing('ReplicaSetUpdated', now - 601_000) }, set('new', 2, 0), ['False', 'ProgressDeadlineExceeded', 'ReplicaSet "new" has timed out progressing.']],
  ['still has time', { replicas: 2, updatedReplicas: 2, conditions: progressing('ReplicaSetUpdated', now - 599_000) }, set('new', 2, 0), ['True', 'ReplicaSetUpdated', '']],
  ['was done and lost pods', { replicas: 4, updatedReplicas: 4, availableReplicas: 4, conditions: progressing('NewReplicaSetAvailable', now - 601_000) }, set('new', 4, 1), ['True', 'NewReplicaSetAvailable', '']],
];
for (const [name, before, newest, expected] of rollouts) test(`a rollout that ${name}`, () => { assert.deepEqual(said(rolloutStatus(deployment(before), { newest, old: [] }, now), 'Progressing'), expected); });

test('what makes a set fail is said of the Deployment', () => {
  const failing = set('new', 0, 0, [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'exceeded quota' }]);
  assert.deepEqual(said(rolloutStatus(deployment(), { newest: failing, old: [] }, now), 'ReplicaFailure'), ['True', 'FailedCreate', 'exceeded quota']);
});

test('a condition keeps its time of transition while its status stays', () => {
  const [condition] = withCondition(progressing('ReplicaSetUpdated', now - 5000) ?? [], 'Progressing', { status: 'True', reason: 'NewReplicaSetAvailable', message: 'm' }, now);
  assert.deepEqual([condition?.lastTransitionTime, condition?.lastUpdateTime], [text(now - 5000), text(now)]);
});

test('a deadline counts from the last progress, and not once a rollout is done', () => {
  assert.equal(deadlineAt(deployment(), progressing('ReplicaSetUpdated', now) ?? []), now + 600_000);
  assert.equal(deadlineAt(deployment(), progressing('NewReplicaSetAvailable', now) ?? []), undefined);
});
