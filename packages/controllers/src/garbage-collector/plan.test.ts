import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiObject } from '@kaji/api';
import type { OwnerReference } from '@kaji/api/meta/v1';
import { type OwnerState, plan } from './plan.ts';

const owner = (uid: string, blocks = false): OwnerReference => ({ apiVersion: 'v1', kind: 'ConfigMap', name: uid, uid, ...(blocks ? { blockOwnerDeletion: true } : {}) });
const object = (owners: readonly OwnerReference[], finalizers: readonly string[] = []): ApiObject => ({ metadata: { name: 'o', uid: 'o', ownerReferences: [...owners], finalizers: [...finalizers] } });
const none = { count: 0, isAnyForeground: false };
const states: Readonly<Record<string, OwnerState>> = { here: 'solid', gone: 'absent', waits: 'waiting' };

const cases: readonly (readonly [name: string, object: ApiObject, dependents: typeof none, want: string])[] = [
  ['keeps what nobody owns', object([]), none, 'keep'],
  ['keeps what an owner owns', object([owner('here')]), none, 'keep'],
  ['deletes what lost its only owner', object([owner('gone')]), none, 'delete Background'],
  ['drops references that lead nowhere while an owner remains', object([owner('here'), owner('gone')]), none, 'dropOwners gone'],
  ['deletes what a going owner waits for', object([owner('waits', true)]), none, 'delete Background'],
  ['deletes it in the foreground when it has dependents itself', object([owner('waits', true)]), { count: 1, isAnyForeground: false }, 'delete Foreground'],
  ['breaks a circle of waiting', object([owner('waits', true)]), { count: 1, isAnyForeground: true }, 'delete Foreground unblocks'],
  ['orphans its own dependents where it was told to', object([owner('gone')], ['orphan']), none, 'delete Orphan'],
  ['leaves what goes already', { metadata: { name: 'o', deletionTimestamp: '2030-01-01T00:00:00Z', ownerReferences: [owner('gone')] } }, none, 'keep'],
];

for (const [name, input, dependents, want] of cases) {
  test(name, () => {
    const action = plan(input, (reference) => states[reference.uid] ?? 'absent', dependents);
    const text = action.type === 'dropOwners' ? `dropOwners ${[...action.uids].join(' ')}` : action.type === 'delete' ? `delete ${action.policy}${action.unblocksOwners ? ' unblocks' : ''}` : action.type;
    assert.equal(text, want);
  });
}
