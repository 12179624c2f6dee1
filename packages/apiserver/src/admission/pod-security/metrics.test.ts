import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noMetrics } from '@kaji/base';
import { testRuntime } from '@kaji/base/testing';
import { createClient } from '@kaji/client';
import { type Namespace, namespaces, type Pod, pods } from '@kaji/api/core/v1';
import type { ApiObject } from '@kaji/api';
import { startTestServer } from '../../testing.ts';

test('what is only to be recorded is counted', async () => {
  const counts: string[] = [];
  const metrics = { ...noMetrics, counter: ({ name }: { readonly name: string }) => ({ add: (labels: Readonly<Record<string, string>> = {}) => {
    if (name.startsWith('pod_security_')) counts.push(`${name} ${labels['mode'] ?? ''} ${labels['decision'] ?? ''} ${labels['policy_level'] ?? ''}:${labels['policy_version'] ?? ''} ${labels['request_operation']} ${labels['resource']}`);
  } }) };
  await using server = await startTestServer({ runtime: { ...testRuntime(), metrics }, config: { disabledAdmission: ['ServiceAccount'] } });
  const client = createClient(server.transport(), { userAgent: 'test' });
  await client.create(namespaces, { metadata: { name: 'n', labels: { 'pod-security.kubernetes.io/audit': 'baseline', 'pod-security.kubernetes.io/audit-version': 'v1.99' } }, spec: {} } as Namespace & ApiObject);
  counts.length = 0; // what the server itself does at its start
  const pod = (name: string, spec: object) => ({ metadata: { name, namespace: 'n' }, spec: { containers: [{ name: 'c', image: 'i' }], ...spec } }) as Pod & ApiObject; // literals of the wire
  await client.create(pods, pod('a', {}));
  await client.create(pods, pod('b', { hostNetwork: true }));
  assert.deepEqual(counts, [
    'pod_security_evaluations_total enforce allow privileged:latest create pod',
    'pod_security_evaluations_total enforce allow privileged:latest create pod', 'pod_security_evaluations_total audit deny baseline:future create pod',
  ]);
});
