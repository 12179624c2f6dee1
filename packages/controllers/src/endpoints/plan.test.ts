import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod, Service } from '@kaji/api/core/v1';
import { plan } from './plan.ts';

const service: Service = { metadata: { name: 'web' }, spec: { clusterIP: '10.96.0.9', ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }] } };
const pod = (name: string, ip: string, isReady = true): Pod => ({ metadata: { name, uid: name }, spec: { containers: [] }, status: { phase: 'Running', podIP: ip, conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }] } });
const shown = (subsets: ReturnType<typeof plan>['subsets']): unknown => subsets.map((subset) => [subset.addresses?.map(({ ip }) => ip), subset.notReadyAddresses?.map(({ ip }) => ip), subset.ports?.map(({ port }) => port)]);

test('parts ready from not ready addresses, sorted', () => {
  assert.deepEqual(shown(plan(service, [pod('b', '10.0.0.2'), pod('a', '10.0.0.1'), pod('c', '10.0.0.3', false)]).subsets), [[['10.0.0.1', '10.0.0.2'], ['10.0.0.3'], [8080]]]);
});

test('a headless Service without ports has addresses alone', () => {
  assert.deepEqual(shown(plan({ ...service, spec: { clusterIP: 'None' } }, [pod('a', '10.0.0.1')]).subsets), [[['10.0.0.1'], undefined, undefined]]);
});

test('leaves out pods that do not have the named port', () => {
  assert.deepEqual(plan({ ...service, spec: { clusterIP: '10.96.0.9', ports: [{ port: 80, targetPort: 'web' }] } }, [pod('a', '10.0.0.1')]).subsets, []);
});

test('keeps a thousand addresses, the ready ones first', () => {
  const pods = Array.from({ length: 1100 }, (_, index) => pod(`p${index}`, `10.0.${Math.floor(index / 250)}.${index % 250}`, index >= 500));
  const { subsets, isTruncated } = plan(service, pods);
  assert.deepEqual([isTruncated, subsets[0]?.addresses?.length, subsets[0]?.notReadyAddresses?.length], [true, 600, 400]);
});
