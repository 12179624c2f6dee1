import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod, PodSpec } from '@kaji/api/core/v1';
import { testContainer, testPod } from '../testing.ts';
import { containerResources, oomScoreAdj, podResources, qosClass } from './resources.ts';

const settings = { cpuCfsQuota: true, cpuCfsQuotaPeriodMicros: 100_000, nodeMemoryBytes: 16 * 2 ** 30 };
const withResources = (...all: readonly { requests?: Record<string, string>; limits?: Record<string, string> }[]): Pod => testPod({ containers: all.map((resources, index) => testContainer(`c${index}`, { resources })) });
const full = { cpu: '1', memory: '1Gi' };

const classes: readonly (readonly [name: string, pod: Pod, want: string])[] = [
  ['nothing asked for', withResources({}), 'BestEffort'],
  ['limits alone', withResources({ limits: full }), 'Guaranteed'],
  ['requests equal to limits, written otherwise', withResources({ limits: full, requests: { cpu: '1000m', memory: '1024Mi' } }), 'Guaranteed'],
  ['requests below limits', withResources({ limits: full, requests: { cpu: '500m', memory: '1Gi' } }), 'Burstable'],
  ['one of two containers', withResources({ limits: full }, {}), 'Burstable'],
  ['only a request', withResources({ requests: { cpu: '1m' } }), 'Burstable'],
  ['only other resources', withResources({ limits: { 'example.com/gpu': '1' } }), 'BestEffort'],
];
for (const [name, pod, want] of classes) test(`${name} is ${want}`, () => { assert.equal(qosClass(pod), want); });

test('shares, quota and limits of a container', () => {
  const pod = withResources({ requests: { cpu: '250m' }, limits: { cpu: '1500m', memory: '64Mi' } });
  const { oomScoreAdj: _score, ...made } = containerResources(pod, pod.spec.containers[0] ?? testContainer('x'), settings);
  assert.deepEqual(made, { cpuShares: 256, cpuPeriod: 100_000, cpuQuota: 150_000, memoryLimitInBytes: 67_108_864, memorySwapLimitInBytes: 67_108_864 });
});

const scores: readonly (readonly [name: string, pod: Pod, want: number])[] = [
  ['a guaranteed pod', withResources({ limits: full }), -997], ['a pod that asks for nothing', withResources({}), 1000],
  ['a pod that asks for a quarter', withResources({ requests: { memory: '4Gi' } }), 750], ['a pod that asks for everything', withResources({ requests: { memory: '64Gi' } }), 2],
  ['a critical pod', testPod({ priority: 2_000_000_000 }), -997],
];
for (const [name, pod, want] of scores) test(`${name} is killed for memory at ${want}`, () => { assert.equal(oomScoreAdj(pod, pod.spec.containers[0] ?? testContainer('x'), settings.nodeMemoryBytes), want); });

const pods: readonly (readonly [name: string, spec: Partial<PodSpec>, want: { cpuShares: number; cpuQuotaMicros: number | undefined; memoryLimitBytes: number | undefined }])[] = [
  ['the sum of containers', { containers: [testContainer('a', { resources: { limits: full } }), testContainer('b', { resources: { limits: full } })] }, { cpuShares: 2048, cpuQuotaMicros: 200_000, memoryLimitBytes: 2 * 2 ** 30 }],
  ['no limit where one has none', { containers: [testContainer('a', { resources: { limits: full } }), testContainer('b')] }, { cpuShares: 1024, cpuQuotaMicros: undefined, memoryLimitBytes: undefined }],
  ['a large init container', { initContainers: [testContainer('i', { resources: { limits: { cpu: '4', memory: '4Gi' } } })], containers: [testContainer('a', { resources: { limits: full } })] }, { cpuShares: 4096, cpuQuotaMicros: 400_000, memoryLimitBytes: 4 * 2 ** 30 }],
  ['a sidecar beside the containers', { initContainers: [testContainer('s', { restartPolicy: 'Always', resources: { limits: full } })], containers: [testContainer('a', { resources: { limits: full } })] }, { cpuShares: 2048, cpuQuotaMicros: 200_000, memoryLimitBytes: 2 * 2 ** 30 }],
];
for (const [name, spec, want] of pods) test(`a pod has ${name}`, () => { assert.deepEqual(podResources(testPod(spec), settings), want); });
