import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeStated, settledFields, statedFields, withNamedFields, withoutFields } from './apply-merge.ts';
import { compareFields } from './compare-fields.ts';
import { differenceOf, type FieldSet, fieldSetText, fieldSetOf, intersectionOf, memberPaths, noFields, outsideOf, pathText, parseFieldSet, unionOf } from './field-set.ts';
import { int32, list, message, ref, string, stringMap, strings } from './field.ts';

class Port extends message('t.Port', { number: int32(1).required(), protocol: string(2).default('TCP'), name: string(3) }) {}
class Spec extends message('t.Spec', { ports: list(1, Port).mapBy('number', 'protocol'), flags: strings(2).set(), words: strings(3), text: string(4) }) {}
class Whole extends message('t.Whole', { x: stringMap(1) }) {}
class Thing extends message('t.Thing', { data: stringMap(1), whole: ref(3, Whole).atomic(), spec: ref(2, Spec).always() }) {}

const shown = (set: FieldSet): unknown => JSON.parse(fieldSetText(set));

test('a configuration states its leaves, items by their keys, and lists that are no sets whole', () => {
  const stated = statedFields(Thing, { data: { a: '1' }, spec: { ports: [{ number: 80, name: 'web' }], flags: ['x'], words: ['y'] } });
  assert.deepEqual(shown(stated), {
    'f:data': { 'f:a': {} },
    'f:spec': { 'f:flags': { 'v:"x"': {} }, 'f:ports': { 'k:{"number":80,"protocol":"TCP"}': { '.': {}, 'f:name': {}, 'f:number': {} } }, 'f:words': {} },
  });
});

test('a new object brings its maps and items with their fields, but not the structs that are always there', () => {
  const { added, removed, modified } = compareFields(Thing, {} as Thing, { data: { a: '1' }, spec: { ports: [{ number: 80, protocol: 'TCP' }] } }, noFields);
  assert.deepEqual(shown(added), { 'f:data': { '.': {}, 'f:a': {} }, 'f:spec': { 'f:ports': { '.': {}, 'k:{"number":80,"protocol":"TCP"}': { '.': {}, 'f:number': {}, 'f:protocol': {} } } } });
  assert.deepEqual([removed, modified].map(shown), [{}, {}]);
});

test('changes and removals are told apart', () => {
  const { added, removed, modified } = compareFields(Thing, { data: { a: '1', b: '2' }, spec: {} }, { data: { a: 'x', c: '3' }, spec: {} }, noFields);
  assert.deepEqual([added, removed, modified].map(shown), [{ 'f:data': { 'f:c': {} } }, { 'f:data': { 'f:b': {} } }, { 'f:data': { 'f:a': {} } }]);
});

const merges: readonly (readonly [name: string, object: unknown, config: unknown, want: unknown])[] = [
  ['lays maps over maps', { data: { a: '1', b: '2' } }, { data: { b: 'x' } }, { data: { a: '1', b: 'x' } }],
  ['merges items with the same keys', { spec: { ports: [{ number: 80, protocol: 'TCP', name: 'a' }] } }, { spec: { ports: [{ number: 80, name: 'b' }] } }, { spec: { ports: [{ number: 80, protocol: 'TCP', name: 'b' }] } }],
  ['keeps the order of the configuration among its own items', { spec: { flags: ['a', 'b', 'c'] } }, { spec: { flags: ['c', 'a'] } }, { spec: { flags: ['b', 'c', 'a'] } }],
  ['replaces lists that are no sets', { spec: { words: ['a', 'b'] } }, { spec: { words: ['c'] } }, { spec: { words: ['c'] } }],
];
for (const [name, object, config, want] of merges) test(name, () => { assert.deepEqual(mergeStated(Thing, object, config), want); });

test('fields are taken away wherever they are, and what held them stays', () => {
  const object = { data: { a: '1' }, spec: { ports: [{ number: 80, name: 'a' }, { number: 81 }], flags: ['x', 'y'] } };
  const paths = [['f:data', 'f:a'], ['f:spec', 'f:ports', 'k:{"number":81,"protocol":"TCP"}'], ['f:spec', 'f:ports', 'k:{"number":80,"protocol":"TCP"}', 'f:name'], ['f:spec', 'f:flags', 'v:"x"']];
  assert.deepEqual(withoutFields(Thing, object, fieldSetOf(paths)), { data: {}, spec: { ports: [{ number: 80 }], flags: ['y'] } });
});

