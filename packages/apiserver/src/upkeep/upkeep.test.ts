import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiObject } from '@kaji/api';
import { testRuntime } from '@kaji/base/testing';
import { createClient } from '@kaji/client';
import type { APIService } from '@kaji/api/apiregistration/v1';
import { namespaces, type Service, services } from '@kaji/api/core/v1';
import type { EndpointSlice } from '@kaji/api/discovery/v1';
import type { FlowSchema } from '@kaji/api/flowcontrol/v1';
import { startTestServer } from '../testing.ts';
import { flowControlObjects, specAnnotation } from '../bootstrap/flow-control.ts';
import { wantedAvailable } from './api-service-status.ts';
import { revised } from './flow-control-defaults.ts';
import { wantedDangling } from './flow-schema-status.ts';

const remote: APIService = { metadata: {}, spec: { group: 'a.example', version: 'v1', groupPriorityMinimum: 1, versionPriority: 1, service: { namespace: 'ns', name: 'web', port: 443 } } };
const service: Service = { metadata: {}, spec: { type: 'ClusterIP', ports: [{ name: 'https', port: 443 }] } };
const slice = (ready: boolean, name: string): EndpointSlice => ({ metadata: {}, addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready } }], ports: [{ name, port: 1 }] });

const cases: readonly (readonly [name: string, object: APIService, service: Service | undefined, slices: readonly EndpointSlice[], reason: string | undefined])[] = [
  ['served here', { ...remote, spec: { ...remote.spec, service: undefined } }, undefined, [], 'Local'],
  ['without its Service', remote, undefined, [], 'ServiceNotFound'],
  ['with another port', remote, { ...service, spec: { type: 'ClusterIP', ports: [{ port: 80 }] } }, [], 'ServicePortError'],
  ['without slices', remote, service, [], 'EndpointsNotFound'],
  ['with none that is ready', remote, service, [slice(false, 'https')], 'MissingEndpoints'],
  ['with the port under another name', remote, service, [slice(true, 'http')], 'MissingEndpoints'],
  ['reached, as far as can be told', remote, service, [slice(true, 'https')], undefined],
];

for (const [name, object, backend, slices, reason] of cases) {
  test(`an APIService ${name} is told apart`, () => { assert.equal(wantedAvailable(object, { service: backend, slices }, 0)?.reason, reason); });
}

test('a condition that says so already is left alone', () => {
  const condition = wantedAvailable(remote, { service: undefined, slices: [] }, 0);
  assert.ok(condition !== undefined);
  assert.equal(wantedAvailable({ ...remote, status: { conditions: [condition] } }, { service: undefined, slices: [] }, 5000), undefined);
});

test('a flow schema whose level is missing dangles until it is there', () => {
  const schema: FlowSchema = { metadata: {}, spec: { priorityLevelConfiguration: { name: 'x' } } };
  const dangling = wantedDangling(schema, false, 0);
  assert.deepEqual([dangling?.status, dangling?.reason], ['True', 'NotFound']);
  assert.ok(dangling !== undefined);
  assert.equal(wantedDangling({ ...schema, status: { conditions: [dangling] } }, false, 9), undefined);
  assert.equal(wantedDangling({ ...schema, status: { conditions: [dangling] } }, true, 9)?.reason, 'Found');
});

const objectNamed = (kind: string, name: string): ApiObject & { spec?: unknown } => {
  const found = flowControlObjects(0).find(({ object }) => object.kind === kind && object.metadata.name === name)?.object;
  assert.ok(found !== undefined);
  return found;
};

const other = { type: 'Limited', limited: { limitResponse: { type: 'Reject' } } };
const marked = (object: ApiObject, annotation: string | undefined, generation: number, spec?: unknown): ApiObject => ({
  ...object, metadata: { ...object.metadata, generation, annotations: annotation === undefined ? {} : { [specAnnotation]: annotation } }, ...(spec === undefined ? {} : { spec }),
});

const defaults: readonly (readonly [name: string, existing: ApiObject, want: 'kept' | 'repaired' | 'left to its owner'])[] = [
  ['as it was made', marked(objectNamed('PriorityLevelConfiguration', 'system'), 'true', 1), 'kept'],
  ['changed', marked(objectNamed('PriorityLevelConfiguration', 'system'), 'true', 2, other), 'repaired'],
  ['taken over', marked(objectNamed('PriorityLevelConfiguration', 'system'), 'false', 2, other), 'kept'],
  ['changed and without the annotation', marked(objectNamed('PriorityLevelConfiguration', 'system'), undefined, 2, other), 'left to its owner'],
  ['mandatory, and taken over', marked(objectNamed('PriorityLevelConfiguration', 'catch-all'), 'false', 2, other), 'repaired'],
  ['exempt with other shares', marked(objectNamed('PriorityLevelConfiguration', 'exempt'), 'true', 2, { type: 'Exempt', exempt: { nominalConcurrencyShares: 7, lendablePercent: 1 } }), 'kept'],
];

for (const [name, existing, want] of defaults) {
  test(`default flow control ${name}: ${want}`, () => {
    const wanted = objectNamed(existing.kind ?? '', existing.metadata.name ?? '');
    const result: (ApiObject & { spec?: unknown }) | undefined = revised(existing, wanted);
    if (want === 'kept') assert.equal(result, undefined);
    else {
      assert.equal(result?.metadata.annotations?.[specAnnotation], want === 'repaired' ? 'true' : 'false');
      assert.deepEqual(result.spec, want === 'repaired' ? wanted.spec : other);
    }
  });
}

test('a namespace of the system and the Service of the server come back', async () => {
  const runtime = testRuntime();
  const { clock } = runtime;
  await using started = await startTestServer({ runtime });
  await started.server.advertise({ address: '192.0.2.1', port: 6443 });
  const client = createClient(started.transport(), { userAgent: 'test' });
  const [serviceKey, leaseKey] = [{ namespace: 'default', name: 'kubernetes' }, { namespace: '', name: 'kube-node-lease' }];
  await client.delete(services, serviceKey);
  await client.delete(namespaces, leaseKey);
  await client.update(namespaces, { ...await client.get(namespaces, leaseKey), spec: { finalizers: [] } }, { subresource: 'finalize' });
  await assert.rejects(client.get(services, serviceKey), { reason: 'NotFound' });
  await clock.advance(10_000);
  assert.equal((await client.get(services, serviceKey)).spec?.clusterIP, '10.96.0.1');
  await clock.advance(60_000);
  assert.equal((await client.get(namespaces, leaseKey)).status?.phase, 'Active');
});
