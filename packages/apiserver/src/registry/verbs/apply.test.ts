import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { testRuntime } from '@kaji/base/testing';
import { readAll } from '@kaji/client';
import { startTestServer, type TestServer } from '../../testing.ts';

interface Entry {
  readonly manager: string;
  readonly operation: string;
  readonly subresource?: string;
  readonly apiVersion: string;
  readonly time?: string;
  readonly fieldsV1: unknown;
}

interface Answer {
  readonly status: number;
  readonly body: {
    readonly metadata: { readonly resourceVersion?: string; readonly managedFields?: readonly Entry[]; readonly annotations?: Readonly<Record<string, string>> };
    readonly message?: string;
    readonly data?: unknown;
    readonly spec?: { readonly replicas?: number; readonly ports?: readonly unknown[] };
    readonly details?: { readonly causes?: unknown };
  };
}

const runtime = testRuntime();
let server: TestServer;
before(async () => { server = await startTestServer({ runtime }); });
after(() => server.close());

async function send(method: string, path: string, body: unknown, contentType = 'application/json'): Promise<Answer> {
  const reply = await server.transport().request({ method, path, headers: { 'content-type': contentType }, body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)) });
  return { status: reply.status, body: JSON.parse(Buffer.from(await readAll(reply.body)).toString()) as Answer['body'] };
}

const maps = '/api/v1/namespaces/default/configmaps';
const apply = (path: string, manager: string, config: unknown, force = false): Promise<Answer> => send('PATCH', `${path}?fieldManager=${manager}${force ? '&force=true' : ''}`, config, 'application/apply-patch+yaml');
const merge = (path: string, manager: string, patch: unknown): Promise<Answer> => send('PATCH', `${path}?fieldManager=${manager}`, patch, 'application/merge-patch+json');
const map = (name: string, data: unknown, metadata: unknown = {}): unknown => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...(metadata as object) }, data });
/** Who owns what: `one Apply`, with the fields. */
const owners = ({ body }: Answer): Record<string, unknown> => Object.fromEntries((body.metadata.managedFields ?? []).map(({ manager, operation, subresource, fieldsV1 }) => [`${manager} ${operation}${subresource === undefined ? '' : ` ${subresource}`}`, fieldsV1]));
const data = (...names: string[]): unknown => ({ 'f:data': Object.fromEntries(names.map((name) => [`f:${name}`, {}])) });

test('two may apply the same value; what one leaves out stays while the other states it', async () => {
  const path = `${maps}/shared`;
  await apply(path, 'one', map('shared', { a: '1', b: '2' }));
  assert.deepEqual(owners(await apply(path, 'two', map('shared', { a: '1' }))), { 'one Apply': data('a', 'b'), 'two Apply': data('a') });
  const left = await apply(path, 'one', map('shared', {}));
  assert.deepEqual([left.body.data, owners(left)], [{ a: '1' }, { 'one Apply': { 'f:data': {} }, 'two Apply': data('a') }]);
});

test('what another owns is taken by force alone, and the refusal names every field', async () => {
  const path = `${maps}/conflict`;
  await apply(path, 'one', map('conflict', { a: '1', b: '2' }));
  const refused = await apply(path, 'two', map('conflict', { a: 'x', b: 'y', c: 'z' }));
  assert.equal(refused.status, 409);
  assert.equal(refused.body.message, 'Apply failed with 2 conflicts: conflicts with "one":\n- .data.a\n- .data.b');
  assert.deepEqual(refused.body.details?.causes, ['a', 'b'].map((name) => ({ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: `.data.${name}` })));
  assert.deepEqual(owners(await apply(path, 'two', map('conflict', { a: 'x', b: 'y', c: 'z' }), true)), { 'two Apply': data('a', 'b', 'c') });
  const single = await merge(path, 'editor', { data: { a: 'w' } }).then(() => apply(path, 'two', map('conflict', { a: 'x' })));
  assert.equal(single.body.message, 'Apply failed with 1 conflict: conflict with "editor" using v1: .data.a');
});