test('declared fields on the way to a member become members, keys of maps do not', () => {
  const set = fieldSetOf([['f:data', 'f:a'], ['f:spec', 'f:ports', 'k:{"number":80,"protocol":"TCP"}', 'f:name']]);
  assert.deepEqual(shown(withNamedFields(Thing, set)), {
    'f:data': { '.': {}, 'f:a': {} }, 'f:spec': { '.': {}, 'f:ports': { '.': {}, 'k:{"number":80,"protocol":"TCP"}': { 'f:name': {} } } },
  });
});

test('sets are written as they were read', () => {
  const json = { 'f:data': { '.': {}, 'f:a': {} }, 'f:spec': { 'f:ports': { 'k:{"number":80}': { '.': {}, 'f:name': {} } } } };
  assert.deepEqual(fieldSetText(parseFieldSet(JSON.stringify(json))), JSON.stringify(json));
  assert.throws(() => parseFieldSet('{"data":{}}'), TypeError);
});

test('sets that others wrote are read as far as they are understood, and written in one form', () => {
  for (const [text, want] of [
    ['{"x:y":{},"f:a":{}}', '{"f:a":{}}'],
    ['{"f:a":{"x:y":{"f:b":{}}}}', '{"f:a":{}}'],
    ['{"f:a":null,"f:b":{".":null}}', '{"f:a":{},"f:b":{}}'],
    ['{"f:b":{},"f:a":{"k:{\\"b\\":1,\\"a\\": 2}":{},".":{}}}', '{"f:a":{".":{},"k:{\\"a\\":2,\\"b\\":1}":{}},"f:b":{}}'],
    ['{"f:l":{"k:{\\"a\\":null}":{},"k:{\\"a\\":\\"\\"}":{},"i:1":{},"v:true":{},"v:2":{}}}', '{"f:l":{"k:{\\"a\\":\\"\\"}":{},"k:{\\"a\\":null}":{},"v:2":{},"v:true":{},"i:1":{}}}'],
    ['null', '{}'],
  ] as const) assert.equal(fieldSetText(parseFieldSet(text)), want);
  for (const text of ['[]', '{"f:a":1}', '{"f":{}}', '{"i:x":{}}', '{"k:[]":{}}']) assert.throws(() => parseFieldSet(text), TypeError, text);
});

test('what is said of the inside of something that is replaced whole is said of the whole', () => {
  const set = parseFieldSet('{"f:data":{"f:a":{}},"f:spec":{"f:ports":{"k:{\\"number\\":80}":{"f:name":{}}},"f:words":{"i:0":{}},"f:other":{"f:z":{}}},"f:whole":{".":{},"f:x":{"f:y":{}}}}');
  assert.deepEqual(shown(settledFields(Thing, set)), { 'f:data': { 'f:a': {} }, 'f:spec': { 'f:ports': { 'k:{"number":80}': { 'f:name': {} } }, 'f:words': {}, 'f:other': { 'f:z': {} } }, 'f:whole': {} });
  const fine = parseFieldSet('{"f:data":{"f:a":{}}}');
  assert.equal(settledFields(Thing, fine), fine);
});

test('sets are joined, cut and taken apart', () => {
  const [left, right] = [fieldSetOf([['f:a', 'f:b'], ['f:c']]), fieldSetOf([['f:a'], ['f:c']])];
  assert.deepEqual(shown(unionOf(left, right)), { 'f:a': { '.': {}, 'f:b': {} }, 'f:c': {} });
  assert.deepEqual(shown(differenceOf(left, right)), { 'f:a': { 'f:b': {} } });
  assert.deepEqual(shown(intersectionOf(left, right)), { 'f:c': {} });
  assert.deepEqual(shown(outsideOf(left, right)), {});
  assert.deepEqual([...memberPaths(unionOf(left, right))].map(pathText), ['.a', '.c', '.a.b']);
  assert.equal(pathText(['f:ports', 'k:{"number":80,"protocol":"TCP"}', 'f:name']), '.ports[number=80,protocol="TCP"].name');
});

test('a member may get members below it, and others stay without', () => {
  assert.deepEqual(shown(fieldSetOf([['f:a'], ['f:b'], ['f:a', 'f:c'], ['f:a', 'f:c', 'f:d']])), { 'f:a': { '.': {}, 'f:c': { '.': {}, 'f:d': {} } }, 'f:b': {} });
});
