/** What upstream says of rules in schemas: each row of schema-expression-cases.json is a schema and its errors, the schema's own path written as `@`, only their first lines. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { cel } from '../../expression-language.ts';
import type { JSONSchemaProps } from './custom-resource-definition-spec.ts';
import { StoredExpressions } from './expression-rules.ts';
import { findPath } from './schema-path.ts';
import { type SchemaDemands, schemaErrors } from './schema-rules.ts';

before(async () => { await cel.load(); });

// The file is beside this one, and of this form.
const cases = JSON.parse(readFileSync(new URL('schema-expression-cases.json', import.meta.url), 'utf8')) as readonly (readonly [schema: JSONSchemaProps, errors: readonly string[]])[];

const demands: SchemaDemands = { isStructural: true, knowsTypes: true, prunesDefaults: true, hasAtomicSetItems: true, hasSoundKeys: true, allowsCost: false, stored: new StoredExpressions([]) };
const errorsOf = (schema: JSONSchemaProps, allowsCost = false): string[] =>
  schemaErrors(schema, '', false, { ...demands, allowsCost }).map(({ field, message }) => `${field}: ${message.split('\n')[0] ?? ''}`.replaceAll('.openAPIV3Schema', '@')).toSorted();

test('rules compile at the values that they stand at, and cost what they may', () => {
  for (const [schema, want] of cases) assert.deepEqual(errorsOf(schema), want, JSON.stringify(schema));
});

test('a schema that was there before may hold rules that cost more than one may, not more than all may', () => {
  const list = (rule: string): JSONSchemaProps => ({ type: 'object', properties: { l: { type: 'array', items: { type: 'string' }, 'x-kubernetes-validations': [{ rule }] } } });
  assert.equal(errorsOf(list('self.all(x, x.size() > 1)')).length, 0);
  assert.match(errorsOf(list('self.all(x, x.matches("a"))')).join('\n'), /estimated rule cost exceeds budget/);
  assert.doesNotMatch(errorsOf(list('self.all(x, x.matches("a"))'), true).join('\n'), /estimated rule cost exceeds budget/);
});

test('expressions are found wherever a schema holds them', () => {
  const rule = (text: string): JSONSchemaProps => ({ 'x-kubernetes-validations': [{ rule: text, messageExpression: `'${text}'` }] });
  const stored = new StoredExpressions([{ ...rule('a'), properties: { p: { items: rule('b') }, q: { additionalProperties: rule('c') } } }]);
  for (const text of ['a', 'b', 'c']) assert.deepEqual([stored.ageOfRule(text), stored.ageOfMessage(`'${text}'`), stored.ageOfMessage(text)], ['stored', 'stored', 'new']);
});

test('a field path leads through properties and through the entries of maps', () => {
  const schema: JSONSchemaProps = { properties: { 'a.b': { additionalProperties: { properties: { c: {} } } }, d: {} } };
  for (const [path, want] of [["['a.b'].any.c", true], ["['a.b']['x\\'y']", true], ['.d', true], ['.e', false], ['d', false], ['.d.e', false], ["['a.b'", false], ["['a\\qb']", false], ['.d[0]', false]] as const) assert.equal(typeof findPath(path, schema) !== 'string', want, path);
});

test('below a value with rules, types are known as parts of that value', () => {
  const rules = { 'x-kubernetes-validations': [{ rule: 'true' }] };
  const text = { type: 'string', ...rules };
  const failed = 'Internal error: internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations';
  const kept = { 'x-kubernetes-preserve-unknown-fields': true };
  for (const [name, schema, want] of [
    ['a property of what has no type', { ...kept, properties: { p: text } }, []],
    ['the same with rules around', { ...kept, ...rules, properties: { p: text } }, [`@.properties[v].properties[p].x-kubernetes-validations: ${failed}`, `@.properties[v].x-kubernetes-validations: ${failed}`]],
    ['values of what may be a number', { type: 'object', ...rules, 'x-kubernetes-int-or-string': true, additionalProperties: text }, ['@.properties[v].additionalProperties.x-kubernetes-validations: Internal error: failed to convert to declType for CEL validation rules']],
    ['items of a list', { type: 'array', ...rules, maxItems: 2, items: text }, []],
  ] as const) assert.deepEqual(errorsOf({ type: 'object', properties: { v: schema } }), want, name);
});
