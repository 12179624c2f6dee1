import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node, Pod } from '@kaji/api/core/v1';
import { plan } from './plan.ts';

const pod = (name: string, more: { readonly node?: string; readonly phase?: NonNullable<Pod['status']>['phase']; readonly isTerminating?: boolean; readonly reason?: string; readonly created?: string }): Pod => ({
  metadata: { name, creationTimestamp: more.created ?? '2030-01-01T00:00:00Z', ...(more.isTerminating === true ? { deletionTimestamp: '1970-01-01T00:00:00Z' } : {}) },
  spec: { containers: [], ...(more.node === undefined ? {} : { nodeName: more.node }) },
  status: { ...(more.phase === undefined ? {} : { phase: more.phase }), ...(more.reason === undefined ? {} : { reason: more.reason }) },
});
const ready: Node = { metadata: { name: 'ready' }, spec: {}, status: { conditions: [{ type: 'Ready', status: 'True' }] } };
const lost: Node = { metadata: { name: 'lost' }, spec: { taints: [{ key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' }] }, status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } };
const nodes = new Map([['ready', ready], ['lost', lost]]);
const options = { terminatedLimit: 2, quarantineMs: 40_000, unscheduledMs: 20_000 };

const cases: readonly (readonly [name: string, pods: readonly Pod[], missedSinceMs: number | undefined, want: readonly string[]])[] = [
  ['keeps pods that live on nodes that exist', [pod('a', { node: 'ready', phase: 'Running' })], undefined, []],
  ['gives a missing node time', [pod('a', { node: 'gone', phase: 'Running' })], 1000, []],
  ['removes orphans once the node stayed away', [pod('a', { node: 'gone', phase: 'Running' })], 40_000, ['a orphaned']],
  ['removes terminating pods that no node will ever finish', [pod('a', { isTerminating: true })], undefined, ['a unscheduled']],
  ['removes terminating pods of a node out of service', [pod('a', { isTerminating: true, node: 'lost' }), pod('b', { isTerminating: true, node: 'ready' })], undefined, ['a out-of-service']],
  ['keeps finished pods up to the limit', [pod('a', { phase: 'Succeeded' }), pod('b', { phase: 'Failed' })], undefined, []],
  ['removes the evicted, then the oldest finished pods', [
    pod('young', { phase: 'Failed', created: '2030-01-03T00:00:00Z' }), pod('old', { phase: 'Succeeded', created: '2030-01-01T00:00:00Z' }),
    pod('middle', { phase: 'Failed', created: '2030-01-02T00:00:00Z' }), pod('evicted', { phase: 'Failed', reason: 'Evicted', created: '2030-01-04T00:00:00Z' }),
  ], undefined, ['evicted terminated', 'old terminated']],
];

for (const [name, pods, missedSinceMs, want] of cases) {
  test(name, () => {
    const now = 1_000_000;
    const known = new Map(missedSinceMs === undefined ? [] : [['gone', now - missedSinceMs]]);
    const { removals } = plan(pods, nodes, known, now, options);
    assert.deepEqual(removals.map((removal) => `${removal.pod.metadata.name ?? ''} ${removal.cause}`), want);
  });
}

test('leaves a terminating pod without a node alone for a while', () => {
  const { removals, dueMs } = plan([pod('a', { isTerminating: true })], nodes, new Map(), 5000, options);
  assert.deepEqual([removals.length, dueMs], [0, 20_000]);
});
