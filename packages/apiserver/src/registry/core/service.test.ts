import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError, type ApiObject } from '@kaji/api';
import { type Service, services, type ServiceSpec } from '@kaji/api/core/v1';
import { ipaddresses, servicecidrs } from '@kaji/api/networking/v1';
import { type Client, createClient } from '@kaji/client';
import { startTestServer, type TestServer } from '../../testing.ts';

interface Cluster extends AsyncDisposable {
  readonly client: Client;
}

async function cluster(ranges: readonly string[] = ['10.0.0.0/24']): Promise<Cluster> {
  const server: TestServer = await startTestServer({ config: { serviceClusterIpRanges: ranges } });
  return { client: createClient(server.transport(), { userAgent: 'test' }), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const ports = [{ port: 80 }] as NonNullable<ServiceSpec['ports']>;
const service = (name: string, spec: Partial<ServiceSpec> = {}): Service & ApiObject => ({ metadata: { namespace: 'default', name }, spec: { ports, ...spec } }) as Service & ApiObject;
const key = (name: string): { namespace: string; name: string } => ({ namespace: 'default', name });

async function addressesOf(client: Client, name: string): Promise<string[]> {
  const { items } = await client.list(ipaddresses, {});
  return items.filter(({ spec }) => spec.parentRef.name === name).map(({ metadata }) => metadata.name ?? '').toSorted();
}

const refusal = (pattern: RegExp) => (error: unknown): boolean => {
  assert.ok(error instanceof ApiError);
  assert.match(error.message, pattern);
  return true;
};

test('an address is kept by an object that says whose it is, and goes with its Service', async () => {
  await using running = await cluster();
  const { client } = running;
  const { spec } = await client.create(services, service('web'));
  const kept = await client.get(ipaddresses, { namespace: '', name: spec.clusterIP ?? '' });
  assert.deepEqual(kept.metadata.labels, { 'ipaddress.kubernetes.io/ip-family': 'IPv4', 'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io' });
  assert.deepEqual({ ...kept.spec.parentRef }, { resource: 'services', namespace: 'default', name: 'web' });
  await client.delete(services, key('web'));
  assert.deepEqual(await addressesOf(client, 'web'), []);
});

test('a Service that needs no address any more gives it back, and takes one when it does', async () => {
  await using running = await cluster();
  const { client } = running;
  const before = await client.create(services, service('web', { type: 'NodePort' }));
  const external = await client.patch(services, key('web'), { type: 'merge', body: { spec: { type: 'ExternalName', externalName: 'a.example' } } });
  assert.deepEqual([external.spec.clusterIP, external.spec.clusterIPs, external.spec.ipFamilies, external.spec.internalTrafficPolicy, external.spec.ports?.[0]?.nodePort], [undefined, undefined, undefined, undefined, undefined]);
  assert.deepEqual(await addressesOf(client, 'web'), []);
  const back = await client.patch(services, key('web'), { type: 'merge', body: { spec: { type: 'ClusterIP', externalName: null } } });
  assert.deepEqual(await addressesOf(client, 'web'), back.spec.clusterIPs);
  assert.ok(before.spec.clusterIP !== undefined && back.spec.internalTrafficPolicy === 'Cluster');
});

test('writes at once never get one address or port twice', async () => {
  await using running = await cluster(['10.0.0.0/26']);
  const { client } = running;
  const made = await Promise.allSettled(Array.from({ length: 70 }, (_, index) => client.create(services, service(`s${index}`, { type: 'NodePort' }))));
  const done = made.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  assert.equal(done.length, 61); // 62 addresses, of which the API server's own Service has one
  assert.equal(new Set(done.map(({ spec }) => spec.clusterIP)).size, 61);
  assert.equal(new Set(done.map(({ spec }) => spec.ports?.[0]?.nodePort)).size, 61);
  await assert.rejects(client.create(services, service('one-more')), refusal(/failed to allocate a serviceIP.*: range is full/));
  await client.delete(services, key(done[0]?.metadata.name ?? ''));
  const next = await client.create(services, service('one-more'));
  assert.equal(next.spec.clusterIP, done[0]?.spec.clusterIP);
});

test('an address that is chosen is checked', async () => {
  await using running = await cluster();
  const { client } = running;
  await client.create(services, service('first', { clusterIP: '10.0.0.9' }));
  await assert.rejects(client.create(services, service('second', { clusterIP: '10.0.0.9' })), refusal(/spec\.clusterIPs: Invalid value: \["10\.0\.0\.9"\]: failed to allocate IP 10\.0\.0\.9: provided IP is already allocated$/));
  await assert.rejects(client.create(services, service('second', { clusterIP: '10.9.0.9' })), refusal(/failed to allocate IP 10\.9\.0\.9: .*the provided network does not match the current range/));
  assert.deepEqual(await addressesOf(client, 'second'), []);
});

test('a further range is used when the first is full, and no more once it is being deleted', async () => {
  await using running = await cluster(['10.0.0.0/30']);
  const { client } = running;
  await client.create(services, service('a'));
  await assert.rejects(client.create(services, service('b')), refusal(/range is full/));
  await client.create(servicecidrs, { metadata: { name: 'more', finalizers: ['test/held'] }, spec: { cidrs: ['10.1.0.0/28'] } });
  assert.match((await client.create(services, service('b'))).spec.clusterIP ?? '', /^10\.1\.0\.\d+$/);
  await client.delete(servicecidrs, { namespace: '', name: 'more' });
  await assert.rejects(client.create(services, service('c')), refusal(/range is full/));
});

test('two families have an address each', async () => {
  await using running = await cluster(['10.0.0.0/24', 'fd00::/112']);
  const { client } = running;
  const { spec } = await client.create(services, service('both', { ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv6'] }));
  assert.deepEqual(spec.ipFamilies, ['IPv6', 'IPv4']);
  assert.match(spec.clusterIP ?? '', /^fd00::/);
  assert.equal((await addressesOf(client, 'both')).length, 2);
  const single = await client.patch(services, key('both'), { type: 'merge', body: { spec: { ipFamilyPolicy: 'SingleStack' } } });
  assert.deepEqual([single.spec.ipFamilies, single.spec.clusterIPs], [['IPv6'], [spec.clusterIP]]);
  assert.deepEqual(await addressesOf(client, 'both'), [spec.clusterIP]);
});

test('a dry run takes nothing', async () => {
  await using running = await cluster();
  const { client } = running;
  const dry = await client.create(services, service('dry', { type: 'NodePort' }), { dryRun: true });
  assert.equal(dry.spec.clusterIP, '10.0.0.0');
  assert.deepEqual(await addressesOf(client, 'dry'), []);
  const chosen = service('chosen', { type: 'NodePort', ports: [{ port: 80, nodePort: 30100 }] as NonNullable<ServiceSpec['ports']> });
  await client.create(services, chosen, { dryRun: true });
  await client.create(services, chosen);
  await assert.rejects(client.create(services, { ...chosen, metadata: { namespace: 'default', name: 'other' } }), refusal(/spec\.ports\[0\]\.nodePort: Invalid value: 30100: provided port is already allocated/));
});
