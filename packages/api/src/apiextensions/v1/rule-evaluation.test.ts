/** What upstream says of defaults that the rules of their schemas are asked about. Each row of rule-evaluation-cases.json is the schema of `spec` and what is wrong with it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { cel } from '../../expression-language.ts';
import { decoded } from '../../testing.ts';
import type { JSONSchemaProps } from './custom-resource-definition-spec.ts';
import { customresourcedefinitions } from './custom-resource-definition.ts';
import { CostBudget, ruleErrors } from './rule-evaluation.ts';

// The file is beside this one, and of this form.
const cases = JSON.parse(readFileSync(new URL('rule-evaluation-cases.json', import.meta.url), 'utf8')) as readonly (readonly [schema: object, ...want: string[]])[];

await cel.load();

function errorsOf(spec: object): string[] {
  const openAPIV3Schema = { type: 'object', properties: { spec } };
  const definition = decoded(customresourcedefinitions, {
    metadata: { name: 'widgets.example.com' }, status: { storedVersions: ['v1'] },
    spec: { group: 'example.com', scope: 'Namespaced', names: { plural: 'widgets', kind: 'Widget' }, versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }] },
  });
  return (customresourcedefinitions.validate?.(definition as Parameters<NonNullable<typeof customresourcedefinitions.validate>>[0], undefined) ?? []).map(({ field, message }) => `${field}: ${message}`.replace('spec.validation.openAPIV3Schema.properties[spec]', '')).sort();
}

test('defaults follow the rules of their schemas as upstream asks', () => {
  for (const [schema, ...want] of cases) assert.deepEqual(errorsOf(schema), want, JSON.stringify(schema));
});

const numbers: JSONSchemaProps = { type: 'array', maxItems: 10, items: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self >= oldSelf' }] }, 'x-kubernetes-validations': [{ rule: 'self.all(x, x > 0)' }] };

test('rules cost, and none are asked once nothing is left', () => {
  const budget = new CostBudget(30);
  assert.deepEqual(ruleErrors([1, 2, 3], null, numbers, { path: 'a', budget, isRoot: false }), []);
  assert.ok(budget.left < 30 && budget.left >= 0);
  const [error, ...others] = ruleErrors([1, 2, 3, 4], null, numbers, { path: 'a', budget, isRoot: false });
  assert.deepEqual([error?.message, others, budget.left], ['Invalid value: "array": validation failed due to running out of cost budget, no further validation rules will be run', [], -1]);
});

test('a blank rule is not asked', () => {
  assert.deepEqual(ruleErrors(1, null, { type: 'integer', 'x-kubernetes-validations': [{ rule: ' ' }] }, { path: 'a', budget: new CostBudget(10), isRoot: false }), []);
});

test('items of maps are held against those with the same keys', () => {
  const item: JSONSchemaProps = { type: 'object', properties: { name: { type: 'string' }, size: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self >= oldSelf', message: 'may not shrink' }] } } };
  const schema: JSONSchemaProps = { type: 'array', items: item, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] };
  const old = [{ name: 'a', size: 1 }, { name: 'b', size: 5 }];
  const errors = ruleErrors([{ name: 'b', size: 4 }, { name: 'a', size: 2 }, { name: 'c', size: 0 }], old, schema, { path: 'items', budget: new CostBudget(1000), isRoot: false });
  assert.deepEqual(errors.map(({ field, message }) => `${field}: ${message}`), ['items[0].size: Invalid value: 4: may not shrink']);
});
