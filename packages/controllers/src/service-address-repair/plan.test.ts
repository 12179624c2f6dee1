import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceCIDR } from '@kaji/api/networking/v1';
import { type Address, addressesOf, addressRepair, newAddress, type ServiceObject, serviceRepair } from './plan.ts';

const ranges = [{ metadata: {}, spec: { cidrs: ['10.0.0.0/24', 'fd00::/112'] } }] as unknown as readonly ServiceCIDR[];
const service = (name: string, clusterIPs: readonly string[], type = 'ClusterIP'): ServiceObject =>
  ({ metadata: { namespace: 'default', name, creationTimestamp: '2026-01-01T00:00:00Z' }, spec: { type, clusterIP: clusterIPs[0], clusterIPs } }) as unknown as ServiceObject;
const web = service('web', ['10.0.0.9']);
const made = (of: ServiceObject, changes: object = {}, labels?: object): Address => {
  const address = newAddress('10.0.0.9', of);
  return { metadata: { ...address.metadata, creationTimestamp: '2026-01-01T00:01:00Z', ...(labels === undefined ? {} : { labels }) }, spec: { parentRef: { ...address.spec.parentRef, ...changes } } } as Address;
};
const createdMs = Date.UTC(2026, 0, 1, 0, 1);

test('only Services with addresses have any to keep', () => {
  assert.deepEqual([service('a', ['None']), service('a', []), service('a', ['10.0.0.9'], 'ExternalName'), service('a', ['10.0.0.9', 'fd00::1'])].map(addressesOf), [[], [], [], ['10.0.0.9', 'fd00::1']]);
});

for (const [name, of, address, holder, want] of [
  ['its own', web, made(web), web, ['none', undefined]],
  ['nobody\'s', web, undefined, undefined, ['make', 'ClusterIPNotAllocated']],
  ['something else\'s', web, made(web, { resource: 'gateways' }), undefined, ['remake', 'ClusterIPNotAllocated']],
  ['of a Service that is gone', web, made(service('gone', [])), undefined, ['remake', 'ClusterIPNotAllocated']],
  ['of two Services', web, made(service('other', [])), service('other', ['10.0.0.9']), ['none', 'ClusterIPAlreadyAllocated']],
  ['its own without labels', web, made(web, {}, {}), web, ['remake', undefined]],
] as const) {
  test(`an address of a Service is ${name}`, () => {
    const { kind, note } = serviceRepair(of, '10.0.0.9', { address, holder, ranges });
    assert.deepEqual([kind, note?.reason], want);
  });
}

test('an address outside of all ranges is told of and left', () => {
  assert.deepEqual(serviceRepair(service('far', ['10.9.0.9']), '10.9.0.9', { address: undefined, holder: undefined, ranges }), { kind: 'none', note: { reason: 'ClusterIPOutOfRange', message: 'Cluster IP [IPv4]: 10.9.0.9 is not within any configured Service CIDR; please recreate service' } });
});

for (const [name, address, of, ageMs, want] of [
  ['somebody made', made(web, {}, {}), undefined, 1e6, 'none'],
  ['of something else', made(web, { resource: 'gateways' }), undefined, 0, 'delete'],
  ['of a Service to come', made(web), undefined, 1000, 'later'],
  ['of a Service that never came', made(web), undefined, 61_000, 'delete'],
  ['of its Service', made(web), web, 0, 'none'],
  ['given back a moment ago', made(web), service('web', ['10.0.0.7']), 1000, 'later'],
  ['given back', made(web), service('web', ['10.0.0.7']), 6000, 'delete'],
  ['of a Service that changes its type', made(web), service('web', [], 'ExternalName'), 6000, 'later'],
  ['of a Service that needs none', made(web), service('web', [], 'ExternalName'), 60_000, 'delete'],
] as const) {
  test(`an address ${name}: ${want}`, () => { assert.equal(addressRepair(address, of, createdMs + ageMs).kind, want); });
}
