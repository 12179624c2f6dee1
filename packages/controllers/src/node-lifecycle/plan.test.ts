import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Node } from '@kaji/api/core/v1';
import { plan } from './plan.ts';

const options = { graceMs: 50_000, startupGraceMs: 60_000 };
const now = Date.UTC(2030, 0, 1);
type Status = 'True' | 'False' | 'Unknown';
const node = (conditions: Readonly<Partial<Record<'Ready' | 'MemoryPressure' | 'DiskPressure' | 'PIDPressure', Status>>>, spec: Node['spec'] = {}): Node => ({
  metadata: { name: 'n' }, spec, status: { conditions: Object.entries(conditions).map(([type, status]) => ({ type: type as 'Ready', status })) },
});
const other = { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' as const };

const cases: readonly (readonly [name: string, node: Node, heardAgoMs: number, wantReady: string | undefined, wantTaints: readonly string[] | undefined])[] = [
  ['leaves a healthy node alone', node({ Ready: 'True' }), 10_000, undefined, undefined],
  ['marks a silent node unknown and unreachable', node({ Ready: 'True' }), 50_000, 'Unknown', ['node.kubernetes.io/unreachable:NoSchedule', 'node.kubernetes.io/unreachable:NoExecute']],
  ['gives a new node longer', node({}), 55_000, undefined, undefined],
  ['gives up on a new node in the end', node({}), 60_000, 'Unknown', ['node.kubernetes.io/unreachable:NoSchedule', 'node.kubernetes.io/unreachable:NoExecute']],
  ['taints a node that says it is not ready', node({ Ready: 'False' }), 1000, undefined, ['node.kubernetes.io/not-ready:NoSchedule', 'node.kubernetes.io/not-ready:NoExecute']],
  ['keeps new pods away under pressure', node({ Ready: 'True', MemoryPressure: 'True' }), 1000, undefined, ['node.kubernetes.io/memory-pressure:NoSchedule']],
  ['keeps new pods off a cordoned node', node({ Ready: 'True' }, { unschedulable: true }), 1000, undefined, ['node.kubernetes.io/unschedulable:NoSchedule']],
  ['takes its taints away and keeps those of others', node({ Ready: 'True' }, { taints: [other, { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' }] }), 1000, undefined, ['dedicated:NoSchedule']],
  ['changes nothing twice', node({ Ready: 'Unknown', MemoryPressure: 'Unknown', DiskPressure: 'Unknown', PIDPressure: 'Unknown' }, { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' }, { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }] }), 90_000, undefined, undefined],
];

for (const [name, input, heardAgoMs, wantReady, wantTaints] of cases) {
  test(name, () => {
    const { conditions, taints } = plan(input, now - heardAgoMs, now, options);
    assert.equal(conditions?.find((condition) => condition.type === 'Ready')?.status, wantReady);
    assert.deepEqual(taints?.map((taint) => `${taint.key}:${taint.effect}`), wantTaints);
  });
}
