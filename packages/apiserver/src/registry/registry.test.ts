import { type ApiObject, ApiError } from '@kaji/api';
import { kinds } from '@kaji/api/kinds';
import { leases } from '@kaji/api/coordination/v1';
import { configmaps, namespaces, pods, type Service, services } from '@kaji/api/core/v1';
import type { AnyResource } from '@kaji/api';
import { testRuntime } from '@kaji/base/testing';
import { MemoryStore } from '@kaji/store';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reply, ResourceRequest } from '../pipeline/request.ts';
import { errorReply } from './negotiation.ts';
import { createRegistry } from './registry.ts';
import type { Registry } from './parts.ts';

interface Asked {
  readonly verb: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly subresource?: string;
  readonly query?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

const methods: Readonly<Record<string, string>> = { create: 'POST', update: 'PUT', patch: 'PATCH', delete: 'DELETE', deletecollection: 'DELETE' };

/** As the edge would hand it over. */
function requestFor(resource: AnyResource, asked: Asked): ResourceRequest {
  const body = asked.body === undefined ? new Uint8Array() : new TextEncoder().encode(JSON.stringify(asked.body));
  const { group, version, plural } = resource;
  const namespace = resource.isNamespaced ? asked.namespace ?? 'default' : '';
  const { name = '', subresource = '', verb, query = '' } = asked;
  return {
    method: methods[verb] ?? 'GET', path: '/', query: new URLSearchParams(query), rawQuery: query, headers: asked.headers ?? {}, body: () => Promise.resolve(body),
    stream: () => (async function* whole() { yield body; await Promise.resolve(); })(), signal: asked.signal ?? new AbortController().signal, abort: () => undefined, remote: { address: '' }, requestId: 'r', receivedAtMs: 0,
    verb, user: { name: 'u', groups: [] }, isAuthorized: true, isLongRunning: verb === 'watch',
    action: { isResource: true, verb, path: '/', group, version, plural, namespace, name, subresource },
    target: { type: 'resource', resource, namespace, name, subresource, subpath: '' },
  };
}

async function wholeText({ body }: Reply): Promise<string> {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

interface Started {
  readonly registry: Registry;
  readonly store: MemoryStore;
  readonly runtime: TestRuntime;
  stop(): void;
  ask(resource: AnyResource, asked: Asked): Promise<ApiObject & { items?: ApiObject[]; data?: unknown }>;
}

type TestRuntime = ReturnType<typeof testRuntime>;

async function started(runtime = testRuntime(), store = new MemoryStore(runtime)): Promise<Started> {
  const registry = createRegistry({
    authorizer: { authorize: () => ({ isAllowed: true, reason: '' }) },
    runtime, store, kinds, admission: () => [], evaluators: new Map(), serviceClusterIpRanges: ['10.96.0.0/12'], serviceNodePortRange: { first: 30_000, last: 32_767 },
  });
  const controller = new AbortController();
  await registry.start(controller.signal);
  return {
    registry, store, runtime, stop: () => { controller.abort(); },
    ask: async (resource, asked) => JSON.parse(await wholeText(await registry.dispatch(requestFor(resource, asked)))) as ApiObject,
  };
}

const configMap = (name: string, data: Record<string, string> = {}): unknown => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });

test('creates, reads, updates, patches, lists and deletes', async () => {
  const { ask, stop } = await started();
  const created = await ask(configmaps, { verb: 'create', body: configMap('a', { k: 'v' }) });
  assert.equal(created.metadata.name, 'a');
  assert.ok(Number(created.metadata.resourceVersion) > 0);
  const read = await ask(configmaps, { verb: 'get', name: 'a' });
  assert.deepEqual(read, created);
  const updated = await ask(configmaps, { verb: 'update', name: 'a', body: configMap('a', { k: 'w' }) });
  assert.notEqual(updated.metadata.resourceVersion, created.metadata.resourceVersion);
  const patched = await ask(configmaps, { verb: 'patch', name: 'a', body: { data: { l: 'm' } }, headers: { 'content-type': 'application/merge-patch+json' } });
  assert.deepEqual(patched.data, { k: 'w', l: 'm' });
  const { items } = await ask(configmaps, { verb: 'list' });
  assert.deepEqual(items?.map(({ metadata, kind }) => [metadata.name, kind]), [['a', undefined]]);
  await ask(configmaps, { verb: 'delete', name: 'a' });
  await assert.rejects(ask(configmaps, { verb: 'get', name: 'a' }), (error) => error instanceof ApiError && error.message === 'configmaps "a" not found');
  stop();
});

