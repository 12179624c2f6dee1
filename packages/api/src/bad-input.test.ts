/** Whatever bytes come in, a decoder answers with a value or with its own error: nothing else is thrown, and nothing takes long. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  canonicalQuantity, DecodeError, decodeEnvelope, decodeJson, decodeObject, decodeProtobuf, decodeYaml, durationNanoseconds, encodeJson, encodeProtobuf, fromJson, jsonPatch, mergePatch, type MessageType,
  normalizeTime, parseFieldSelector, parseJson, parseLabelSelector, parseQuantity, parseTime, PatchError, readJsonPatch, selectorOf, strategicMergePatch,
} from '@kaji/schema';
import fc from 'fast-check';
import { customresourcedefinitions } from './apiextensions/v1/index.ts';
import { controllerrevisions, deployments } from './apps/v1/index.ts';
import { configmaps, persistentvolumeclaims, persistentvolumes, pods, secrets } from './core/v1/index.ts';
import { kinds } from './kinds.ts';
import { poddisruptionbudgets } from './policy/v1/index.ts';

const runs = 300;
const types = [pods, configmaps, deployments, controllerrevisions, customresourcedefinitions].map(({ type }) => type as unknown as MessageType<unknown>);
const type = fc.constantFrom(...types);

/** Throws what is neither of the errors. */
function attempt(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof DecodeError) && !(error instanceof PatchError)) throw error;
  }
}

/** What malformed texts are made of: everything some decoder treats in a way of its own. */
const pieces = [
  '{', '}', '[', ']', ':', ',', '"', "'", '\\', '\\u', '\\ud800', '\\u0000', '\0', '\u{feff}', '\u{10ffff}', '\ud800', ' ', '\n', '\t', '\r', '-', '- ', '? ', '# ', '&a ', '*a', '<<: ', '!!binary ', '!!str ', '| ', '> ', '%YAML', '---', '...', '~',
  'null', 'true', 'false', 'yes', 'y', '0', '-0', '1.0', '1e999', '9007199254740993', '18446744073709551616', '.5', '0x10', '0o7', '1_0', '1:30', '.nan', '.inf', 'NaN',
  '"__proto__"', '"constructor"', '"toString"', '"metadata"', '"spec"', '"data"', '"name"', '"containers"', '"kind"', '"apiVersion"', '"$patch"', '"$retainKeys"', '"$setElementOrder/containers"', '"$deleteFromPrimitiveList/finalizers"', '"delete"', '"replace"',
  'a', 'in', 'notin', '(', ')', '=', '==', '!=', '!', '<', '>', '/', '..', '%2f', '100m', '1Gi', '1e3', 'Ki', '+', '2020-01-01T00:00:00Z', '9999-12-31T23:59:59.999999999+14:00', '1h', 'ns', 'µs',
];
const text = fc.oneof({ weight: 4, arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => parts.join('')) }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 100 }) });

const texts: readonly (readonly [name: string, decode: (text: string) => unknown])[] = [
  ['JSON', parseJson],
  ['YAML', (source) => { for (const each of types) decodeYaml(each, source); }],
  ['JSON of kinds', (source) => { for (const each of types) decodeJson(each, source); }],
  ['label selectors', parseLabelSelector],
  ['field selectors', parseFieldSelector],
  ['quantities', (source) => { parseQuantity(source); canonicalQuantity(source); }],
  ['times', (source) => { parseTime(source); normalizeTime(source, 'time'); }],
  ['precise times', (source) => normalizeTime(source, 'microTime')],
  ['durations', durationNanoseconds],
];

for (const [name, decode] of texts) {
  test(`${name}: only what is declared is thrown, whatever the text`, () => {
    fc.assert(fc.property(text, (source) => { attempt(() => decode(source)); }), { numRuns: runs });
  });
}