test('an apply that changes nothing writes nothing, and a manager that changed nothing has no time', async () => {
  const path = `${maps}/same`;
  const first = await apply(path, 'one', map('same', { a: '1' }));
  await runtime.clock.advance(5000);
  assert.equal((await apply(path, 'one', map('same', { a: '1' }))).body.metadata.resourceVersion, first.body.metadata.resourceVersion);
  const second = await apply(path, 'two', map('same', { a: '1' }));
  assert.deepEqual(second.body.metadata.managedFields?.map(({ manager, time }) => [manager, time !== undefined]), [['two', false], ['one', true]]);
});

const refusals: readonly (readonly [name: string, config: unknown, status: number, message: string])[] = [
  ['another kind', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } }, 400, 'invalid object type: /v1, Kind=Secret'],
  ['no kind', {}, 400, 'invalid object type: /, Kind='],
  ['managed fields', map('x', {}, { managedFields: [] }), 400, 'metadata.managedFields must be nil'],
  ['an unknown field', { ...(map('x', {}) as object), foo: 1 }, 500, 'failed to create typed patch object (/x; /v1, Kind=ConfigMap): .foo: field not declared in schema'],
  ['values of other types', map('x', { a: true, b: [1] }), 500, 'failed to create typed patch object (/x; /v1, Kind=ConfigMap): errors:\n  .data.a: expected string, got &value.valueUnstructured{Value:true}\n  .data.b: expected string, got &value.valueUnstructured{Value:[]interface {}{1}}'],
  ['a set with the same item twice', map('x', {}, { finalizers: ['e.io/a', 'e.io/a'] }), 500, 'failed to create typed patch object (/x; /v1, Kind=ConfigMap): .metadata.finalizers: duplicate entries for key [="e.io/a"]'],
  ['a list', [], 400, 'error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}'],
  ['an identity', map('x', {}, { uid: 'u' }), 409, 'Operation cannot be fulfilled on configmaps "x": uid mismatch: the provided object specified uid u, and no existing object was found'],
];
for (const [name, config, status, message] of refusals) {
  test(`a configuration with ${name} is refused`, async () => {
    const answer = await apply(`${maps}/x`, 'one', config);
    assert.deepEqual([answer.status, answer.body.message], [status, message]);
  });
}

test('what was there before anybody was managed belongs to those before the first apply', async () => {
  const path = `${maps}/before`;
  await send('POST', maps, map('before', { a: '1' }));
  assert.deepEqual(owners(await merge(path, 'm', { metadata: { managedFields: [] } })), {});
  assert.deepEqual(owners(await merge(path, 'm', { data: { b: '2' } })), {}, 'updates do not begin it');
  assert.deepEqual(owners(await apply(path, 'one', map('before', { a: '1' }))), { 'one Apply': data('a'), 'before-first-apply Update': { 'f:data': { '.': {}, 'f:a': {}, 'f:b': {} } } });
});

test('kubectl takes over what it applied by itself, and keeps its note of it', async () => {
  const path = `${maps}/migrated`;
  const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
  await send('POST', `${maps}?fieldManager=kubectl-client-side-apply`, map('migrated', { a: '1', b: '2' }, { annotations: { [annotation]: JSON.stringify(map('migrated', { a: '1', b: '2' })) } }));
  assert.equal((await apply(path, 'somebody', map('migrated', { a: 'x' }))).status, 409);
  const taken = await apply(path, 'kubectl', map('migrated', { a: 'x' }));
  assert.deepEqual([taken.status, taken.body.data], [200, { a: 'x', b: '2' }]);
  assert.equal(taken.body.metadata.annotations?.[annotation], '{"apiVersion":"v1","data":{"a":"x"},"kind":"ConfigMap","metadata":{"name":"migrated"}}\n');
});

test('of more than ten managers that update, the oldest become one', async () => {
  const path = `${maps}/many`;
  await send('POST', `${maps}?fieldManager=m0`, map('many', { k0: '0' }));
  let answer: Answer | undefined;
  for (let index = 1; index <= 11; index++) {
    await runtime.clock.advance(1000);
    answer = await merge(path, `m${index}`, { data: { [`k${index}`]: '1' } });
  }
  const entries = answer?.body.metadata.managedFields ?? [];
  assert.deepEqual(entries.map(({ manager }) => manager), ['ancient-changes', ...Array.from({ length: 9 }, (_, index) => `m${index + 3}`)]);
  assert.deepEqual(entries[0]?.fieldsV1, { 'f:data': { '.': {}, 'f:k0': {}, 'f:k1': {}, 'f:k2': {} } });
});

