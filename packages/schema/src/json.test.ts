import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecodeError } from './decode-error.ts';
import { bool, bytes, int32, int64, intOrString, list, message, quantityMap, ref, string, stringMap, strings, time } from './field.ts';
import { decodeJson } from './json-decode.ts';
import { jsonText } from './json-encode.ts';
import { parseJson } from './json-parse.ts';

class Reference extends message('test.v1.Reference', { name: string(1) }) {}
class Item extends message('test.v1.Item', { reference: ref(1, Reference).inline(), count: int32(2), port: intOrString(3).always(), on: bool(4).explicit() }) {}
class Meta extends message('test.v1.Meta', { name: string(1), labels: stringMap(2), generation: int64(3), created: time(4) }) {}
class Thing extends message('test.v1.Thing', {
  metadata: ref(1, Meta).present(),
  items: list(2, Item).required(),
  args: strings(3),
  data: bytes(4),
  limits: quantityMap(5),
  one: ref(6, Item),
}) {}

const failures: readonly (readonly [text: string, message: string])[] = [
  ['', 'unexpected end of JSON input'],
  ['{"kind": "v1", ', 'unexpected end of JSON input'],
  ['{}{', "invalid character '{' after top-level value"],
  ["{'a':1}", "invalid character '\\'' looking for beginning of object key string"],
  ['{"a":"\\q"}', "invalid character 'q' in string escape code"],
  ['nul', 'unexpected end of JSON input'],
  ['[1 2]', "invalid character '2' after array element"],
  ['\u{feff}{}', "invalid character '\\ufeff' looking for beginning of value"],
  ['{"metadata":{"labels":{"a":1}}}', 'json: cannot unmarshal number into Go struct field Meta.metadata.labels of type string'],
  ['{"items":[{"count":"3"}]}', 'json: cannot unmarshal string into Go struct field Item.items.count of type int32'],
  ['{"items":[{"count":4294967296}]}', 'json: cannot unmarshal number 4294967296 into Go struct field Item.items.count of type int32'],
  ['{"items":[{"count":1.0}]}', 'json: cannot unmarshal number 1.0 into Go struct field Item.items.count of type int32'],
  ['{"items":[{"port":true}]}', 'json: cannot unmarshal bool into Go struct field Item.items.port of type int32'],
  ['{"items":{}}', 'json: cannot unmarshal object into Go struct field Thing.items of type []v1.Item'],
  ['{"metadata":"x"}', 'json: cannot unmarshal string into Go struct field Thing.metadata of type v1.Meta'],
  ['{"args":"x"}', 'json: cannot unmarshal string into Go struct field Thing.args of type []string'],
  ['{"data":"*"}', 'illegal base64 data at input byte 0'],
  ['{"limits":{"cpu":"lots"}}', "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
  ['{"metadata":{"created":"yesterday"}}', 'parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"'],
  ['[]', 'json: cannot unmarshal array into Go value of type v1.Thing'],
];

for (const [text, wanted] of failures) {
  test(`refuses ${JSON.stringify(text)} in upstream's words`, () => {
    assert.throws(() => decodeJson(Thing, text), (error) => error instanceof DecodeError && error.message === wanted);
  });
}

test('nesting beyond the limit is refused, not a crash', () => {
  assert.throws(() => parseJson('['.repeat(11_000) + ']'.repeat(11_000)), { message: "invalid character '[' exceeded max depth" });
});

test('reports unknown and duplicate fields with their paths and goes on', () => {
  const { object, problems } = decodeJson(Thing, '{"zz":1,"items":[{"name":"a"},{"name":"b","zz":{}}],"metadata":{"name":"x","name":"y","labels":{"k":"1","k":"2"}}}');
  assert.deepEqual(problems, ['unknown field "zz"', 'unknown field "items[1].zz"', 'duplicate field "metadata.name"', 'duplicate field "metadata.labels.k"']);
  assert.deepEqual(object, { items: [{ name: 'a' }, { name: 'b' }], metadata: { name: 'y', labels: { k: '2' } } });
});

test('null and zero values become absent, and what every object has is there', () => {
  const { object } = decodeJson(Thing, '{"args":null,"data":"","one":{},"metadata":null,"limits":{}}');
  assert.deepEqual(structuredClone(object), { one: {}, metadata: {}, items: [] }); // a clone is without notes
});

test('keys that are special in JavaScript are only data', () => {
  const { object } = decodeJson(Thing, '{"metadata":{"labels":{"__proto__":"a","constructor":"b"}},"__proto__":{"x":1}}');
  assert.equal(jsonText(Thing, object), '{"metadata":{"labels":{"__proto__":"a","constructor":"b"}},"items":null}');
  assert.equal(Object.getPrototypeOf(object.metadata.labels), Object.prototype);
});

test('integers beyond 2^53 are kept exactly', () => {
  const text = '{"metadata":{"generation":9223372036854775807},"items":null}';
  assert.equal(jsonText(Thing, decodeJson(Thing, text).object), text);
});

test('writes what Go writes: kind first, declared order, sorted keys, escapes', () => {
  const object = { kind: 'Thing', apiVersion: 'v1', items: [{ count: 1, name: '<a&b>' }], metadata: { labels: { b: '\u2028\n', a: 'é\u0001' } } };
  assert.equal(jsonText(Thing, object), '{"kind":"Thing","apiVersion":"v1","metadata":{"labels":{"a":"é\\u0001","b":"\\u2028\\n"}},"items":[{"name":"\\u003ca\\u0026b\\u003e","count":1,"port":0}]}');
});
