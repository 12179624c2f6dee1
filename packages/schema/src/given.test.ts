import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyOf } from './copy.ts';
import { compareFields } from './compare-fields.ts';
import { applyDefaults } from './defaults.ts';
import { bytes, int32, list, message, ref, string, stringMap, strings } from './field.ts';
import { fieldSetText, noFields, unionOf } from './field-set.ts';
import { dropField, forgetGivenEmpty, givenValue, holdsGivenEmpty, wasGivenEmpty } from './given.ts';
import { goForm } from './go-form.ts';
import { decodeJson } from './json-decode.ts';
import { jsonText } from './json-encode.ts';
import { decodeProtobuf } from './protobuf-decode.ts';
import { encodeProtobuf } from './protobuf-encode.ts';
import { writtenFields } from './written-fields.ts';
import { decodeYaml } from './yaml-parse.ts';

class Inner extends message('test.v1.Inner', { labels: stringMap(1), values: strings(2).required() }) {}
class Outer extends message('test.v1.Outer', { args: strings(1), key: bytes(2), inner: ref(3, Inner).always(), items: list(4, Inner), types: strings(5).default(['a']), text: string(6) }) {}

const read = (text: string): Outer => decodeJson(Outer, text).object;

test('what is given empty is left out, and told apart from what is absent', () => {
  const object = read('{"args":[],"key":"","items":[{"labels":{},"values":[]},{}],"text":""}');
  assert.deepEqual(structuredClone(object), { items: [{ values: [] }, { values: [] }] });
  assert.deepEqual([givenValue(object, 'args'), wasGivenEmpty(object, 'key'), wasGivenEmpty(object, 'text')], [[], true, false]);
  assert.deepEqual(object.items?.map((item) => [givenValue(item, 'labels'), givenValue(item, 'values')]), [[{}, []], [undefined, undefined]]);
  assert.deepEqual(givenValue(read('{"args":null}'), 'args'), undefined);
});

test('a message that is as good as absent keeps what was given empty in it', () => {
  const object = read('{"inner":{"labels":{}}}');
  assert.deepEqual(givenValue(givenValue(object, 'inner'), 'labels'), {});
  assert.equal(givenValue(read('{"inner":{}}'), 'inner'), undefined);
});

test('it shows where Go prints the object, and nowhere else', () => {
  const object = read('{"args":[],"inner":{"labels":{},"values":[]}}');
  assert.deepEqual(goForm(Outer, object), { Args: [], Key: null, Inner: { Labels: {}, Values: [] }, Items: null, Types: null, Text: '' });
  assert.equal(jsonText(Outer, object), jsonText(Outer, read('{}')));
  assert.equal(holdsGivenEmpty(decodeProtobuf(Outer, encodeProtobuf(Outer, object))), false);
  assert.equal(holdsGivenEmpty(decodeYaml(Outer, new TextEncoder().encode('args: []')).object), true);
});

test('a copy knows of it, and what was dropped, forgotten or replaced by a default does not', () => {
  const copy = copyOf(read('{"args":[],"items":[{"labels":{}}]}'));
  assert.deepEqual([givenValue(copy, 'args'), holdsGivenEmpty(copy.items)], [[], true]);
  dropField(copy, 'args');
  assert.equal(givenValue(copy, 'args'), undefined);
  forgetGivenEmpty(copy);
  assert.equal(holdsGivenEmpty(copy), false);
  const defaulted = read('{"types":[]}');
  applyDefaults(Outer, defaulted);
  assert.deepEqual([givenValue(defaulted, 'types'), holdsGivenEmpty(defaulted)], [['a'], false]);
});

class Selector extends message('test.v1.Selector', { labels: stringMap(1), values: strings(2) }) {
  static readonly isAtomic = true;
}
class Held extends message('test.v1.Held', { always: strings(1).required() }) {}
class Ordinals extends message('test.v1.Ordinals', { start: int32(1).always() }) {}
class Owned extends message('test.v1.Owned', { always: strings(1).required(), args: strings(2), items: list(3, Inner), selector: ref(5, Selector), held: ref(6, Held).always(), ordinals: ref(7, Ordinals) }) {}

const comparisons: readonly (readonly [name: string, before: string, after: string, changed: unknown])[] = [
  ['a list that is written as null without items', '{}', '{"always":[]}', { 'f:always': {} }],
  ['the same in a message that is always there', '{}', '{"held":{"always":[]}}', { 'f:held': { 'f:always': {} } }],
  ['the same, given as null', '{}', '{"always":null}', {}],
  ['a list that is left out without items', '{}', '{"args":[]}', {}],
  ['something in an item of a list that is replaced whole', '{"items":[{"values":["a"]}]}', '{"items":[{"values":["a"],"labels":{}}]}', { 'f:items': {} }],
  ['an item that is as it was', '{"items":[{"values":["a"]}]}', '{"items":[{"values":["a"],"labels":null}]}', {}],
  ['something in a message that is replaced whole', '{"selector":{"labels":{"a":"b"}}}', '{"selector":{"labels":{"a":"b"},"values":[]}}', {}],
];
for (const [name, before, after, changed] of comparisons) {
  test(`whose fields changed, given empty: ${name}`, () => {
    const stored = decodeJson(Owned, before).object;
    forgetGivenEmpty(stored);
    assert.deepEqual(JSON.parse(fieldSetText(compareFields(Owned, stored, decodeJson(Owned, after).object, noFields).modified)), changed);
  });
}

for (const [name, text, want] of [
  ['the lists that it gives empty where they are always written', '{"always":[],"args":[],"held":{"always":[]}}', '{"f:always":{},"f:held":{"f:always":{}}}'],
  ['a message that is given empty, and what is always written of it', '{"ordinals":{},"selector":{}}', '{"f:ordinals":{".":{},"f:start":{}},"f:selector":{}}'],
] as const) {
  test(`a new object owns ${name}`, () => {
    const { object } = decodeJson(Owned, text);
    assert.equal(writtenFields(Owned, object, noFields), want);
    const { added, modified } = compareFields(Owned, {} as Owned, object, noFields);
    assert.equal(fieldSetText(unionOf(added, modified)), want);
  });
}