test('a scale is applied as an object of its own; its owners are those of the count', async () => {
  const path = '/apis/apps/v1/namespaces/default/deployments/d';
  const deployment = (replicas?: number): unknown => ({
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' },
    spec: { ...(replicas === undefined ? {} : { replicas }), selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } } },
  });
  await apply(path, 'one', deployment(3));
  const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'd' }, spec: { replicas: 5 } };
  assert.equal((await apply(`${path}/scale`, 'hpa', scale)).body.message, 'Apply failed with 1 conflict: conflict with "one": .spec.replicas');
  assert.equal((await apply(`${path}/scale`, 'hpa', scale, true)).body.spec?.replicas, 5);
  assert.equal((await apply(path, 'one', deployment(3))).body.message, 'Apply failed with 1 conflict: conflict with "hpa" with subresource "scale": .spec.replicas');
  assert.deepEqual(owners(await apply(path, 'one', deployment()))['hpa Apply scale'], { 'f:spec': { 'f:replicas': {} } });
});

test('items of a list are told apart by their keys, with the defaults of those that are left out', async () => {
  const path = '/api/v1/namespaces/default/services/s';
  const service = (...ports: unknown[]): unknown => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { selector: { a: 'b' }, ports } });
  await apply(path, 'one', service({ name: 'a', port: 80 }, { name: 'b', port: 81 }));
  const changed = await apply(path, 'two', service({ name: 'c', port: 82 }, { port: 80, protocol: 'TCP', targetPort: 8080 }), true);
  assert.deepEqual(changed.body.spec?.ports?.map((port) => (port as { readonly port: number }).port), [82, 80, 81]);
  assert.deepEqual(owners(changed)['two Apply'], { 'f:spec': { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {}, 'f:protocol': {}, 'f:targetPort': {} }, 'k:{"port":82,"protocol":"TCP"}': { '.': {}, 'f:name': {}, 'f:port': {} } }, 'f:selector': {} } });
  const doubled = await apply(path, 'two', service({ name: 'x', port: 80 }, { name: 'y', port: 80, protocol: 'TCP' }));
  assert.equal(doubled.body.message, 'failed to create typed patch object (/s; /v1, Kind=Service): .spec.ports: duplicate entries for key [port=80,protocol="TCP"]');
});

test('nothing is applied onto an object that holds items without a key', async () => {
  const accounts = '/api/v1/namespaces/default/serviceaccounts';
  const config = (name: string, secrets?: unknown): unknown => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, labels: { a: 'b' } }, secrets });
  const why = '.secrets: element 0: associative list with keys has an element that omits all key fields ["name"] (and doesn\'t have default values for any key fields)';
  await send('POST', `${accounts}?fieldManager=a`, config('unmanaged', [{ name: '' }]));
  await send('POST', `${accounts}?fieldManager=a`, config('managed', []));
  await apply(`${accounts}/managed`, 'b', config('managed', [{ name: '' }]));
  const answers = [await apply(`${accounts}/unmanaged`, 'b', config('unmanaged')), await apply(`${accounts}/managed`, 'c', config('managed'))];
  assert.deepEqual(answers.map(({ status, body }) => [status, body.message]), [
    [500, `failed to create manager for existing fields: failed to convert new object (default/unmanaged; /v1, Kind=ServiceAccount) to smd typed: ${why}`],
    [500, `failed to create typed live object (default/managed; /v1, Kind=ServiceAccount): ${why}`],
  ]);
});

