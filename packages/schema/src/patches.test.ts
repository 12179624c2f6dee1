import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, int32, intOrString, list, message, microTime, ref, string, stringMap, strings, time } from './field.ts';
import { jsonPatch, readJsonPatch } from './json-patch.ts';
import { mergePatch } from './merge-patch.ts';
import type { PatchError } from './patch-error.ts';
import { strategicMergePatch } from './strategic-merge-patch.ts';
import { unknownFields, unstructuredProblem } from './unstructured.ts';

class Port extends message('test.v1.Port', { port: int32(1).required(), name: string(2) }) {}
class Container extends message('test.v1.Container', { name: string(1).required(), image: string(2), args: strings(3).atomic(), ports: list(4, Port).mergeBy('port') }) {}
class Strategy extends message('test.v1.Strategy', { type: string(1), rolling: ref(2, Port) }) {}
class Spec extends message('test.v1.Spec', {
  containers: list(1, Container).mergeBy('name'),
  finalizers: strings(2).mergeBy(),
  strategy: ref(3, Strategy).with({ patchStrategy: 'retainKeys' }),
  labels: stringMap(4),
}) {}

test('merge patch removes nulls, merges objects, replaces the rest, and changes neither argument', () => {
  const target = { a: { b: 1, c: [1] }, d: 1 };
  assert.deepEqual(mergePatch(target, { a: { b: null, c: [2] }, e: { f: null, g: 1 } }), { a: { c: [2] }, d: 1, e: { g: 1 } });
  assert.deepEqual(target, { a: { b: 1, c: [1] }, d: 1 });
});

const operations: readonly (readonly [string, unknown])[] = [
  ['[{"op":"add","path":"/list/1","value":9}]', { list: [1, 9, 2], map: { 'a/b': 1 } }],
  ['[{"op":"add","path":"/list/-","value":9}]', { list: [1, 2, 9], map: { 'a/b': 1 } }],
  ['[{"op":"remove","path":"/map/a~1b"}]', { list: [1, 2], map: {} }],
  ['[{"op":"test","path":"/list/0","value":1},{"op":"replace","path":"/list/0","value":0}]', { list: [0, 2], map: { 'a/b': 1 } }],
  ['[{"op":"copy","from":"/list","path":"/map/x"},{"op":"move","from":"/list/0","path":"/y"}]', { list: [2], map: { 'a/b': 1, x: [1, 2] }, y: 1 }],
];
for (const [patch, wanted] of operations) {
  test(`applies ${patch}`, () => assert.deepEqual(jsonPatch({ list: [1, 2], map: { 'a/b': 1 } }, readJsonPatch(patch, true).operations), wanted));
}
for (const patch of ['[{"op":"remove","path":"/none"}]', '[{"op":"test","path":"/list/0","value":2}]', '[{"op":"add","path":"/list/7","value":1}]', '[{"op":"frob","path":"/x"}]', '[{"op":"replace","path":"/none/x","value":1}]']) {
  test(`refuses ${patch}`, () => assert.throws(() => jsonPatch({ list: [1, 2] }, readJsonPatch(patch, true).operations), { name: 'PatchError' }));
}

