import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StatefulSet } from '@kaji/api/apps/v1';
import type { PersistentVolumeClaim, Pod } from '@kaji/api/core/v1';
import { claimsOf, ownersOf, volumesWith } from './claims.ts';
import { plan, type Plan } from './plan.ts';

const now = Date.UTC(2030, 0, 1, 0, 10);
const statefulSet = (spec: Partial<StatefulSet['spec']> = {}, status?: StatefulSet['status']): StatefulSet => ({
  metadata: { name: 'web', namespace: 'default', uid: 'set', generation: 2 },
  spec: { replicas: 3, serviceName: 'web', selector: { matchLabels: { app: 'web' } }, template: { spec: { containers: [] } }, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } }, podManagementPolicy: 'OrderedReady', ...spec },
  ...(status === undefined ? {} : { status }),
});
interface Traits {
  readonly revision?: string;
  readonly phase?: 'Pending' | 'Running' | 'Failed';
  readonly isReady?: boolean;
  readonly isTerminating?: boolean;
}
const pod = (ordinal: number, { revision = 'new', phase = 'Running', isReady = true, isTerminating = false }: Traits = {}): Pod => ({
  metadata: { name: `web-${ordinal}`, labels: { 'controller-revision-hash': revision }, ...(isTerminating ? { deletionTimestamp: '2030-01-01T00:09:00Z' } : {}) }, spec: { containers: [] },
  status: { phase, conditions: [{ type: 'Ready', status: isReady && phase === 'Running' ? 'True' : 'False', lastTransitionTime: '2030-01-01T00:00:00Z' }] },
});
const planned = (set: StatefulSet, pods: readonly Pod[], current = 'new'): Plan => plan({ set, pods, current, update: 'new', now });
const all = (traits: Traits = {}, ...others: readonly Pod[]): readonly Pod[] => [0, 1, 2].map((ordinal) => others.find(({ metadata }) => metadata.name === `web-${ordinal}`) ?? pod(ordinal, traits));
const old: Traits = { revision: 'old' };
const parallel = { podManagementPolicy: 'Parallel' } as const;

const cases: readonly (readonly [name: string, set: StatefulSet, pods: readonly Pod[], create: readonly number[], remove: readonly string[]])[] = [
  ['makes the first alone', statefulSet(), [], [0], []],
  ['makes the next once the one before is up', statefulSet(), [pod(0)], [1], []],
  ['waits for one that is not up', statefulSet(), [pod(0, { isReady: false })], [], []],
  ['waits for one that is ending', statefulSet(), [pod(0, { isTerminating: true })], [], []],
  ['makes all at once in parallel', statefulSet(parallel), [pod(1, { isReady: false })], [0, 2], []],
  ['begins where it is told to', statefulSet({ ordinals: { start: 5 } }), [], [5], []],
  ['removes one that failed, to make it anew', statefulSet(), all({}, pod(1, { phase: 'Failed' })), [], ['web-1']],
  ['makes one anew that failed and is ending only when it is gone', statefulSet(), [pod(0, { phase: 'Failed', isTerminating: true })], [], []],
  ['removes the last one first', statefulSet({ replicas: 1 }), all(), [], ['web-2']],
  ['removes no other while one is ending', statefulSet({ replicas: 1 }), all({}, pod(2, { isTerminating: true })), [], []],
  ['removes none while one that stays is down', statefulSet({ replicas: 1 }), all({}, pod(0, { isReady: false })), [], []],
  ['removes all that are too many in parallel', statefulSet({ replicas: 1, ...parallel }), all(), [], ['web-2', 'web-1']],
  ['leaves pods of other names alone', statefulSet(), [...all(), { metadata: { name: 'web-x' }, spec: { containers: [] } }], [], []],
  ['replaces the last old one', statefulSet(), all(old), [], ['web-2']],
  ['replaces none while one is down', statefulSet(), all(old, pod(2, { isReady: false })), [], []],
  ['replaces none below the partition', statefulSet({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } }), all(old, pod(2)), [], []],
  ['replaces as many as may be missing', statefulSet({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0, maxUnavailable: 2 } } }), all(old), [], ['web-2', 'web-1']],
  ['replaces none by itself when that is done by hand', statefulSet({ updateStrategy: { type: 'OnDelete' } }), all(old), [], []],
  ['does nothing while it is being deleted', { ...statefulSet(), metadata: { ...statefulSet().metadata, deletionTimestamp: '2030-01-01T00:00:00Z' } }, [], [], []],
];
for (const [name, set, pods, create, remove] of cases) {
  test(name, () => {
    const made = planned(set, pods, 'old');
    assert.deepEqual([made.create.map(({ ordinal }) => ordinal), made.remove.map(({ metadata }) => metadata.name)], [create, remove]);
  });
}

