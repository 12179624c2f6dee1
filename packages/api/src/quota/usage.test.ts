import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod } from '../core/v1/pod.ts';
import { persistentvolumeclaims, pods, services } from '../core/v1/index.ts';
import { deviceclasses, resourceclaims } from '../resource/v1/index.ts';
import type { AnyResource, ApiObject } from '../resource.ts';
import type { Amounts } from './amounts.ts';
import { evaluatorOf } from './evaluators.ts';
import { podLimits, podRequests } from './pod-resources.ts';

const asks = (name: string, requests: Amounts, more: object = {}): object => ({ name, resources: { requests, limits: requests }, ...more });
const sidecar = { restartPolicy: 'Always' };

const totals: readonly (readonly [string, object, object, Amounts, Amounts])[] = [
  ['containers side by side', { containers: [asks('a', { cpu: '1' }), asks('b', { cpu: '500m', memory: '1Mi' })] }, {}, { cpu: '1500m', memory: '1Mi' }, { cpu: '1500m', memory: '1Mi' }],
  ['one that initializes and needs more', { containers: [asks('a', { cpu: '1' })], initContainers: [asks('i', { cpu: '2' }), asks('j', { cpu: '1', memory: '5Mi' })] }, {}, { cpu: '2', memory: '5Mi' }, { cpu: '2', memory: '5Mi' }],
  ['sidecars count with all after them', { containers: [asks('a', { cpu: '1' })], initContainers: [asks('s', { cpu: '1' }, sidecar), asks('i', { cpu: '4' }), asks('t', { cpu: '1' }, sidecar)] }, {}, { cpu: '5' }, { cpu: '5' }],
  ['the pod as a whole', { containers: [asks('a', { cpu: '1', 'example.com/gpu': '1' })], resources: { requests: { cpu: '3' }, limits: { memory: '1Gi' } } }, {}, { cpu: '3', 'example.com/gpu': '1' }, { cpu: '1', 'example.com/gpu': '1', memory: '1Gi' }],
  ['overhead, with limits only where there are some', { containers: [asks('a', { cpu: '1' })], overhead: { cpu: '250m', memory: '64Mi' } }, {}, { cpu: '1250m', memory: '64Mi' }, { cpu: '1250m' }],
  ['a resize under way', { containers: [asks('a', { cpu: '1' })] }, { containerStatuses: [{ name: 'a', allocatedResources: { cpu: '2' }, resources: { requests: { cpu: '1500m' }, limits: { cpu: '3' } } }] }, { cpu: '2' }, { cpu: '3' }],
  ['a resize that will never be', { containers: [asks('a', { cpu: '9' })] }, { conditions: [{ type: 'PodResizePending', status: 'True', reason: 'Infeasible' }], containerStatuses: [{ name: 'a', resources: { requests: { cpu: '1' }, limits: { cpu: '1' } } }] }, { cpu: '1' }, { cpu: '1' }],
];

for (const [name, spec, status, requests, limits] of totals) {
  test(`what a pod asks for: ${name}`, () => {
    const pod = { metadata: {}, spec, status } as Pod; // a literal of the wire
    assert.deepEqual([podRequests(pod, { isStatusCounted: true }), podLimits(pod, { isStatusCounted: true })], [requests, limits]);
  });
}

const gpuClass = { metadata: { name: 'gpus' }, spec: { extendedResourceName: 'example.com/gpu' } } as unknown as ApiObject; // a literal of the wire
const payingPod = { metadata: { name: 'p', namespace: 'n', uid: 'u' }, spec: { containers: [{ name: 'c', resources: { requests: { 'example.com/gpu': '1' } } }] }, status: { extendedResourceClaimStatus: { resourceClaimName: 'claim' } } };

const view = {
  nowMs: Date.parse('2026-01-01T00:01:00Z'),
  get: ((resource: AnyResource, _namespace: string, name: string) => (resource.plural === 'deviceclasses' && name === 'gpus' ? gpuClass : resource.plural === 'pods' && name === 'p' ? payingPod : undefined)) as never, // what a test has
  list: ((resource: AnyResource) => (resource.plural === 'deviceclasses' ? [gpuClass] : [])) as never, // likewise
};

