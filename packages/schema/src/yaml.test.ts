import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseYaml } from './yaml-parse.ts';
import { yamlText } from './yaml-text.ts';

const values: readonly (readonly [text: string, value: unknown])[] = [
  ['# nothing\n', null], ['a: y', { a: true }], ['a: 0x10', { a: 16 }], ['a: 0777', { a: 511 }], ['a: 2001-01-01', { a: '2001-01-01' }], ['a: 12:30', { a: '12:30' }],
  ['1: a\ntrue: b', { '1': 'a', true: 'b' }], ['a: 12345678901234567890', { a: 12345678901234567890n }], ['a: 1\n---\nb: 2', { a: 1 }],
  ['x: &x {a: 1}\nz: {<<: *x, b: 2}', { x: { a: 1 }, z: { b: 2, a: 1 } }], ['a: |\n  x\n  y\n', { a: 'x\ny\n' }],
];
for (const [text, value] of values) test(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(parseYaml(text).value, value));

test('keys that occur twice are a problem, not an error', () => {
  assert.deepEqual(parseYaml('a: 1\nb: 2\na: 3\n'), { value: { a: 3, b: 2 }, problems: ['yaml: unmarshal errors:\n  line 3: key "a" already set in map'] });
});

test('aliases that expand without end are refused', () => {
  const names = [...'abcdefghij'];
  const bomb = names.map((name, index) => (index === 0 ? `${name}: &${name} [x,x,x,x,x,x,x,x,x]` : `${name}: &${name} [${`*${names[index - 1] ?? ''},`.repeat(9).slice(0, -1)}]`)).join('\n');
  assert.throws(() => parseYaml(bomb), { message: 'yaml: document contains excessive aliasing' });
  assert.throws(() => parseYaml('a: &a [*a]'), { name: 'DecodeError' });
});

test('a tab for indentation is refused in upstream\'s words', () => {
  assert.throws(() => parseYaml('apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: a\n'), { message: 'yaml: line 4: found character that cannot start any token' });
});

test('long lines break after 80 columns, as upstream breaks them', () => {
  const message = 'only the following media types are accepted: application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch';
  assert.equal(yamlText({ message }), "message: 'only the following media types are accepted: application/json;stream=watch,\n  application/vnd.kubernetes.protobuf;stream=watch'\n");
  assert.deepEqual(parseYaml(yamlText({ message, list: [message] })).value, { message, list: [message] });
});

for (const text of ['true', 'no', '12', '0x1', '1e3', '2008-01-01T01:01:01Z', '', '- a', 'a: b', '*a', ' lead', 'trail ', 'multi\nline', 'multi\nline\n', '\ttab', 'quote"\'', '#c', 'a #c', '~', 'null', 'é', '\u0007', '<<', '=', '1:20']) {
  test(`text ${JSON.stringify(text)} survives being written`, () => assert.deepEqual(parseYaml(yamlText({ k: text, list: [text, { nested: text }] })).value, { k: text, list: [text, { nested: text }] }));
}

test('JSON is read as YAML reads it', () => {
  const texts = ['{"a":[1,-2,1.5,true,null,"x-0\\n\\"",{}],"b":{"c":"é"}}', ' {"a" : "1e3" ,\n "b":[ ]}\n', '{"a":1e3}', '{"a":-0}', '{"a":12345678901234567890}', '{"a":"\\u00e9"}', '{"a":"😀"}'];
  for (const text of texts) assert.deepEqual(parseYaml(text).value, parseYaml(`# YAML\n${text}`).value, text);
});