test('a hundred watchers are given the same bytes', async () => {
  const { registry, ask, stop } = await started();
  const end = new AbortController();
  const replies = await Promise.all(Array.from({ length: 100 }, () => registry.dispatch(requestFor(configmaps, { verb: 'watch', query: 'watch=true&resourceVersion=0', signal: end.signal }))));
  const firsts = replies.map(({ body }) => (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]().next());
  await ask(configmaps, { verb: 'create', body: configMap('a', { k: 'v' }) });
  const chunks = await Promise.all(firsts);
  const texts = new Set(chunks.map(({ value }) => Buffer.from(value as Uint8Array).toString()));
  assert.equal(texts.size, 1);
  assert.match([...texts][0] ?? '', /^\{"type":"ADDED","object":\{"kind":"ConfigMap","apiVersion":"v1",.*\}\}\n$/);
  end.abort();
  stop();
});

test('pages of a list show one state while writes go on', async () => {
  const { ask, stop } = await started();
  for (const name of ['a', 'b', 'c']) await ask(configmaps, { verb: 'create', body: configMap(name) });
  const first = await ask(configmaps, { verb: 'list', query: 'limit=2' });
  await ask(configmaps, { verb: 'delete', name: 'c' });
  const token = (first.metadata as { continue?: string }).continue ?? '';
  const second = await ask(configmaps, { verb: 'list', query: `limit=2&continue=${token}` });
  assert.deepEqual(second.items?.map(({ metadata }) => metadata.name), ['c']);
  assert.equal(second.metadata.resourceVersion, first.metadata.resourceVersion);
  stop();
});

test('a list whose state is too old goes on with what is there now', async () => {
  const { ask, runtime, registry, stop } = await started();
  for (const name of ['a', 'b', 'c', 'd']) await ask(configmaps, { verb: 'create', body: configMap(name) });
  const first = await ask(configmaps, { verb: 'list', query: 'limit=1' });
  const token = (first.metadata as { continue?: string }).continue ?? '';
  await ask(configmaps, { verb: 'delete', name: 'b' });
  for (let minute = 0; minute < 12; minute++) {
    await runtime.clock.advance(60_000);
    await ask(configmaps, { verb: 'update', name: 'a', body: configMap('a', { minute: String(minute) }) });
  }
  const asked = requestFor(configmaps, { verb: 'list', query: `limit=1&continue=${token}` });
  const refused = await registry.dispatch(asked).then(() => assert.fail('an old token was taken'), ApiError.from);
  assert.match(refused.message, /^The provided continue parameter is too old to display a consistent list result\. You can start .*use the continue token in this response/);
  const answer = JSON.parse(await wholeText(errorReply(asked, refused))) as { metadata: { continue: string }; code: number };
  assert.equal(answer.code, 410);
  const second = await ask(configmaps, { verb: 'list', query: `limit=1&continue=${answer.metadata.continue}` });
  assert.deepEqual(second.items?.map(({ metadata }) => metadata.name), ['c']);
  assert.notEqual(second.metadata.resourceVersion, first.metadata.resourceVersion);
  assert.equal((second.metadata as { remainingItemCount?: number }).remainingItemCount, 1);
  await registry.close();
  stop();
});

test('a namespace that is deleted stays until it is finalized', async () => {
  const { ask, stop } = await started();
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } };
  await ask(namespaces, { verb: 'create', body });
  const deleted = await ask(namespaces, { verb: 'delete', name: 'n' }) as ApiObject & { status: { phase: string } };
  assert.equal(deleted.status.phase, 'Terminating');
  await ask(namespaces, { verb: 'update', name: 'n', subresource: 'finalize', body: { ...body, spec: { finalizers: [] } } });
  await assert.rejects(ask(namespaces, { verb: 'get', name: 'n' }), (error) => error instanceof ApiError && error.reason === 'NotFound');
  stop();
});

