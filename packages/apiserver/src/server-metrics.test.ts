import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configmaps, endpoints } from '@kaji/api/core/v1';
import { prometheusMetrics } from '@kaji/base/real';
import { testRuntime } from '@kaji/base/testing';
import { createClient, readAll } from '@kaji/client';
import { startTestServer } from './testing.ts';

test('the metrics tell what was asked, by whom, and what is kept', async () => {
  await using server = await startTestServer({ runtime: { ...testRuntime(), metrics: prometheusMetrics() } });
  const client = createClient(server.transport(), { userAgent: 'test' });
  await client.create(configmaps, { metadata: { namespace: 'default', name: 'c' } });
  await client.list(configmaps, { namespace: 'default' });
  await client.list(endpoints, {});
  const reply = await server.transport().request({ method: 'GET', path: '/metrics', headers: {} });
  const lines = new Set(new TextDecoder().decode(await readAll(reply.body)).split('\n'));
  const core = 'component="apiserver",group="",resource="configmaps"';
  for (const line of [
    `apiserver_request_total{${core},scope="resource",subresource="",verb="POST",version="v1",code="201",dry_run=""} 1`,
    `apiserver_request_total{${core},scope="namespace",subresource="",verb="LIST",version="v1",code="200",dry_run=""} 1`,
    `apiserver_response_sizes_count{${core},scope="namespace",subresource="",verb="LIST",version="v1"} 1`,
    'apiserver_storage_objects{resource="configmaps"} 3',
    'apiserver_requested_deprecated_apis{group="",removed_release="",resource="endpoints",subresource="",version="v1"} 1',
    'version_info{binary="1.36",component="kube",emulation="1.36",min_compat="1.35"} 1',
  ]) assert.ok(lines.has(line), line);
  assert.ok([...lines].some((line) => /^authenticated_user_requests\{username="admin"\} [3-9]/.test(line)));
});
