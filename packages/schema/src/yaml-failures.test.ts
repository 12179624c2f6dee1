import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecodeError } from './decode-error.ts';
import { goQuoted, goSyntax } from './go-text.ts';
import { parseYaml } from './yaml-parse.ts';

/** As kube-apiserver 1.36 answered. */
const failures: readonly (readonly [text: string, problem: string])[] = [
  ['{', "line 1: did not find expected node content"],
  ['{a: 1', "line 1: did not find expected ',' or '}'"],
  ['[a', "line 1: did not find expected ',' or ']'"],
  ['[a,', 'line 1: did not find expected node content'],
  ['a: [1, 2\nb: 3\n', "line 1: did not find expected ',' or ']'"],
  ['a: 1\nb: {c: [}', 'line 1: did not find expected node content'],
  ['- \n- [\n- ]', 'line 2: did not find expected node content'],
  ['"abc', 'found unexpected end of stream'],
  ["a: 1\nb: 'c\nd: e", 'line 3: found unexpected end of stream'],
  ['a: b: c', 'mapping values are not allowed in this context'],
  ['a: b\n c: d', 'line 2: mapping values are not allowed in this context'],
  ['a:\n- b\n- c: d\n   e: f', 'line 4: mapping values are not allowed in this context'],
  ['a:\n  b: 1\n c: 2', 'line 2: did not find expected key'],
  ['k: v\nmetadata:\n  name: c\n data:\n  a: b', 'line 3: did not find expected key'],
  ['a: b\n- c', 'line 1: did not find expected key'],
  ['- a\nb: c', "line 1: did not find expected '-' indicator"],
  ['a: 1\nb\nc: 2', "line 3: could not find expected ':'"],
  ['a: @b', 'found character that cannot start any token'],
  ['x: 1\ny: @a', 'line 2: found character that cannot start any token'],
  ['# x\n \t{}', 'line 2: found character that cannot start any token'],
  ['\t\n{}', 'found character that cannot start any token'],
  ['a: 1\n}', 'line 1: did not find expected key'],
  ['a:\n  b: 1\n  }', 'line 2: did not find expected key'],
  ['a: {b: 1}}', 'did not find expected key'],
  ['a: [1]\n]', 'line 1: did not find expected key'],
  ['a: 1\n,b: 2', 'line 1: did not find expected key'],
  ['"a": 1\n"b":"X","c":\n  "d": 1\n', 'line 1: did not find expected key'],
  ['a: "b", c: d', 'did not find expected key'],
  ['a: "b" c', 'did not find expected key'],
  ['\ta: b', 'found character that cannot start any token'],
  ['x: 1\n\ty: 2', 'line 2: found a tab character that violates indentation'],
  ['a: |\n x\n\ty', 'line 3: found a tab character where an indentation space is expected'],
  ['a: "\\z"', 'found unknown escape character'],
  ['a: "\\x4"', 'did not find expected hexdecimal number'],
  ['a: -', 'block sequence entries are not allowed in this context'],
  ['a: *', 'did not find expected alphabetic or numeric character'],
  ['a: \u0001', 'control characters are not allowed'],
  ['? {a: b}\n: c', 'invalid map key: map[interface {}]interface {}{"a":"b"}'],
];
for (const [text, problem] of failures) {
  test(`the failure of ${JSON.stringify(text)} is told as upstream tells it`, () => {
    assert.throws(() => parseYaml(text), (error) => error instanceof DecodeError && error.message === `yaml: ${problem}` || assert.fail(String(error)));
  });
}

test('what follows a document that ends by itself is not looked at', () => {
  assert.deepEqual(['{a: 1}}', '{a: 1} x', '"a" b'].map((text) => parseYaml(text).value), [{ a: 1 }, { a: 1 }, 'a']);
});

test('text and values are shown as Go shows them', () => {
  assert.equal(goQuoted('a"\\\u0007\n\u0000é\u200b\u{1f600}'), String.raw`"a\"\\\a\n\x00é\u200b😀"`);
  assert.equal(goSyntax({ b: [1, 'x', true, null], a: {} }), 'map[string]interface {}{"a":map[string]interface {}{}, "b":[]interface {}{1, "x", true, interface {}(nil)}}');
});
