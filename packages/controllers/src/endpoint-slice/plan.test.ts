import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pod, Service } from '@kaji/api/core/v1';
import type { EndpointSlice } from '@kaji/api/discovery/v1';
import { desired, labelsOf, plan, type SliceContent } from './plan.ts';

const service = (spec: Partial<Service['spec']> = {}): Service => ({ metadata: { name: 'web', namespace: 'd', labels: { tier: 'front' } }, spec: { clusterIP: '10.96.0.9', ipFamilies: ['IPv4'], selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'web', protocol: 'TCP' }], ...spec } });
const pod = (name: string, more: { readonly ip?: string; readonly isReady?: boolean; readonly isTerminating?: boolean; readonly phase?: 'Running' | 'Failed'; readonly port?: number } = {}): Pod => ({
  metadata: { name, namespace: 'd', uid: name, ...(more.isTerminating === true ? { deletionTimestamp: '2030-01-01T00:00:00Z' } : {}) },
  spec: { nodeName: 'n1', containers: [{ name: 'c', ports: [{ name: 'web', containerPort: more.port ?? 8080 }] }] },
  status: { phase: more.phase ?? 'Running', podIP: more.ip ?? '10.244.0.5', podIPs: [{ ip: more.ip ?? '10.244.0.5' }], conditions: [{ type: 'Ready', status: more.isReady === false ? 'False' : 'True' }] },
});
const zone = (): string => 'z';
const slice = (content: SliceContent, name: string, labels = labelsOf(service(), 'm')): EndpointSlice => ({ metadata: { name, labels }, addressType: content.addressType, ports: [...content.ports], endpoints: [...content.endpoints] });

test('shows a ready pod with its port, node, zone and identity', () => {
  assert.deepEqual(desired(service(), [pod('a')], zone), [{
    addressType: 'IPv4', ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    endpoints: [{ addresses: ['10.244.0.5'], conditions: { ready: true, serving: true, terminating: false }, nodeName: 'n1', targetRef: { kind: 'Pod', namespace: 'd', name: 'a', uid: 'a' }, zone: 'z' }],
  }]);
});

const conditions: readonly (readonly [name: string, pod: Pod, publishes: boolean, want: readonly (boolean | undefined)[] | undefined])[] = [
  ['not ready', pod('a', { isReady: false }), false, [false, false, false]],
  ['not ready but published', pod('a', { isReady: false }), true, [true, false, false]],
  ['terminating and still serving', pod('a', { isTerminating: true }), false, [false, true, true]],
  ['finished', pod('a', { phase: 'Failed' }), false, undefined],
];
for (const [name, input, publishNotReadyAddresses, want] of conditions) {
  test(`tells the conditions of a pod that is ${name}`, () => {
    const found = desired(service({ publishNotReadyAddresses }), [input], zone)[0]?.endpoints[0]?.conditions;
    assert.deepEqual(found === undefined ? undefined : [found.ready, found.serving, found.terminating], want);
  });
}

test('a Service without pods has one empty slice', () => {
  const wanted = desired(service(), [], zone);
  assert.deepEqual(wanted, [{ addressType: 'IPv4', ports: [], endpoints: [] }]);
  assert.equal(plan(wanted, [], {}).create.length, 1);
});

test('pods that answer on different ports lie in different slices', () => {
  assert.deepEqual(desired(service(), [pod('a'), pod('b', { port: 9090 })], zone).map((content) => content.ports[0]?.port), [8080, 9090]);
});

test('writes nothing when nothing changed', () => {
  const wanted = desired(service(), [pod('a')], zone);
  const [content] = wanted;
  assert.ok(content !== undefined);
  assert.deepEqual(plan(wanted, [slice(content, 's')], labelsOf(service(), 'm')), { create: [], update: [], remove: [] });
});

test('a new pod joins the slice there is, a lost pod leaves it', () => {
  const [content] = desired(service(), [pod('a'), pod('b', { ip: '10.244.0.6' })], zone);
  assert.ok(content !== undefined);
  const found = plan(desired(service(), [pod('b', { ip: '10.244.0.6' }), pod('c', { ip: '10.244.0.7' })], zone), [slice(content, 's')], labelsOf(service(), 'm'));
  assert.deepEqual(found.update.map(({ slice: { metadata }, endpoints }) => [metadata.name, endpoints.map((endpoint) => endpoint.targetRef?.name)]), [['s', ['b', 'c']]]);
  assert.deepEqual([found.create.length, found.remove.length], [0, 0]);
});

test('a slice holds a hundred endpoints', () => {
  const pods = Array.from({ length: 250 }, (_, index) => pod(`p${index}`, { ip: `10.244.${Math.floor(index / 200)}.${index % 200}` }));
  assert.deepEqual(plan(desired(service(), pods, zone), [], {}).create.map((content) => content.endpoints.length), [100, 100, 50]);
});

test('follows the labels of the Service', () => {
  const wanted = desired(service(), [pod('a')], zone);
  const [content] = wanted;
  assert.ok(content !== undefined);
  assert.equal(plan(wanted, [slice(content, 's', { old: 'label' })], labelsOf(service(), 'm')).update.length, 1);
});