test('below the partition a lost pod is made as it was', () => {
  const set = statefulSet({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } });
  assert.deepEqual(planned(set, [pod(1), pod(2)], 'old').create, [{ ordinal: 0, isCurrent: true }]);
  assert.deepEqual(planned(set, [pod(0, old), pod(2)], 'old').create, [{ ordinal: 1, isCurrent: false }]);
});

test('an update is over when all pods are new and up', () => {
  const half = planned(statefulSet(), all({}, pod(0, old)), 'old').status;
  assert.deepEqual([half.replicas, half.readyReplicas, half.updatedReplicas, half.currentReplicas, half.currentRevision, half.updateRevision], [3, 3, 2, undefined, 'old', 'new']);
  const done = planned(statefulSet(), all(), 'old').status;
  assert.deepEqual([done.updatedReplicas, done.currentReplicas, done.currentRevision], [3, 3, 'new']);
});

test('a pod is available once it was ready for long enough', () => {
  const { status, isWaiting } = planned(statefulSet({ minReadySeconds: 3600 }), all());
  assert.deepEqual([status.readyReplicas, status.availableReplicas, isWaiting], [3, 0, true]);
});

const template: PersistentVolumeClaim = { metadata: { name: 'data' }, spec: { resources: { requests: { storage: '1Gi' } } } };
test('claims are named after template, set and ordinal, and take the place of volumes of their name', () => {
  const set = statefulSet({ volumeClaimTemplates: [template] });
  assert.deepEqual(claimsOf(set, 1).map(({ metadata }) => [metadata.name, metadata.labels]), [['data-web-1', { app: 'web' }]]);
  assert.deepEqual(volumesWith(set, 1, [{ name: 'data', emptyDir: {} }, { name: 'tmp', emptyDir: {} }]), [{ name: 'data', persistentVolumeClaim: { claimName: 'data-web-1' } }, { name: 'tmp', emptyDir: {} }]);
});

const owners: readonly (readonly [whenDeleted: string, whenScaled: string, ordinal: number, owner: string | undefined])[] = [
  ['Retain', 'Retain', 0, undefined], ['Delete', 'Retain', 0, 'StatefulSet'], ['Delete', 'Retain', 7, 'StatefulSet'],
  ['Retain', 'Delete', 0, undefined], ['Retain', 'Delete', 7, 'Pod'], ['Delete', 'Delete', 0, 'StatefulSet'], ['Delete', 'Delete', 7, 'Pod'],
];
for (const [whenDeleted, whenScaled, ordinal, owner] of owners) {
  test(`a claim of ordinal ${ordinal}, deleted: ${whenDeleted}, scaled: ${whenScaled}, goes with ${owner ?? 'nobody'}`, () => {
    const set = statefulSet({ persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled } });
    assert.deepEqual(ownersOf({ metadata: { name: 'data' }, spec: {} }, set, pod(ordinal)).map(({ kind }) => kind), owner === undefined ? [] : [owner]);
  });
}