const spec = { containers: [{ name: 'a', image: 'a:1', args: ['x'], ports: [{ port: 80, name: 'web' }] }, { name: 'b', image: 'b:1' }], finalizers: ['p', 'q'], strategy: { type: 'Rolling', rolling: { port: 1 } } };
const strategic: readonly (readonly [name: string, patch: Record<string, unknown>, wanted: Readonly<Record<string, unknown>>])[] = [
  ['merges items by key and puts new ones in front', { containers: [{ name: 'b', image: 'b:2' }, { name: 'c' }] }, { ...spec, containers: [spec.containers[0], { name: 'b', image: 'b:2' }, { name: 'c' }] }],
  ['merges lists inside items', { containers: [{ name: 'a', ports: [{ port: 80, name: null }, { port: 81 }], args: ['y'] }] }, { ...spec, containers: [{ name: 'a', image: 'a:1', args: ['y'], ports: [{ port: 80 }, { port: 81 }] }, spec.containers[1]] }],
  ['deletes an item', { containers: [{ name: 'a', $patch: 'delete' }] }, { ...spec, containers: [spec.containers[1]] }],
  ['replaces a list', { containers: [{ $patch: 'replace' }, { name: 'z' }] }, { ...spec, containers: [{ name: 'z' }] }],
  ['orders items', { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] }, { ...spec, containers: [spec.containers[1], spec.containers[0]] }],
  ['deletes scalars of a list', { '$deleteFromPrimitiveList/finalizers': ['p'] }, { ...spec, finalizers: ['q'] }],
  ['keeps only the keys it retains', { strategy: { $retainKeys: ['type'], type: 'Recreate' } }, { ...spec, strategy: { type: 'Recreate' } }],
  ['removes with null and adds without nulls', { finalizers: null, labels: { a: '1', b: null } }, { containers: spec.containers, strategy: spec.strategy, labels: { a: '1' } }],
];
for (const [name, patch, wanted] of strategic) test(`strategic merge ${name}`, () => assert.deepEqual(strategicMergePatch(Spec, structuredClone(spec), patch), wanted));

const leftovers: readonly (readonly [name: string, patch: Record<string, unknown>, left: Readonly<Record<string, unknown>>])[] = [
  ['a list that was put in order', { '$setElementOrder/containers': [{ name: 'a' }, { name: 'b' }], containers: [{ name: 'a', image: 'a:2' }], x: 1 }, { x: 1 }],
  ['what names the keys to keep', { strategy: { $retainKeys: ['type'], type: 'Recreate' } }, { strategy: { type: 'Recreate' } }],
  ['what replaces an object', { strategy: { $patch: 'replace', type: 'Recreate' } }, { strategy: { type: 'Recreate' } }],
];
for (const [name, patch, left] of leftovers) test(`strategic merge takes out of the patch ${name}`, () => {
  strategicMergePatch(Spec, structuredClone(spec), patch);
  assert.deepEqual(patch, left);
});

test('strategic merge says what is wrong in upstream\'s words', () => {
  assert.throws(() => strategicMergePatch(Spec, structuredClone(spec), { containers: [{ image: 'x' }] }), { message: 'map: map[image:x] does not contain declared merge key: name' });
  assert.throws(() => strategicMergePatch(Spec, structuredClone(spec), { containers: [{ name: 'c', $patch: 'explode' }] }), { message: 'unknown patch type: explode in map: map[$patch:explode name:c]' });
});

const refused: readonly (readonly [name: string, patch: Record<string, unknown>, message: string, answer: PatchError['answer']])[] = [
  ['a directive that is no text', { $patch: 5 }, 'unknown patch type: %!s(int64=5) in map: map[$patch:5]', 'failure'],
  ['$retainKeys that is no list', { strategy: { $retainKeys: 'type' } }, 'invalid patch format of retainKeys', 'malformed'],
  ['a list of deletions without a name', { $deleteFromPrimitiveList: ['p'] }, 'invalid patch format of primitive list', 'malformed'],
  ['an order of what does not exist', { '$setElementOrder/foo': [{ name: 'd' }] }, 'unable to find api field in struct Spec for the json field "foo"', 'failure'],
  ['an order that is no list of objects', { '$setElementOrder/containers': ['d'] }, 'value for key 0 is not a map', 'failure'],
  ['an order without keys', { '$setElementOrder/containers': [{}] }, 'map: map[] does not contain declared merge key: name', 'failure'],
  ['an order that the patch does not follow', { '$setElementOrder/containers': [{ name: 'b' }], containers: [{ name: 'a' }] }, "The order in patch list:\n[map[name:a]]\n doesn't match $setElementOrder list:\n[map[name:b]]\n", 'failure'],
  ['items of different types', { finalizers: [1] }, 'list element types are not identical: [[p q] [1]]', 'failure'],
];
for (const [name, patch, message, answer] of refused) test(`strategic merge refuses ${name}`, () => { assert.throws(() => strategicMergePatch(Spec, structuredClone(spec), patch), { message, answer }); });