const claim = (requests: readonly object[], metadata: object = {}): object => ({ metadata: { name: 'claim', namespace: 'n', ...metadata }, spec: { devices: { requests } } });
const exactly = (count: number): object => ({ name: 'r', exactly: { deviceClassName: 'gpus', allocationMode: 'ExactCount', count } });
const byClass = 'gpus.deviceclass.resource.k8s.io/devices';
const implicit = 'requests.deviceclass.resource.kubernetes.io/gpus';
const ownedByPod = { annotations: { 'resource.kubernetes.io/extended-resource-claim': 'true' }, ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u', controller: true }] };

const uses: readonly (readonly [string, unknown, object, Amounts])[] = [
  ['a pod', pods, { metadata: {}, spec: { containers: [asks('a', { cpu: '1', 'hugepages-2Mi': '2Mi', 'example.com/gpu': '2' })] } }, {
    'count/pods': '1', pods: '1', cpu: '1', 'requests.cpu': '1', 'limits.cpu': '1', 'hugepages-2Mi': '2Mi', 'requests.hugepages-2Mi': '2Mi', 'requests.example.com/gpu': '2',
  }],
  ['a pod that failed', pods, { metadata: {}, spec: { containers: [asks('a', { cpu: '1' })] }, status: { phase: 'Failed' } }, { 'count/pods': '1' }],
  ['a pod that should be gone', pods, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 30 }, spec: { containers: [] } }, { 'count/pods': '1' }],
  ['a pod that is still going', pods, { metadata: { deletionTimestamp: '2026-01-01T00:00:50Z', deletionGracePeriodSeconds: 30 }, spec: { containers: [] } }, { 'count/pods': '1', pods: '1' }],
  ['a balanced service', services, { metadata: {}, spec: { type: 'LoadBalancer', ports: [{ port: 1 }, { port: 2 }] } }, { 'count/services': '1', services: '1', 'services.loadbalancers': '1', 'services.nodeports': '2' }],
  ['a balanced service that allots no ports', services, { metadata: {}, spec: { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports: [{ port: 1, nodePort: 30_000 }, { port: 2 }] } }, { 'count/services': '1', services: '1', 'services.loadbalancers': '1', 'services.nodeports': '1' }],
  ['a claim of a class', persistentvolumeclaims, { metadata: {}, spec: { storageClassName: 'gold', resources: { requests: { storage: '1500m' } } }, status: { allocatedResources: { storage: '3' } } }, {
    persistentvolumeclaims: '1', 'count/persistentvolumeclaims': '1', 'gold.storageclass.storage.k8s.io/persistentvolumeclaims': '1', 'requests.storage': '3', 'gold.storageclass.storage.k8s.io/requests.storage': '3',
  }],
  ['a claim of part of a byte', persistentvolumeclaims, { metadata: { annotations: { 'volume.beta.kubernetes.io/storage-class': '' } }, spec: { storageClassName: 'gold', resources: { requests: { storage: '1500m' } } } }, {
    persistentvolumeclaims: '1', 'count/persistentvolumeclaims': '1', 'requests.storage': '2',
  }],
  ['devices', resourceclaims, claim([exactly(2), exactly(1)]), { 'count/resourceclaims.resource.k8s.io': '1', [byClass]: '3', [implicit]: '3', 'requests.example.com/gpu': '3' }],
  ['devices or others', resourceclaims, claim([{ name: 'r', firstAvailable: [{ name: 'a', deviceClassName: 'gpus', allocationMode: 'All' }, { name: 'b', deviceClassName: 'gpus', allocationMode: 'ExactCount', count: 2 }] }]), { 'count/resourceclaims.resource.k8s.io': '1', [byClass]: '32', [implicit]: '32', 'requests.example.com/gpu': '32' }],
  ['devices that the pod paid in part', resourceclaims, claim([exactly(3)], ownedByPod), { 'count/resourceclaims.resource.k8s.io': '1', [byClass]: '3', [implicit]: '3', 'requests.example.com/gpu': '2' }],
];

for (const [name, resource, object, want] of uses) {
  test(`what a quota charges for ${name}`, () => {
    assert.deepEqual(evaluatorOf(resource as AnyResource)?.usage(object as ApiObject, view), want); // literals of the wire
  });
}

test('names of devices count where there is such a class', () => {
  const evaluator = evaluatorOf(resourceclaims as unknown as AnyResource); // any kind
  assert.deepEqual(['count/resourceclaims.resource.k8s.io', byClass, implicit, 'requests.deviceclass.resource.kubernetes.io/none', 'requests.example.com/gpu', 'requests.example.com/fpga'].map((name) => evaluator?.isTracked(name, view)), [true, true, true, false, true, false]);
  assert.equal(deviceclasses.isNamespaced, false);
});

test('events and what is only answered are never counted', () => {
  for (const [group, plural] of [['', 'events'], ['events.k8s.io', 'events'], ['', 'bindings'], ['authorization.k8s.io', 'localsubjectaccessreviews']] as const) assert.equal(evaluatorOf({ group, plural }), undefined);
});
