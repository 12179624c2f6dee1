import type { Pod } from '@kaji/api/core/v1';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusal } from './admission.ts';

const room = { milliCpu: 1000, memoryBytes: 1024, pods: 2 };

function pod(spec: Partial<Pod['spec']> = {}, labels: Record<string, string> = {}): Pod {
  return { metadata: { name: 'p', labels }, spec: { containers: [{ name: 'c', image: 'i' }], ...spec } };
}

const withPort = (hostPort: number, hostIP = '', protocol: 'TCP' | 'UDP' = 'TCP'): Pod => pod({ containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 80, hostPort, hostIP, protocol }] }] });

const asking = (requests: Record<string, string>): Pod => pod({ containers: [{ name: 'c', image: 'i', resources: { requests } }] });

const portTaken = "NodePorts: Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports";

test('a node refuses pods that it cannot take', () => {
  const cases: readonly (readonly [name: string, pod: Pod, others: readonly Pod[], want: string | undefined])[] = [
    ['nothing asked', pod(), [pod()], undefined],
    ['too many pods', pod(), [pod(), pod()], "OutOfpods: Pod was rejected: Node didn't have enough resource: pods, requested: 1, used: 2, capacity: 2"],
    ['too little processor', asking({ cpu: '600m' }), [asking({ cpu: '500m' })], "OutOfcpu: Pod was rejected: Node didn't have enough resource: cpu, requested: 600, used: 500, capacity: 1000"],
    ['too little memory', asking({ memory: '2Ki' }), [], "OutOfmemory: Pod was rejected: Node didn't have enough resource: memory, requested: 2048, used: 0, capacity: 1024"],
    ['a port that is taken', withPort(80), [withPort(80)], portTaken],
    ['a port that is taken at one address', withPort(80), [withPort(80, '127.0.0.1')], portTaken],
    ['a port at another address', withPort(80, '127.0.0.2'), [withPort(80, '127.0.0.1')], undefined],
    ['a port of another protocol', withPort(80, '', 'UDP'), [withPort(80)], undefined],
    ['another port', withPort(81), [withPort(80)], undefined],
    ['for another system', pod({ os: { name: 'windows' } }), [], "PodOSNotSupported: Pod was rejected: Failed to admit pod as the OS field doesn't match node OS"],
    ['labelled for another system', pod({}, { 'kubernetes.io/os': 'windows' }), [], "PodOSSelectorNodeLabelDoesNotMatch: Pod was rejected: Failed to admit pod as the `kubernetes.io/os` label doesn't match node label"],
  ];
  for (const [name, asked, others, want] of cases) {
    const ending = refusal(asked, others, room);
    assert.equal(ending === undefined ? undefined : `${ending.reason ?? ''}: ${ending.message ?? ''}`, want, name);
  }
});