test('an unscheduled pod goes at once', async () => {
  const { ask, stop } = await started();
  await ask(pods, { verb: 'create', body: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }] } } });
  const deleted = await ask(pods, { verb: 'delete', name: 'p' });
  assert.equal(deleted.metadata.deletionGracePeriodSeconds, 0);
  assert.deepEqual((await ask(pods, { verb: 'list' })).items, []);
  stop();
});

const isReason = (reason: string) => (error: unknown): boolean => error instanceof ApiError && error.reason === reason;

async function firstChunk(reply: Reply): Promise<string> {
  const { value } = await (reply.body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]().next() as IteratorResult<Uint8Array>; // a watch streams
  return Buffer.from(value as Uint8Array).toString();
}

test('a watch resumes where it was after the server was restarted', async () => {
  const before = await started();
  const first = await before.ask(configmaps, { verb: 'create', body: configMap('a') });
  await before.ask(configmaps, { verb: 'update', name: 'a', body: configMap('a', { k: 'v' }) });
  before.stop();
  const after = await started(before.runtime, before.store);
  const end = new AbortController();
  const reply = await after.registry.dispatch(requestFor(configmaps, { verb: 'watch', query: `resourceVersion=${first.metadata.resourceVersion ?? ''}`, signal: end.signal }));
  assert.match(await firstChunk(reply), /^\{"type":"MODIFIED".*"k":"v"/);
  end.abort();
  after.stop();
});

test('what is older than five minutes is gone for clients', async () => {
  const { ask, runtime, registry, stop } = await started();
  const { metadata } = await ask(configmaps, { verb: 'create', body: configMap('a') });
  const exact = `resourceVersion=${metadata.resourceVersion ?? ''}&resourceVersionMatch=Exact`;
  await ask(configmaps, { verb: 'update', name: 'a', body: configMap('a', { k: 'v' }) });
  assert.equal((await ask(configmaps, { verb: 'list', query: exact })).items?.length, 1);
  for (let minute = 0; minute < 12; minute++) {
    await runtime.clock.advance(60_000);
    await ask(configmaps, { verb: 'update', name: 'a', body: configMap('a', { minute: String(minute) }) });
  }
  await assert.rejects(ask(configmaps, { verb: 'list', query: exact }), isReason('Expired'));
  await registry.close();
  stop();
});

test('a scheduled pod is given its grace, which can only be made shorter', async () => {
  const { ask, stop } = await started();
  await ask(pods, { verb: 'create', body: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] } } });
  const grace = async (query: string): Promise<number | undefined> => (await ask(pods, { verb: 'delete', name: 'p', query })).metadata.deletionGracePeriodSeconds;
  assert.equal(await grace(''), 30);
  assert.equal(await grace('gracePeriodSeconds=60'), 30);
  assert.equal(await grace('gracePeriodSeconds=5'), 5);
  assert.equal((await ask(pods, { verb: 'get', name: 'p' })).metadata.deletionGracePeriodSeconds, 5);
  await grace('gracePeriodSeconds=0');
  await assert.rejects(ask(pods, { verb: 'get', name: 'p' }), isReason('NotFound'));
  stop();
});

test('an object with a finalizer waits for it', async () => {
  const { ask, stop } = await started();
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', finalizers: ['example.com/f'] } };
  await ask(configmaps, { verb: 'create', body });
  await ask(configmaps, { verb: 'delete', name: 'a' });
  assert.notEqual((await ask(configmaps, { verb: 'get', name: 'a' })).metadata.deletionTimestamp, undefined);
  await assert.rejects(ask(configmaps, { verb: 'create', body }), (error) => error instanceof ApiError && error.message.startsWith('object is being deleted: '));
  await ask(configmaps, { verb: 'update', name: 'a', body: configMap('a') });
  await assert.rejects(ask(configmaps, { verb: 'get', name: 'a' }), isReason('NotFound'));
  stop();
});

