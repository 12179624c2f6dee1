import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Metrics, noMetrics } from '@kaji/base';
import { testRuntime } from '@kaji/base/testing';
import { createClient } from '@kaji/client';
import { type Namespace, namespaces, type Pod, pods } from '@kaji/api/core/v1';
import type { ApiObject } from '@kaji/api';
import { startTestServer } from '../../testing.ts';

test('what is only to be recorded is counted', async () => {
  const counts: string[] = [];
  const metrics: Metrics = { ...noMetrics, counter: (declaration) => ({ ...noMetrics.counter(declaration), add: (labels) => {
    const { mode = '', decision = '', policy_level: level = '', policy_version: version = '', request_operation: operation = '', resource = '' } = labels as Readonly<Record<string, string>>; // of any metric
    if (declaration.name.startsWith('pod_security_')) counts.push(`${declaration.name} ${mode} ${decision} ${level}:${version} ${operation} ${resource}`);
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
