import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Namespace } from '@kaji/api/core/v1';
import { conditionsAfter, type Remains } from './plan.ts';

const namespace: Namespace = { metadata: { name: 'going' }, spec: {} };
const pods: Remains = { resource: { group: '', plural: 'pods' }, count: 2, finalizers: new Map() };
const sets: Remains = { resource: { group: 'apps', plural: 'replicasets' }, count: 1, finalizers: new Map([['example.com/hold', 1]]) };

const cases: readonly (readonly [name: string, remains: readonly Remains[], errors: readonly string[], type: string, want: string])[] = [
  ['says that all content is gone', [], [], 'NamespaceContentRemaining', 'False ContentRemoved All content successfully removed'],
  ['counts what remains', [sets, pods], [], 'NamespaceContentRemaining', 'True SomeResourcesRemain Some resources are remaining: pods. has 2 resource instances, replicasets.apps has 1 resource instances'],
  ['names what holds it', [sets], [], 'NamespaceFinalizersRemaining', 'True SomeFinalizersRemain Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances'],
  ['names what failed', [], ['no'], 'NamespaceDeletionContentFailure', 'True ContentDeletionFailed Failed to delete all resource types, 1 remaining: no'],
];

for (const [name, remains, errors, type, want] of cases) {
  test(name, () => {
    const condition = conditionsAfter(namespace, { remains, errors }, '2030-01-01T00:00:00Z')?.find((candidate) => (candidate.type as string) === type);
    assert.equal(`${condition?.status ?? ''} ${condition?.reason ?? ''} ${condition?.message ?? ''}`, want);
  });
}

test('says nothing twice', () => {
  const conditions = conditionsAfter(namespace, { remains: [pods], errors: [] }, '2030-01-01T00:00:00Z');
  assert.ok(conditions !== undefined);
  assert.equal(conditionsAfter({ ...namespace, status: { conditions } }, { remains: [pods], errors: [] }, '2030-01-01T00:01:00Z'), undefined);
});
