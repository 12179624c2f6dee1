import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testRuntime } from '@kaji/base/testing';
import { createClient, readAll } from '@kaji/client';
import { services } from '@kaji/api/core/v1';
import { clusterroles } from '@kaji/api/rbac/v1';
import { MemoryStore, type Store } from '@kaji/store';
import { startTestServer, type TestServer } from './testing.ts';

const revisionOf = async (store: Store): Promise<number> => (await store.list({ start: '/', end: '0' }, { limit: 1 })).revision;

async function get(server: TestServer, path: string, headers: Record<string, string> = {}): Promise<{ status: number; headers: Readonly<Record<string, string>>; text: string }> {
  const reply = await server.transport().request({ method: 'GET', path, headers });
  return { status: reply.status, headers: reply.headers, text: Buffer.from(await readAll(reply.body)).toString() };
}

test('everything a cluster starts with is one write, and none on the next start', async () => {
  const runtime = testRuntime();
  const store = new MemoryStore(runtime);
  const before = await revisionOf(store);
  await (await startTestServer({ runtime, store })).close();
  const first = await revisionOf(store);
  assert.equal(first, before + 1);
  await (await startTestServer({ runtime, store })).close();
  assert.equal(await revisionOf(store), first);
  await store.close();
});

test('a start gives default roles back what was taken, and leaves what was added', async () => {
  const runtime = testRuntime();
  const store = new MemoryStore(runtime);
  const key = { namespace: '', name: 'system:basic-user' };
  {
    await using server = await startTestServer({ runtime, store });
    const client = createClient(server.transport(), { userAgent: 'test' });
    const role = await client.get(clusterroles, key);
    await client.update(clusterroles, { ...role, rules: [{ verbs: ['get'], apiGroups: ['example.com'], resources: ['things'] }] });
  }
  await using server = await startTestServer({ runtime, store });
  const { rules } = await createClient(server.transport(), { userAgent: 'test' }).get(clusterroles, key);
  assert.deepEqual((rules ?? []).map((rule) => rule.apiGroups?.[0]).sort(), ['authentication.k8s.io', 'authorization.k8s.io', 'authorization.k8s.io', 'example.com']);
});

test('the Service kubernetes leads to the address advertised, which is written once', async () => {
  const runtime = testRuntime();
  const store = new MemoryStore(runtime);
  await using server = await startTestServer({ runtime, store });
  await server.server.advertise({ address: '172.30.1.2', port: 6443 });
  const client = createClient(server.transport(), { userAgent: 'test' });
  const service = await client.get(services, { namespace: 'default', name: 'kubernetes' });
  assert.equal(service.spec?.clusterIP, '10.96.0.1');
  const { text } = await get(server, '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes');
  assert.deepEqual((JSON.parse(text) as { endpoints: { addresses: string[] }[] }).endpoints[0]?.addresses, ['172.30.1.2']);
  const revision = await revisionOf(store);
  await server.server.advertise({ address: '172.30.1.2', port: 6443 });
  assert.equal(await revisionOf(store), revision);
});

test('health is told whole, in part and without what is excluded', async () => {
  await using server = await startTestServer();
  assert.equal((await get(server, '/livez')).text, 'ok');
  assert.equal((await get(server, '/livez/etcd')).text, 'ok');
  assert.match((await get(server, '/livez?verbose&exclude=etcd')).text, /\[\+\]etcd excluded: ok\n[\s\S]*livez check passed\n$/);
  assert.equal((await get(server, '/readyz/none')).status, 404);
  await server.store.close();
  const failed = await get(server, '/livez');
  assert.equal(failed.status, 500);
  assert.match(failed.text, /\[-\]etcd failed: reason withheld/);
});

test('aggregated discovery is not sent again to who has it', async () => {
  await using server = await startTestServer();
  const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
  const first = await get(server, '/apis', { accept });
  const { etag = '' } = first.headers;
  assert.match(first.text, /^\{"kind":"APIGroupDiscoveryList","apiVersion":"apidiscovery.k8s.io\/v2"/);
  assert.deepEqual(await get(server, '/apis', { accept, 'if-none-match': etag }).then(({ status, text }) => [status, text]), [304, '']);
  assert.match((await get(server, '/apis', { accept: 'application/json' })).text, /^\{"kind":"APIGroupList"/);
});

test('a request that waits too long ends at its deadline', async () => {
  const runtime = testRuntime();
  await using server = await startTestServer({ runtime });
  const { promise: never } = Promise.withResolvers<Uint8Array>();
  const answer = server.server.handle({
    method: 'POST', path: '/api/v1/namespaces/default/configmaps', query: new URLSearchParams('timeout=5s'), rawQuery: 'timeout=5s', headers: { 'content-type': 'application/json' },
    body: () => never, stream: async function* () { /* nothing arrives */ }, signal: new AbortController().signal, abort: () => undefined, remote: { address: '' }, user: { name: 'a', groups: ['system:masters'] },
  });
  await runtime.clock.advance(6000);
  assert.equal((await answer).status, 504);
});
