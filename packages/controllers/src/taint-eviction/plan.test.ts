import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod, Taint, Toleration } from '@kaji/api/core/v1';
import { plan } from './plan.ts';

const now = Date.UTC(2030, 0, 1, 0, 1);
const unreachable: Taint = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute', timeAdded: '2030-01-01T00:00:50Z' };
const pod = (...tolerations: Toleration[]): Pod => ({ metadata: { name: 'p' }, spec: { containers: [], tolerations } });
const exists = (seconds?: number): Toleration => ({ key: unreachable.key, operator: 'Exists', effect: 'NoExecute', ...(seconds === undefined ? {} : { tolerationSeconds: seconds }) });

const cases: readonly (readonly [name: string, pod: Pod, taints: readonly Taint[], want: number | 'stays'])[] = [
  ['stays where nothing says otherwise', pod(), [{ key: 'a', effect: 'NoSchedule' }], 'stays'],
  ['leaves at once without a toleration', pod(), [unreachable], now],
  ['stays with a toleration without end', pod(exists()), [unreachable], 'stays'],
  ['leaves when its time is up, counted from the taint', pod(exists(300)), [unreachable], now - 10_000 + 300_000],
  ['takes the shortest of its times', pod(exists(300), { operator: 'Exists', tolerationSeconds: 5 }), [unreachable], now - 10_000 + 5000],
  ['needs the value to match', pod({ key: 'team', value: 'a' }), [{ key: 'team', value: 'b', effect: 'NoExecute' }], now],
  ['tolerates everything with an empty key and Exists', pod({ operator: 'Exists' }), [unreachable, { key: 'x', effect: 'NoExecute' }], 'stays'],
];

for (const [name, input, taints, want] of cases) {
  test(name, () => {
    const verdict = plan(input, taints, now, (time) => Date.parse(time));
    assert.equal(verdict === 'stays' ? verdict : verdict.leavesAtMs, want);
  });
}
