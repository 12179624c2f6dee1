/** What is given empty counts until it is stored. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ApiObject, isReason } from '@kaji/api';
import { type PersistentVolumeClaim, persistentvolumeclaims } from '@kaji/api/core/v1';
import { type NetworkPolicy, networkpolicies } from '@kaji/api/networking/v1';
import { type PolicyRule, type Role, roles } from '@kaji/api/rbac/v1';
import { createClient } from '@kaji/client';
import { startTestServer } from '../testing.ts';

const metadata = { name: 'a', namespace: 'default' };

test('a refused change shows what it gives empty, and nothing of what was given empty before', async () => {
  await using server = await startTestServer();
  const client = createClient(server.transport(), { userAgent: 'test' });
  const claim = (resources: object): PersistentVolumeClaim & ApiObject => ({ metadata, spec: { accessModes: ['ReadWriteOnce'], resources } });
  await client.create(persistentvolumeclaims, claim({ requests: { storage: '1Gi' }, limits: {} }));
  const shown = ' "Resources": {\n-  "Limits": null,\n-  "Requests": {\n-   "storage": "1Gi"\n-  }\n+  "Limits": {},\n+  "Requests": {}\n  },\n';
  await assert.rejects(client.update(persistentvolumeclaims, claim({ requests: {}, limits: {} })), (error: Error) => isReason(error, 'Invalid') && error.message.includes(shown));
  await assert.rejects(client.patch(persistentvolumeclaims, metadata, { type: 'merge', body: { spec: { resources: { requests: { storage: null }, limits: {} } } } }), (error: Error) => isReason(error, 'Invalid') && error.message.includes(shown));
});

test('a network policy that gives an empty list is a new generation each time', async () => {
  await using server = await startTestServer();
  const client = createClient(server.transport(), { userAgent: 'test' });
  const policy = (matchExpressions?: []): NetworkPolicy & ApiObject => ({ metadata, spec: { podSelector: { matchExpressions } } });
  await client.create(networkpolicies, policy());
  const generations: (number | undefined)[] = [];
  for (const next of [policy(), policy([]), policy([]), policy()]) generations.push((await client.update(networkpolicies, next)).metadata.generation);
  assert.deepEqual(generations, [1, 2, 3, 3]);
});

test('who gives an empty list where nil stood owns it, where both are written; and what such a list holds counts in those that are replaced whole', async () => {
  await using server = await startTestServer();
  const client = createClient(server.transport(), { userAgent: 'test' });
  const owners = (role: ApiObject): unknown => role.metadata.managedFields?.map(({ manager }) => manager);
  const role = (name: string, rules?: PolicyRule[]): Role & ApiObject => ({ metadata: { name, namespace: 'default' }, rules: rules as PolicyRule[] }); // absent, to say nil
  const rule = { verbs: ['get'], apiGroups: [''], resources: ['pods'] };
  await client.create(roles, role('a', [rule]), { fieldManager: 'a' });
  const changes: unknown[] = [];
  for (const [manager, next] of [['b', role('a')], ['c', role('a', [])], ['d', role('a')]] as const) changes.push(owners(await client.update(roles, next, { fieldManager: manager })));
  assert.deepEqual(changes, [['b'], ['c'], ['c']]);
  await client.create(roles, role('b', [rule]), { fieldManager: 'a' });
  assert.deepEqual(owners(await client.update(roles, role('b', [{ ...rule, resourceNames: [] }]), { fieldManager: 'b' })), ['b']);
});
