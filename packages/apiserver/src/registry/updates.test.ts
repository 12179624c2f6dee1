/** Rows of updates as upstream answers them: an object, what is sent, and a part of the answer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAll } from '@kaji/client';
import { startTestServer, type TestServer } from '../testing.ts';

interface Body {
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly field: string; readonly message: string }[] };
  readonly metadata: { readonly generateName?: string; readonly labels?: unknown; readonly annotations?: unknown; readonly managedFields?: readonly { readonly manager: string; readonly fieldsV1: unknown }[] };
}

async function send(server: TestServer, method: string, path: string, body: unknown): Promise<Body> {
  const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const reply = await server.transport().request({ method, path, headers: { 'content-type': contentType }, body: new TextEncoder().encode(JSON.stringify(body)) });
  return JSON.parse(Buffer.from(await readAll(reply.body)).toString()) as Body;
}

const pathOf = (collection: string): string => `${collection}/a`;
const workload = { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b' }] } } };

for (const [collection, rest, want] of [
  ['/api/v1/namespaces', {}, 'wholly, then for what changed'],
  ['/apis/batch/v1/namespaces/default/jobs', { spec: workload }, 'wholly, then for what changed'],
  ['/apis/storage.k8s.io/v1/storageclasses', { provisioner: 'a.b' }, 'wholly, then for what changed'],
  ['/apis/storage.k8s.io/v1/namespaces/default/csistoragecapacities', { storageClassName: 'a' }, 'wholly, then for what changed'],
  ['/api/v1/namespaces/default/configmaps', {}, 'for what changed, then wholly'],
] as const) {
  test(`metadata is checked ${want}: ${collection}`, async () => {
    await using server = await startTestServer();
    await send(server, 'POST', collection, { metadata: { name: 'a' }, ...rest });
    const { details } = await send(server, 'PATCH', pathOf(collection), { metadata: { finalizers: ['-a', 'b'] } });
    const causes = details?.causes?.map(({ field, message }) => `${field.replace('metadata.', '')} ${message.includes('name part') ? 'form' : 'domain'}`);
    const [form, domains] = [['finalizers form'], ['finalizers[0] domain', 'finalizers[1] domain']];
    assert.deepEqual(causes, want === 'wholly, then for what changed' ? [...form, ...form, ...domains, ...domains] : [...form, ...domains, ...form, ...domains]);
  });
}

for (const [collection, rest, want] of [
  ['/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations', { spec: { type: 'Exempt' } }, [undefined, undefined]],
  ['/apis/networking.k8s.io/v1/servicecidrs', { spec: { cidrs: ['10.1.0.0/24'] } }, ['x', undefined]],
  ['/api/v1/namespaces', {}, ['x', { a: 'b', 'kubernetes.io/metadata.name': 'a' }]],
] as const) {
  test(`what a write of the status changes of metadata is the kind's to say: ${collection}`, async () => {
    await using server = await startTestServer();
    await send(server, 'POST', collection, { metadata: { name: 'a' }, ...rest });
    const { metadata } = await send(server, 'PATCH', `${pathOf(collection)}/status`, { metadata: { generateName: 'x', labels: { a: 'b' } } });
    assert.deepEqual([metadata.generateName, metadata.labels], want);
  });
}

test('who repeats an item of a set owns it', async () => {
  await using server = await startTestServer();
  await send(server, 'POST', '/api/v1/namespaces/default/configmaps?fieldManager=a', { metadata: { name: 'a', finalizers: ['x.y/z'] } });
  const { metadata } = await send(server, 'PATCH', '/api/v1/namespaces/default/configmaps/a?fieldManager=b', { metadata: { finalizers: ['x.y/z', 'x.y/z'] } });
  assert.deepEqual(metadata.managedFields?.map(({ manager, fieldsV1 }) => [manager, fieldsV1]), [['a', { 'f:metadata': { 'f:finalizers': {} } }], ['b', { 'f:metadata': { 'f:finalizers': { 'v:"x.y/z"': {} } } }]]);
});

for (const [collection, name, spec, want] of [
  ['/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings', 'a', { policyName: 'p', validationActions: ['Deny'] }, { 'f:policyName': {}, 'f:validationActions': { '.': {}, 'v:"Deny"': {} } }],
  ['/apis/networking.k8s.io/v1/ipaddresses', '198.18.0.1', { parentRef: { resource: 'services', namespace: 'default', name: 'a' } }, { 'f:parentRef': { '.': {}, 'f:name': {}, 'f:namespace': {}, 'f:resource': {} } }],
] as const) {
  test(`what is left out where it is absent is owned with what it holds: ${collection}`, async () => {
    await using server = await startTestServer();
    const { metadata } = await send(server, 'POST', collection, { metadata: { name }, spec });
    assert.deepEqual(metadata.managedFields?.[0]?.fieldsV1, { 'f:spec': want });
  });
}

for (const [collection, spec, metadata, want] of [
  ['/apis/apps/v1/namespaces/default/daemonsets', { selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'a', image: 'b' }] } } }, { annotations: null }, { 'deprecated.daemonset.template.generation': '1' }],
  ['/apis/storage.k8s.io/v1/volumeattachments', { attacher: 'a.b', nodeName: 'a', source: { persistentVolumeName: 'v' } }, { generateName: 'A' }, ['metadata.generateName']],
] as const) {
  test(`a write of the status is checked and prepared as the kind has it: ${collection}`, async () => {
    await using server = await startTestServer();
    await send(server, 'POST', collection, { metadata: { name: 'a' }, spec });
    const { metadata: after, details } = await send(server, 'PATCH', `${pathOf(collection)}/status`, { metadata });
    assert.deepEqual(after.annotations ?? details?.causes?.map(({ field }) => field), want);
  });
}

test('metadata of a RuntimeClass is checked wholly before what changed', async () => {
  await using server = await startTestServer();
  const classes = '/apis/node.k8s.io/v1/runtimeclasses';
  await send(server, 'POST', classes, { metadata: { name: 'a' }, handler: 'a' });
  const { details } = await send(server, 'PATCH', pathOf(classes), { metadata: { deletionTimestamp: '2025-06-01T00:00:00Z', annotations: { '-a': '' } } });
  assert.deepEqual(details?.causes?.map(({ field }) => field.replace('metadata.', '')), ['annotations', 'deletionTimestamp', 'annotations', 'annotations', 'deletionTimestamp', 'annotations']);
});

test('features of a node are put in order before each is looked at', async () => {
  await using server = await startTestServer();
  await send(server, 'POST', '/api/v1/nodes', { metadata: { name: 'a' } });
  const { details } = await send(server, 'PATCH', '/api/v1/nodes/a/status', { status: { declaredFeatures: ['Exists', '/abs'] } });
  assert.deepEqual(details?.causes?.map(({ message }) => message.slice('Invalid value: "/abs": '.length, -1).split(' ')[0]), ['list', 'invalid']);
});

test('a dry run names an object that is another without the prefix of what is stored', async () => {
  await using server = await startTestServer();
  await send(server, 'POST', '/api/v1/namespaces/default/configmaps', { metadata: { name: 'a' } });
  const keys: (string | undefined)[] = [];
  for (const query of ['', '?dryRun=All']) keys.push(/Key: ([^,]*)/.exec((await send(server, 'PUT', `/api/v1/namespaces/default/configmaps/a${query}`, { metadata: { name: 'a', uid: 'x' } })).message ?? '')?.[1]);
  assert.deepEqual(keys, ['/registry/configmaps/default/a', '/configmaps/default/a']);
});
