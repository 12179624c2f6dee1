/** Which texts upstream takes for which format: value-format-cases.json names the good ones of each; all others in it are not. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { hasFormat, isRecognizedFormat } from './value-formats.ts';

// The file is beside this one, and of this form.
const good = JSON.parse(readFileSync(new URL('value-format-cases.json', import.meta.url), 'utf8')) as Readonly<Record<string, readonly string[]>>;
const texts = new Set(Object.values(good).flat());

for (const [format, its] of Object.entries(good)) {
  if (format === 'none') continue;
  test(`texts of the format ${format}`, () => {
    for (const text of texts) assert.equal(hasFormat(format, text), its.includes(text), JSON.stringify(text));
  });
}

test('names of formats may be written with hyphens anywhere, and others say nothing', () => {
  for (const [format, want] of [['u-u-i-d', false], ['date-time', false], ['odd', undefined], ['UUID', undefined], ['password', true]] as const) assert.equal(hasFormat(format, 'x'), want, format);
});

test('formats are recognized for their types', () => {
  for (const [format, type, want] of [
    ['int32', 'integer', true], ['int64', 'integer', true], ['int32', 'number', false], ['float', 'number', true], ['double', 'number', true], ['double', 'integer', false],
    ['ipv4', 'string', true], ['ipv4', '', true], ['ipv4', 'integer', false], ['odd', 'string', false], ['date-time', 'string', true], ['byte', 'array', false],
  ] as const) assert.equal(isRecognizedFormat(format, type), want, `${format} ${type}`);
});

test('no text takes long', () => {
  for (const part of ['a', 'a.', '(', '<', '"', '\\', '1', '1:', 'a-', ' ', 'rgb(', '1h', '😀']) {
    const startedMs = performance.now();
    for (const format of Object.keys(good)) hasFormat(format, `${part.repeat(2000)}!`);
    assert.ok(performance.now() - startedMs < 2000, part);
  }
});