/** A value that JSON can say, with the keys that matter. */
const { value: json } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof({ maxDepth: 5, depthSize: 'small' },
    fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, 2 ** 53, 10n ** 18n, '', 'a', 'web', '2020-01-01T00:00:00Z', '100m'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...pieces.filter((piece) => piece.startsWith('"')).map((piece) => piece.slice(1, -1)), 'a', 'template', 'image', 'ports', 'containerPort', 'protocol', 'finalizers', 'env', 'value', 'key', 'selector', 'matchLabels', 'op', 'path', 'from'), tie('value'), { maxKeys: 6 })),
}));

test('values of any shape: fields of any type are refused by name', () => {
  fc.assert(fc.property(type, json, (of, value) => { attempt(() => fromJson(of, value)); }), { numRuns: 3 * runs });
});

const original = { metadata: { name: 'web', finalizers: ['a/b', 'c/d'] }, spec: { template: { spec: { containers: [{ name: 'web', image: 'i', env: [{ name: 'A', value: '1' }] }] } } } };
const object = fc.dictionary(fc.constantFrom('metadata', 'spec', 'data', '$patch', '$retainKeys'), json, { maxKeys: 4 });

test('patches of any shape: merge, strategic, JSON', () => {
  const before = JSON.stringify(original);
  fc.assert(fc.property(type, object, (of, patch) => {
    attempt(() => mergePatch(original, patch));
    attempt(() => strategicMergePatch(of, structuredClone(original), patch));
  }), { numRuns: 3 * runs });
  const pointer = fc.constantFrom('', '/', '/metadata', '/metadata/name', '/metadata/finalizers/0', '/metadata/finalizers/-', '/metadata/finalizers/-1', '/metadata/finalizers/99999999999', '/spec/template/spec/containers/0/env/0', '/__proto__/x', '/constructor', '/~2', 'a', '/a/b/c');
  const operation = fc.record({ op: fc.oneof(fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', ''), json), path: fc.oneof(pointer, json), from: fc.oneof(pointer, json), value: json }, { requiredKeys: [] });
  fc.assert(fc.property(fc.array(fc.oneof(operation, json), { maxLength: 6 }), fc.boolean(), (operations, isChecked) => {
    attempt(() => jsonPatch(structuredClone(original), readJsonPatch(JSON.stringify(operations, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)), isChecked).operations));
  }), { numRuns: 3 * runs });
  assert.equal(JSON.stringify(original), before, 'what is merged into is not changed');
  assert.equal(({} as { x?: unknown }).x, undefined);
});

test('selectors as specs have them', () => {
  const expression = fc.record({ key: fc.string(), operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', ''), values: fc.array(fc.string()) });
  fc.assert(fc.property(fc.record({ matchLabels: fc.dictionary(fc.string(), fc.string()), matchExpressions: fc.array(expression) }, { requiredKeys: [] }), (selector) => { attempt(() => selectorOf(selector)); }), { numRuns: runs });
});

const bytes = fc.uint8Array({ maxLength: 200 });
const someObject = { metadata: { name: 'a', creationTimestamp: '2020-01-01T00:00:00Z', labels: { a: 'b' } }, spec: { replicas: 3, selector: { matchLabels: { a: 'b' } }, template: { metadata: {}, spec: { containers: [{ name: 'c', image: 'i', resources: { limits: { cpu: '1' } } }] } } }, data: { k: 'v' } };

test('protobuf of any bytes, and of good bytes made bad', () => {
  fc.assert(fc.property(type, bytes, (of, source) => {
    attempt(() => decodeProtobuf(of, source));
    attempt(() => decodeEnvelope(source));
    attempt(() => decodeObject(of, Buffer.concat([Buffer.from('k8s\0'), source])));
  }), { numRuns: 3 * runs });
  const good = encodeProtobuf(deployments.type as unknown as MessageType<unknown>, fromJson(deployments.type as unknown as MessageType<unknown>, someObject).object);
  fc.assert(fc.property(type, fc.nat(good.length), fc.uint8Array({ maxLength: 12 }), fc.nat(4), (of, at, noise, removed) => {
    attempt(() => decodeProtobuf(of, Buffer.concat([good.subarray(0, at), noise, good.subarray(at + removed)])));
  }), { numRuns: 3 * runs });
});

test('what a decoder lets in, every encoder can write', () => {
  fc.assert(fc.property(type, fc.oneof(bytes, fc.constant(new Uint8Array())), (of, source) => {
    let decoded: unknown;
    try {
      decoded = decodeProtobuf(of, source);
    } catch (error) {
      assert.ok(error instanceof DecodeError);
      return;
    }
    encodeJson(of, decoded);
    encodeProtobuf(of, decoded);
  }), { numRuns: 3 * runs });
});

const long: readonly (readonly [name: string, decode: () => unknown])[] = [
  ['JSON that only opens', () => parseJson('['.repeat(3_000_000))],
  ['JSON nested as deep as is allowed', () => parseJson(`${'[{"a":'.repeat(5000)}1${'}]'.repeat(5000)}`)],
  ['JSON of one key', () => parseJson(`{${'"k":1,'.repeat(400_000)}"k":1}`)],
  ['JSON of keys that all come twice', () => decodeJson(types[0] as MessageType<unknown>, `{${Array.from({ length: 100_000 }, (_, index) => `"k${index}":1,"k${index}":1`).join(',')}}`)],
  ['a number of three million digits', () => parseJson('9'.repeat(3_000_000))],
  ['groups of protobuf in one another', () => decodeProtobuf(types[0] as MessageType<unknown>, new Uint8Array(3_000_000).fill(0x7b))],
  ['a selector of a hundred thousand terms', () => parseLabelSelector(Array.from({ length: 100_000 }, (_, index) => `k${index}`).join(','))],
  ['a field selector of backslashes', () => parseFieldSelector(`a=${'\\\\'.repeat(1_000_000)}`)],
  ['a quantity of a hundred thousand digits', () => canonicalQuantity('9'.repeat(100_000))],
  ['a duration of half a million units', () => durationNanoseconds('1h'.repeat(500_000))],
  ['a strategic patch of fifty thousand items', () => strategicMergePatch(types[2] as MessageType<unknown>, structuredClone(original), { spec: { template: { spec: { containers: Array.from({ length: 50_000 }, (_, index) => ({ name: `c${index}` })) } } } })],
];

for (const [name, decode] of long) {
  // Generous: it tells linear time from quadratic, on any machine.
  test(`${name}: takes no time to speak of`, { timeout: 30_000 }, () => {
    const startedMs = performance.now();
    attempt(decode);
    assert.ok(performance.now() - startedMs < 20_000);
  });
}

test('integers stay exact beyond 2^53, and keys of prototypes are keys', () => {
  const { value } = parseJson('{"a":9007199254740993,"b":-9223372036854775808,"__proto__":{"x":1},"constructor":2}');
  assert.deepEqual(Object.entries(value as object).map(([key]) => key), ['a', 'b', '__proto__', 'constructor']);
  assert.equal((value as Record<string, unknown>)['a'], 9007199254740993n);
  const revision = controllerrevisions.type as unknown as MessageType<unknown>;
  const body = '{"metadata":{"name":"a"},"data":{"__proto__":{"x":9007199254740993},"constructor":1.5,"list":[9223372036854775807]},"revision":9007199254740993}';
  const { object: decoded } = decodeJson(revision, body);
  const back = new TextDecoder().decode(encodeJson(revision, decodeProtobuf(revision, encodeProtobuf(revision, decoded))));
  for (const part of ['"__proto__":{"x":9007199254740993}', '"constructor":1.5', '[9223372036854775807]', '"revision":9007199254740993']) assert.ok(back.includes(part), `${part} in ${back}`);
  assert.equal(({} as { x?: unknown }).x, undefined);
});

test('every kind is read from nothing, and refuses what is no object', () => {
  for (const { type: of } of kinds) {
    fromJson(of as MessageType<unknown>, {});
    decodeProtobuf(of as MessageType<unknown>, new Uint8Array());
    for (const value of [[], 'a', 1, true]) assert.throws(() => fromJson(of as MessageType<unknown>, value), DecodeError);
  }
});

test('messages that lie too deep in each other are refused, and others are read', () => {
  const definition = customresourcedefinitions.type as unknown as MessageType<unknown>;
  const schemas = (depth: number): string => `{"spec":{"versions":[{"name":"v1","schema":{"openAPIV3Schema":${'{"properties":{"a":'.repeat(depth)}{"type":"string"}${'}}'.repeat(depth)}}}]}}`;
  const { object } = decodeJson(definition, schemas(900));
  assert.deepEqual(encodeJson(definition, decodeProtobuf(definition, encodeProtobuf(definition, object))), encodeJson(definition, object));
  assert.throws(() => decodeJson(definition, schemas(1100)), { name: 'DecodeError', message: 'json: exceeded max depth' });

  let schema: object = {};
  for (let depth = 0; depth < 1100; depth++) schema = { not: schema };
  const deep = { spec: { versions: [{ name: 'v1', schema: { openAPIV3Schema: schema } }] } };
  assert.throws(() => decodeProtobuf(definition, encodeProtobuf(definition, deep)), { name: 'DecodeError', message: 'proto: exceeded max depth' });
});

test('protobuf with a time that text has no room for is refused', () => {
  const metadataWithFarTime = Uint8Array.fromHex('0a0c420a08808080808080808040'); // creationTimestamp, 2^62 seconds
  assert.throws(() => decodeProtobuf(pods.type, metadataWithFarTime), { name: 'DecodeError', message: 'proto: year outside of range [0,9999]' });
});

const wrongTypes: readonly (readonly [of: { readonly type: unknown }, text: string, wanted: string])[] = [
  [pods, '{"spec":{"restartPolicy":5}}', 'number into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy'],
  [pods, '{"spec":{"containers":[{"imagePullPolicy":{}}]}}', 'object into Go struct field Container.spec.containers.imagePullPolicy of type v1.PullPolicy'],
  [pods, '{"spec":{"containers":[{"securityContext":{"capabilities":{"add":[1]}}}]}}', 'number into Go struct field Capabilities.spec.containers.securityContext.capabilities.add of type v1.Capability'],
  [pods, '{"spec":{"containers":[{"livenessProbe":{"exec":5}}]}}', 'number into Go struct field Probe.spec.containers.livenessProbe.ProbeHandler.exec of type v1.ExecAction'],
  [persistentvolumes, '{"spec":{"accessModes":"ReadWriteOnce"}}', 'string into Go struct field PersistentVolumeSpec.spec.accessModes of type []v1.PersistentVolumeAccessMode'],
  [persistentvolumes, '{"spec":{"nfs":"x"}}', 'string into Go struct field PersistentVolumeSpec.spec.PersistentVolumeSource.nfs of type v1.NFSVolumeSource'],
  [persistentvolumeclaims, '{"status":{"allocatedResourceStatuses":{"a":5}}}', 'number into Go struct field PersistentVolumeClaimStatus.status.allocatedResourceStatuses of type v1.ClaimResourceStatus'],
  [poddisruptionbudgets, '{"status":{"disruptedPods":[]}}', 'array into Go struct field PodDisruptionBudgetStatus.status.disruptedPods of type map[string]v1.Time'],
  [secrets, '{"data":{"a":[300]}}', 'number 300 into Go struct field Secret.data of type uint8'],
];

for (const [{ type: of }, text, wanted] of wrongTypes) {
  test(`${text}: cannot unmarshal ${wanted}`, () => {
    assert.throws(() => decodeJson(of as MessageType<unknown>, text), { name: 'DecodeError', message: `json: cannot unmarshal ${wanted}` });
  });
}

test('bytes may be a list of numbers', () => {
  assert.deepEqual(decodeJson(secrets.type, '{"data":{"a":[104,105,null]}}').object.data, { a: 'aGkA' });
});
