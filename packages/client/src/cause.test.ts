import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addCause, causeOf, causeText, parseCause } from './cause.ts';

test('a cause names the object and its revision', () => {
  assert.equal(causeOf({ group: 'apps', plural: 'deployments' }, { metadata: { namespace: 'default', name: 'web', resourceVersion: '42' } }), 'deployments.apps/default/web@42');
  assert.equal(causeOf({ group: '', plural: 'nodes' }, { metadata: { name: 'node-1', resourceVersion: '7' } }), 'nodes/node-1@7');
});

test('reads what it wrote, the newest first, and leaves out what it cannot read', () => {
  assert.deepEqual(parseCause(`${causeText(['nodes/node-1@7', 'deployments.apps/default/web@42'])},nonsense,@,a/b/c/d@1`), [
    { resource: 'deployments.apps', namespace: 'default', name: 'web', resourceVersion: '42' },
    { resource: 'nodes', namespace: '', name: 'node-1', resourceVersion: '7' },
  ]);
});

test('keeps each cause once and the newest eight', () => {
  const causes = Array.from({ length: 12 }, (_, index) => `pods/default/a@${index}`).reduce<readonly string[]>((all, cause) => addCause(addCause(all, cause), cause), []);
  assert.equal(causes.length, 8);
  assert.deepEqual([causes[0], causes.at(-1)], ['pods/default/a@4', 'pods/default/a@11']);
});