test('entries that a PUT brings are kept as far as they are understood', async () => {
  const path = `${maps}/brought`;
  await apply(path, 'one', map('brought', { a: '1' }));
  const entry = { manager: 'one', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1' };
  const put = (fieldsV1: unknown): Promise<Answer> => send('PUT', `${path}?fieldManager=two`, map('brought', { a: '1' }, { managedFields: [{ ...entry, fieldsV1 }] }));
  for (const [fieldsV1, want] of [
    [{ 'x:y': {}, 'f:data': { 'f:a': null } }, { 'one Apply': data('a') }],
    [{ 'f:binaryData': { '.': {}, 'f:k': { 'f:deep': {} } } }, { 'one Apply': { 'f:binaryData': { '.': {}, 'f:k': { 'f:deep': {} } } } }],
    // Nothing that is understood, nothing that is owned; and then there is nobody any more.
    [{ 'x:y': {} }, {}],
  ] as const) assert.deepEqual(owners(await put(fieldsV1)), want);
});

test('what is owned in words of another group is lost', async () => {
  const [path, other] = ['/api/v1/namespaces/default/events/e', '/apis/events.k8s.io/v1/namespaces/default/events/e'];
  const event = { kind: 'Event', metadata: { name: 'e' } };
  await apply(other, 'one', { ...event, apiVersion: 'events.k8s.io/v1', eventTime: '2026-01-02T03:04:05.000006Z', reportingController: 'a.example/c', reportingInstance: 'c', action: 'A', reason: 'R', type: 'Normal', regarding: { namespace: 'default' } });
  assert.deepEqual(Object.keys(owners(await apply(path, 'two', { ...event, apiVersion: 'v1', metadata: { name: 'e', labels: { a: 'b' } } }))), ['two Apply']);
});

const claims = (config: object): object => ({ apiVersion: 'v1', kind: 'ConfigMap', ...config });
for (const [name, path, config, status, message] of [
  ['a version that is none', `${maps}/bad?fieldManager=a`, claims({ metadata: { name: 'bad', resourceVersion: 'abc' } }), 500, 'strconv.ParseUint: parsing "abc": invalid syntax'],
  ['the same, not for real', `${maps}/bad?fieldManager=a&dryRun=All`, claims({ metadata: { name: 'bad', resourceVersion: 'abc' } }), 500, 'strconv.ParseUint: parsing "abc": invalid syntax'],
  ['an identity of what is not there, before its name', `${maps}/bad?fieldManager=a`, claims({ metadata: { uid: 'x' } }), 409, 'Operation cannot be fulfilled on configmaps "bad": uid mismatch: the provided object specified uid x, and no existing object was found'],
  ['a time that is none', `${maps}/bad?fieldManager=a`, claims({ metadata: { name: 'bad', creationTimestamp: 'x' } }), 500, 'failed to convert new object (/bad; /v1, Kind=ConfigMap) to proper version: unable to convert unstructured object to /v1, Kind=ConfigMap: parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"'],
  ['data that is no base64', `${maps}/bad?fieldManager=a`, claims({ metadata: { name: 'bad' }, binaryData: { a: 'YQ' } }), 500, 'failed to convert new object (/bad; /v1, Kind=ConfigMap) to proper version: unable to convert unstructured object to /v1, Kind=ConfigMap: error decoding from json: illegal base64 data at input byte 0'],
  ['an object in place of a key', '/api/v1/namespaces/default/services/bad?fieldManager=a', { apiVersion: 'v1', kind: 'Service', spec: { ports: [{ port: { a: [1, 'b'] } }] } }, 500, 'failed to create typed patch object (/; /v1, Kind=Service): .spec.ports[port=a=[1,"b"],protocol="TCP"].port: expected numeric (int or float), got map[string]interface {}'],
  ['entries', `${maps}/bad?fieldManager=a`, claims({ metadata: { name: 'bad', managedFields: [{}] } }), 400, 'metadata.managedFields must be nil'],
  ['entries that cannot be read, as none', `${maps}/bad?fieldManager=a&dryRun=All`, claims({ metadata: { managedFields: [{ time: 'x' }] } }), 500, 'failed to convert new object (/; /v1, Kind=ConfigMap) to proper version: unable to convert unstructured object to /v1, Kind=ConfigMap: parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"'],
  ['the status of a policy, which creates it', '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/p/status?fieldManager=a', {}, 400, 'invalid object type: /, Kind='],
  ['the status of what is not there', '/apis/apps/v1/namespaces/default/deployments/none/status?fieldManager=a', {}, 404, 'deployments.apps "none" not found'],
] as const) {
  test(`applying is refused: ${name}`, async () => {
    const answer = await send('PATCH', path, config, 'application/apply-patch+yaml');
    assert.deepEqual([answer.status, answer.body.message], [status, message]);
  });
}

test('a list of types in place of one is refused in words of its own', async () => {
  const answers = await Promise.all(['application/apply-patch+yaml,x', 'x'].map((type) => send('PATCH', `${maps}/any?fieldManager=a`, {}, type)));
  assert.deepEqual(answers.map(({ status, body }) => [status, body.message]), [
    [415, 'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml'],
    [415, '415: Unsupported Media Type'],
  ]);
});

test('versions that are none are no versions of what is created; what was deleted has the version of that', async () => {
  const path = `${maps}/versions`;
  const { status, body } = await send('POST', '/api/v1/namespaces/default/podtemplates', { metadata: { name: 'v', resourceVersion: 'x' }, template: { spec: { containers: [{ name: 'c', image: 'i' }] } } });
  assert.equal(status, 201);
  assert.equal((await send('PUT', '/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles/v', { metadata: { name: 'v', resourceVersion: 'x' } })).body.message, 'strconv.ParseUint: parsing "x": invalid syntax');
  assert.equal((await send('POST', maps, map('versions', {}, { resourceVersion: '7' }))).body.message, 'resourceVersion should not be set on objects to be created');
  await apply(path, 'one', map('versions', {}));
  const gone = await send('DELETE', '/api/v1/namespaces/default/podtemplates/v', {});
  assert.ok(Number(gone.body.metadata.resourceVersion) > Number(body.metadata.resourceVersion) + 1);
});

test('an identity that a scale is not of is refused by the scale, or beforehand', async () => {
  const path = '/apis/apps/v1/namespaces/default/deployments/scaled';
  const labels = { a: 'b' };
  await apply(path, 'one', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'scaled' }, spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } } } });
  const { body } = await apply(`${path}/scale`, 'two', { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'scaled', uid: 'x' }, spec: { replicas: 1 } });
  const put = await send('PUT', `${path}/scale`, { metadata: { name: 'scaled', uid: 'x' }, spec: { replicas: -1 } });
  assert.match(put.body.message ?? '', /^Operation cannot be fulfilled on deployments\.apps "scaled": StorageError: invalid object/);
  assert.match(body.message ?? '', /^Operation cannot be fulfilled on deployments\/scale\.apps "scaled": Precondition failed: UID in precondition: x, UID in object meta: [0-9a-f-]{36}$/);
});