test('of what a strategic patch brings, nulls are gone from the patch, too', () => {
  const patch = { containers: [{ name: 'a', image: null, ports: [{ port: 1, name: null }] }] };
  strategicMergePatch(Spec, {}, patch);
  assert.deepEqual(patch, { containers: [{ name: 'a', ports: [{ port: 1 }] }] });
});

test('merged objects have their keys sorted, others stay as they were', () => {
  assert.equal(JSON.stringify(mergePatch({ c: 1, b: { z: 1, y: 2 }, a: { q: 1, p: 2 } }, { a: { o: 3 } })), '{"a":{"o":3,"p":2,"q":1},"b":{"z":1,"y":2},"c":1}');
});

test('what a merge patch brings has its keys sorted and no nulls, in lists, too', () => {
  assert.equal(JSON.stringify(mergePatch({ c: 1 }, { b: [{ z: 1, y: null, x: [{ d: null }] }, null], a: { q: null, p: { o: 1, n: 2 } } })), '{"a":{"p":{"n":2,"o":1}},"b":[{"x":[{}],"z":1},null],"c":1}');
});

test('a JSON patch takes signs and zeros in indexes, and what is not there as nothing', () => {
  const patch = '[{"op":"add","path":"/list/01","value":9},{"op":"copy","from":"/none","path":"/list/-1"},{"op":"test","path":"/nothing","value":null}]';
  assert.deepEqual(jsonPatch({ list: [1, 2] }, readJsonPatch(patch, true).operations), { list: [1, 9, 2, null] });
});

class Clock extends message('t.Clock', { at: time(1), exact: microTime(2), data: bytes(3), many: intOrString(4), owner: string(5).named('types.UID') }) {}
for (const [value, want] of [
  [{ at: true }, 'json: cannot unmarshal bool into Go value of type string'],
  [{ at: 'x' }, 'parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"'],
  [{ exact: [] }, 'json: cannot unmarshal array into Go value of type string'],
  [{ data: 'YQ' }, 'error decoding from json: illegal base64 data at input byte 0'],
  [{ many: { a: 1 } }, 'json: cannot unmarshal object into Go value of type int32'],
  [{ many: 1.5 }, 'json: cannot unmarshal number 1.5 into Go value of type int32'],
  [{ owner: 5 }, 'cannot convert int64 to types.UID'],
  [{ at: '2026-01-01T00:00:00Z', data: 'YQ==', many: '5%', owner: 'a' }, undefined],
] as const) test(`${JSON.stringify(value)} as an object: ${want ?? 'fits'}`, () => { assert.equal(unstructuredProblem(Clock, value), want); });

test('what does not fit without going through text is told in upstream\'s words', () => {
  assert.equal(unstructuredProblem(Spec, { containers: { a: 1 } }), 'cannot restore slice from map');
  assert.equal(unstructuredProblem(Spec, { strategy: { type: 1 } }), 'cannot convert int64 to string');
  assert.equal(unstructuredProblem(Spec, { containers: [{ name: 'a', ports: [{ port: '80' }] }] }), 'unrecognized type: int32');
  assert.deepEqual(unknownFields(Spec, { x: 1, containers: [{ name: 'a', y: 2 }] }), ['containers[0].y', 'x']);
});

test('the copies of a JSON patch have little room', () => {
  const copies = Array.from({ length: 40 }, (_, index) => ({ op: 'copy', from: '/map', path: `/map/k${index}` }));
  assert.throws(() => jsonPatch({ map: { a: 'x'.repeat(1000) } }, copies), { name: 'PatchError' });
  assert.deepEqual(jsonPatch({ map: { a: 'x' } }, copies.slice(0, 1)), { map: { a: 'x', k0: { a: 'x' } } });
});

test('lists that merge take the order of the patch, however long', () => {
  const [names, reversed] = [Array.from({ length: 20_000 }, (_, index) => `n${index}`), Array.from({ length: 20_000 }, (_, index) => `n${19_999 - index}`)];
  assert.deepEqual(strategicMergePatch(Spec, { finalizers: ['own', ...names] }, { finalizers: reversed }), { finalizers: ['own', ...reversed] });
});