test('an update of an old version is a conflict, one without a version is not', async () => {
  const { ask, stop } = await started();
  const first = await ask(configmaps, { verb: 'create', body: configMap('a') });
  await ask(configmaps, { verb: 'update', name: 'a', body: configMap('a', { k: '1' }) });
  const stale = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', resourceVersion: first.metadata.resourceVersion } };
  await assert.rejects(ask(configmaps, { verb: 'update', name: 'a', body: stale }), isReason('Conflict'));
  const same = await ask(configmaps, { verb: 'update', name: 'a', body: configMap('a', { k: '1' }) });
  const again = await ask(configmaps, { verb: 'update', name: 'a', body: configMap('a', { k: '1' }) });
  assert.equal(again.metadata.resourceVersion, same.metadata.resourceVersion);
  stop();
});

test('a lease that is gone is made again by an update, but not by one that names the old', async () => {
  const it = await started();
  const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'a', namespace: 'default' }, spec: { holderIdentity: 'x' } };
  const { metadata: { uid = '', resourceVersion } } = await it.ask(leases, { verb: 'create', body: lease });
  await it.ask(leases, { verb: 'delete', name: 'a' });
  await assert.rejects(it.ask(leases, { verb: 'update', name: 'a', body: { ...lease, metadata: { ...lease.metadata, uid, resourceVersion } } }), {
    message: `Operation cannot be fulfilled on leases.coordination.k8s.io "a": StorageError: invalid object, Code: 4, Key: /registry/leases/default/a, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: `,
  });
  const again = await it.ask(leases, { verb: 'update', name: 'a', body: { ...lease, metadata: { ...lease.metadata, resourceVersion } } });
  assert.notEqual(again.metadata.uid, uid);
  it.stop();
});

test('patches that race all count', async () => {
  const { ask, stop } = await started();
  await ask(configmaps, { verb: 'create', body: configMap('a') });
  const headers = { 'content-type': 'application/merge-patch+json' };
  await Promise.all(Array.from({ length: 8 }, (_, index) => ask(configmaps, { verb: 'patch', name: 'a', headers, body: { data: { [`k${index}`]: 'v' } } })));
  const { data } = await ask(configmaps, { verb: 'get', name: 'a' });
  assert.equal(Object.keys(data as object).length, 8);
  stop();
});

test('services get addresses and ports of their own', async () => {
  const { ask, stop } = await started();
  const body = (name: string): unknown => ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { type: 'NodePort', ports: [{ port: 80 }] } });
  const made = await Promise.all(Array.from({ length: 20 }, (_, index) => ask(services, { verb: 'create', body: body(`s${index}`) }))) as (Service & ApiObject)[];
  assert.equal(new Set(made.map(({ spec }) => spec.clusterIP)).size, 20);
  assert.equal(new Set(made.map(({ spec }) => spec.ports?.[0]?.nodePort)).size, 20);
  assert.ok(made.every(({ spec }) => spec.clusterIP?.startsWith('10.') === true && (spec.ports?.[0]?.nodePort ?? 0) >= 30_000));
  stop();
});

test('objects that enter and leave a selector look created and deleted', async () => {
  const { ask, registry, stop } = await started();
  const end = new AbortController();
  const { metadata } = await ask(configmaps, { verb: 'create', body: configMap('a') });
  const label = (value: string | null): unknown => ({ metadata: { labels: { app: value } } });
  const headers = { 'content-type': 'application/merge-patch+json' };
  await ask(configmaps, { verb: 'patch', name: 'a', headers, body: label('x') });
  await ask(configmaps, { verb: 'patch', name: 'a', headers, body: label('y') });
  const reply = await registry.dispatch(requestFor(configmaps, { verb: 'watch', query: `resourceVersion=${metadata.resourceVersion ?? ''}&labelSelector=app%3Dx`, signal: end.signal }));
  const events = (await firstChunk(reply)).trim().split('\n').map((line) => JSON.parse(line) as { type: string; object: ApiObject });
  assert.deepEqual(events.map(({ type }) => type), ['ADDED', 'DELETED']);
  assert.deepEqual(events.map(({ object }) => object.metadata.labels), [{ app: 'x' }, { app: 'x' }]);
  end.abort();
  stop();
});
