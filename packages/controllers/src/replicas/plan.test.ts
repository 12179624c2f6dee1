import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '@kaji/api/core/v1';
import { isActive } from '../pods.ts';
import { claim, count, plan, type ReplicaOwner } from './plan.ts';

const owner = (replicas: number, more: Partial<ReplicaOwner> = {}): ReplicaOwner => ({
  uid: 'set', replicas, minReadySeconds: 0, isDeleting: false, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [] } }, selects: (labels) => labels['app'] === 'web', ...more,
});

interface Traits {
  readonly node?: string;
  readonly phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  readonly readySince?: string;
  readonly cost?: string;
  readonly restarts?: number;
  readonly created?: string;
  readonly labels?: Record<string, string>;
  readonly controller?: string;
  readonly isTerminating?: boolean;
}
const pod = (name: string, traits: Traits = {}): Pod => ({
  metadata: {
    name, uid: name, labels: traits.labels ?? { app: 'web' }, creationTimestamp: traits.created ?? '2030-01-01T00:00:00Z',
    ...(traits.cost === undefined ? {} : { annotations: { 'controller.kubernetes.io/pod-deletion-cost': traits.cost } }),
    ...(traits.controller === undefined ? {} : { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 's', uid: traits.controller, controller: true }] }),
    ...(traits.isTerminating === true ? { deletionTimestamp: '2030-01-01T00:00:00Z' } : {}),
  },
  spec: { containers: [], ...(traits.node === undefined ? {} : { nodeName: traits.node }) },
  status: {
    phase: traits.phase ?? 'Running',
    ...(traits.readySince === undefined ? {} : { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: traits.readySince }] }),
    ...(traits.restarts === undefined ? {} : { containerStatuses: [{ name: 'c', restartCount: traits.restarts, ready: true, image: '', imageID: '' }] }),
  },
});
const ready = (name: string, traits: Traits = {}): Pod => pod(name, { node: 'n1', readySince: '2030-01-01T00:10:00Z', ...traits });

test('makes what is missing, at most a burst at a time', () => {
  assert.equal(plan(owner(3), [ready('a')]).create, 2);
  assert.equal(plan(owner(2000), []).create, 500);
});

test('makes nothing for a set that goes away', () => {
  assert.deepEqual(plan(owner(3, { isDeleting: true }), []), { create: 0, remove: [] });
});

const removals: readonly (readonly [name: string, pods: readonly Pod[], first: string])[] = [
  ['the pod without a node', [ready('a'), pod('b', { phase: 'Pending' })], 'b'],
  ['the pending pod', [ready('a'), pod('b', { node: 'n1', phase: 'Pending' })], 'b'],
  ['the pod that is not ready', [ready('a'), pod('b', { node: 'n1' })], 'b'],
  ['the pod that costs least', [ready('a', { cost: '10' }), ready('b', { cost: '-1' })], 'b'],
  ['a pod of the crowded node', [ready('a', { node: 'n1' }), ready('b', { node: 'n2' }), ready('c', { node: 'n2' })], 'b'],
  ['the pod that became ready last', [ready('a'), ready('b', { readySince: '2030-01-01T00:20:00Z' })], 'b'],
  ['the pod that restarted more', [ready('a', { restarts: 1 }), ready('b', { restarts: 5 })], 'b'],
  ['the younger pod', [ready('a'), ready('b', { created: '2030-01-01T00:05:00Z' })], 'b'],
];

for (const [name, pods, first] of removals) {
  test(`removes ${name} first`, () => { assert.equal(plan(owner(1), pods).remove[0]?.metadata.name, first); });
}

test('adopts orphans it selects and lets go of pods it no longer selects', () => {
  const pods = [pod('own', { controller: 'set' }), pod('orphan'), pod('other', { controller: 'else' }), pod('relabelled', { controller: 'set', labels: { app: 'x' } }), pod('done', { phase: 'Succeeded' })];
  const found = claim(owner(1), pods, isActive);
  assert.deepEqual([found.owned, found.adopt, found.release].map((list) => list.map((item) => item.metadata.name)), [['own'], ['orphan'], ['relabelled']]);
});

test('counts a pod as available once it was ready for long enough', () => {
  const now = Date.UTC(2030, 0, 1, 0, 10, 20);
  const counts = count(owner(1, { minReadySeconds: 30 }), [ready('a')], 0, now);
  assert.deepEqual([counts.readyReplicas, counts.availableReplicas, counts.availableAtMs], [1, 0, now + 10_000]);
  assert.equal(count(owner(1, { minReadySeconds: 30 }), [ready('a')], 0, now + 10_000).availableReplicas, 1);
});