test('autoscalers that are written in their first version keep the owners of what that cannot say', async () => {
  const [path, old] = ['v2', 'v1'].map((version) => `/apis/autoscaling/${version}/namespaces/default/horizontalpodautoscalers/h`) as [string, string];
  const metrics = [{ type: 'Object', object: { describedObject: { kind: 'S', name: 's' }, metric: { name: 'a' }, target: { type: 'Value', averageValue: '2' } } }];
  const made = await apply(path, 'one', { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'h' }, spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' }, maxReplicas: 3, metrics } });
  assert.deepEqual(owners(await merge(old, 'two', {})), owners(made));
  const refused = await apply(`${old}/status`, 'two', { apiVersion: 'autoscaling/v1', kind: 'HorizontalPodAutoscaler', metadata: { name: 'h' }, status: { lastScaleTime: 'x' } });
  assert.equal(refused.body.message, 'failed to convert new object: unable to convert unstructured object to autoscaling/v1, Kind=HorizontalPodAutoscaler: parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"');
});

test('a dry run shows links that are never kept', async () => {
  const links = await Promise.all([`${maps}?dryRun=All`, maps].map((path) => send('POST', path, map('linked', {}, { selfLink: '/x' }))));
  assert.deepEqual(links.map(({ body }) => (body.metadata as { readonly selfLink?: string }).selfLink), ['/x', undefined]);
});
