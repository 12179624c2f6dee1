import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyOf, prefixOf, rangeOf } from './keys.ts';

const cases = [
  ['pods', { group: '', plural: 'pods' }, '/registry/pods/'],
  ['services', { group: '', plural: 'services' }, '/registry/services/specs/'],
  ['nodes', { group: '', plural: 'nodes' }, '/registry/minions/'],
  ['deployments', { group: 'apps', plural: 'deployments' }, '/registry/deployments/'],
  ['events of the newer group', { group: 'events.k8s.io', plural: 'events' }, '/registry/events/'],
  ['apiservices', { group: 'apiregistration.k8s.io', plural: 'apiservices' }, '/registry/apiregistration.k8s.io/apiservices/'],
] as const;

for (const [name, of, want] of cases) test(`${name} lie under ${want}`, () => { assert.equal(prefixOf(of), want); });

test('a range holds the keys of its namespace and no others', () => {
  const { start, end } = rangeOf('/registry/pods/', 'a');
  const isIn = (key: string): boolean => key >= start && key < end;
  assert.deepEqual(['/registry/pods/a/x', '/registry/pods/a-b/x', '/registry/pods/aa/x', '/registry/pods/b/x'].map(isIn), [true, false, false, false]);
  assert.equal(keyOf('/registry/minions/', '', 'node-1'), '/registry/minions/node-1');
});
