import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Node } from '@kaji/api/core/v1';
import { desiredRoutes, parseRoutes, type Route, routeChanges } from './routes.ts';

const node = (name: string, address: string | undefined, ...podCIDRs: string[]): Node => ({
  metadata: { name },
  spec: { podCIDRs },
  status: { addresses: address === undefined ? [] : [{ type: 'Hostname', address: name }, { type: 'InternalIP', address }] },
});

describe('desired routes', () => {
  const all = [node('node-2', '172.30.0.12', '10.244.1.0/24'), node('node-1', '172.30.0.11', '10.244.0.0/24'), node('no-address', undefined, '10.244.2.0/24'), node('no-range', '172.30.0.14'), node('v6', '172.30.0.15', 'fd00::/64')];
  const cases: readonly [string, string | undefined, readonly Route[]][] = [
    ['on a node lead to the others', 'node-1', [{ destination: '10.244.1.0/24', via: '172.30.0.12' }]],
    ['beside the API server lead to all', undefined, [{ destination: '10.244.0.0/24', via: '172.30.0.11' }, { destination: '10.244.1.0/24', via: '172.30.0.12' }]],
  ];
  for (const [name, self, want] of cases) it(name, () => { assert.deepEqual(desiredRoutes(all, self), want); });
});

describe('route changes', () => {
  const a: Route = { destination: '10.244.0.0/24', via: '172.30.0.11' };
  const moved: Route = { destination: '10.244.0.0/24', via: '172.30.0.99' };
  const b: Route = { destination: '10.244.1.0/24', via: '172.30.0.12' };
  const cases: readonly [string, readonly Route[], readonly Route[], readonly string[]][] = [
    ['are none when all is well', [a, b], [b, a], []],
    ['add what is missing', [a], [], ['route replace 10.244.0.0/24 via 172.30.0.11 proto 142']],
    ['remove what is left over', [a], [a, b], ['route del 10.244.1.0/24 proto 142']],
    ['replace what leads elsewhere', [a], [moved], ['route replace 10.244.0.0/24 via 172.30.0.11 proto 142']],
  ];
  for (const [name, desired, actual, want] of cases) it(name, () => { assert.deepEqual(routeChanges(desired, actual), want); });

  it('reads what the kernel has', () => {
    assert.deepEqual(parseRoutes('10.244.0.0/24 via 172.30.0.11 dev eth0 \n'), [a]);
  });
});
