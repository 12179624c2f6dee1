/** What definitions are told of their versions, and of the schemas that these have. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { fromJson } from '@kaji/schema';
import { cel } from '../../expression-language.ts';
import { validateDefinition } from './custom-resource-definition-rules.ts';
import { CustomResourceDefinition } from './custom-resource-definition.ts';
import { formatWarnings } from './version-rules.ts';

before(async () => { await cel.load(); });

const object = { type: 'object' };
const withSpec = (spec: object): object => ({ type: 'object', properties: { spec } });
const version = (more: object = {}): object => ({ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: object }, ...more });

function definition(versions: readonly object[], more: object = {}): CustomResourceDefinition {
  return fromJson(CustomResourceDefinition, {
    metadata: { name: 'as.b.c' }, spec: { group: 'b.c', scope: 'Namespaced', names: { plural: 'as', singular: 'a', kind: 'A', listKind: 'AList' }, versions, ...more },
    status: { storedVersions: ['v1'], acceptedNames: { plural: 'as', kind: 'A' } },
  }).object;
}

const told = (now: CustomResourceDefinition, old?: CustomResourceDefinition): string[] => validateDefinition(now, old).map(({ field, message }) => `${field}: ${message}`);

// Each row is the schema of a property and its errors, the property's own path written as `@`: one or more of every kind of error that upstream has. The file is beside this one, and of this form.
const cases = JSON.parse(readFileSync(new URL('schema-cases.json', import.meta.url), 'utf8')) as readonly (readonly [schema: object, errors: readonly string[]])[];

test('schemas are told what upstream tells them', () => {
  for (const [schema, want] of cases) {
    const errors = told(definition([version({ schema: { openAPIV3Schema: { type: 'object', properties: { v: schema } } } })]));
    assert.deepEqual(errors.map((text) => text.replace('spec.validation.openAPIV3Schema.properties[v]', '@')).toSorted(), want, JSON.stringify(schema));
  }
});

test('what all versions say alike is told of the spec', () => {
  const columns = [{ name: '', type: 'string', jsonPath: '.a' }];
  const scale = { scale: { specReplicasPath: 'a', statusReplicasPath: '.status.a' } };
  const other = (more: object): object => version({ name: 'v2', storage: false, ...more });
  const cases: readonly (readonly [name: string, versions: readonly object[], errors: readonly string[]])[] = [
    ['columns of all', [version({ additionalPrinterColumns: columns }), other({ additionalPrinterColumns: columns })], ['spec.additionalPrinterColumns[0].name: Required value']],
    ['columns of one', [version({ additionalPrinterColumns: columns }), other({})], ['spec.versions[0].additionalPrinterColumns[0].name: Required value']],
    ['a scale of all', [version({ subresources: scale })], ['spec.subresources.scale.specReplicasPath: Invalid value: "a": must be a simple json path starting with .']],
    ['a scale of one', [version({ subresources: {} }), other({ subresources: scale })], ['spec.versions[1].subresources.scale.specReplicasPath: Invalid value: "a": must be a simple json path starting with .']],
    ['a schema of one', [version(), other({ schema: { openAPIV3Schema: { type: 'object', nullable: true } } })], ['spec.versions[1].schema.openAPIV3Schema.nullable: Forbidden: nullable cannot be true at the root']],
    ['no schema', [version({ schema: undefined })], ['spec.versions[0].schema.openAPIV3Schema: Required value']],
    ['a bad name of the first', [version({ name: 'V1' })], ['V1 at spec.versions[0].name', 'V1 at spec.version']],
  ];
  const short = (text: string): string => text.replace(/^([^:]*): Invalid value: "(V1)".*$/s, '$2 at $1');
  for (const [name, versions, errors] of cases) assert.deepEqual(told(definition(versions)).map(short).filter((text) => !text.startsWith('status.')), errors, name);
});

test('versions that cannot stand side by side are shown without what they share', () => {
  const [error = ''] = told(definition([version(), version({ additionalPrinterColumns: [{ name: 'C', type: 'string', jsonPath: '.c' }] })]));
  assert.match(error, /^spec\.versions: Invalid value: \[\{"Name":"v1","Served":true,"Storage":true,"Deprecated":false,"DeprecationWarning":null,"Schema":null,"Subresources":null,"AdditionalPrinterColumns":null,"SelectableFields":null\},/);
  assert.match(error, /"AdditionalPrinterColumns":\[\{"Name":"C","Type":"string","Format":"","Description":"","Priority":0,"JSONPath":".c"\}\],"SelectableFields":null\}\]: must contain unique version names$/);
});

test('what is given empty is shown so', () => {
  const [error = ''] = told(definition([version({ subresources: { status: {} }, schema: { openAPIV3Schema: { type: 'object', minProperties: 1, enum: [], items: [], properties: { p: { type: 'string', allOf: [], dependencies: {} } }, externalDocs: { url: 'u' } } } })]));
  for (const text of ['"Enum":[]', '"Items":{"Schema":null,"JSONSchemas":[]}', '"AllOf":[]', '"Dependencies":{}', '"OneOf":null', '"ExternalDocs":{"Description":"","URL":"u"}']) assert.ok(error.includes(text), text);
});

test('fields that select must be there, and of a plain type', () => {
  const schema = { openAPIV3Schema: withSpec({ type: 'object', properties: { s: { type: 'string' }, i: { type: 'integer' }, b: { type: 'boolean' }, n: { type: 'number' }, o: object, m: { type: 'object', additionalProperties: { type: 'string' } } } }) };
  const plain = 'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.';
  for (const [path, want] of [
    ['.spec.s', undefined], ['.spec.i', undefined], ['.spec.b', undefined], ['.spec.m.any', undefined], ['.spec.n', plain], ['.spec.o', plain], ['.spec.x', 'is an invalid path: does not refer to a valid field'],
    ['spec.s', 'is an invalid path: expected [ or . but got: spec'], ['.spec[s]', 'is an invalid path: array notation is not allowed'], ['.', 'is an invalid path: unexpected end of JSON path'],
  ] as const) {
    const errors = told(definition([version({ schema, selectableFields: [{ jsonPath: path }] })]));
    assert.deepEqual(errors, want === undefined ? [] : [`spec.selectableFields[0].jsonPath: Invalid value: "${path}": ${want}`], path);
  }
  const nine = Array.from({ length: 9 }, (_, index) => ({ jsonPath: `.spec.m.k${index}` }));
  const many = definition([version({ schema, selectableFields: nine })]);
  assert.deepEqual(told(many), ['spec.selectableFields: Too many: 9: must have at most 8 items']);
  assert.deepEqual(told(many, many), []);
  assert.deepEqual(told(definition([version({ schema, selectableFields: [{ jsonPath: '.spec.s' }, { jsonPath: '.spec.s' }] })])), ['spec.selectableFields[1].jsonPath: Duplicate value: ".spec.s"']);
});

test('what is stored may stay as it is, and nothing gets worse beside it', () => {
  const schemaOf = (spec: object): CustomResourceDefinition => definition([version({ schema: { openAPIV3Schema: withSpec(spec) } })]);
  for (const [name, spec] of [
    ['a set whose items could be merged', { type: 'array', 'x-kubernetes-list-type': 'set', items: object }], ['a set of values that may be null', { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string', nullable: true } }],
    ['a default with unknown fields', { type: 'object', default: { a: 1 } }],
  ] as const) {
    assert.equal(told(schemaOf(spec)).length, 1, name);
    assert.deepEqual(told(schemaOf(spec), schemaOf(spec)), [], name);
    assert.equal(told(schemaOf(spec), schemaOf(object)).length, 1, name);
  }
});

test('formats that nothing knows are warned of, once', () => {
  const formats = (...names: readonly string[]): CustomResourceDefinition => definition([version({ schema: { openAPIV3Schema: withSpec({ type: 'object', properties: Object.fromEntries(names.map((format) => [format, { type: 'string', format }])) }) } })]);
  assert.deepEqual(formatWarnings(formats('odd', 'ipv4'), undefined), ['unrecognized format "odd"']);
  assert.deepEqual(formatWarnings(formats('odd', 'odder'), formats('odd')), ['unrecognized format "odder"']);
});

test('large schemas and values are judged in bounded time, and told of no more than is read', () => {
  const many = <T>(of: (index: number) => T): T[] => Array.from({ length: 20_000 }, (_, index) => of(index));
  const cases: readonly (readonly [name: string, schema: object, most: number])[] = [
    ['keys that are no properties', { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': many((index) => `k${index}`), items: { type: 'object' } }, 100],
    ['items that are all different', { type: 'array', items: { type: 'integer' }, default: many((index) => index), anyOf: [{ uniqueItems: true }] }, 1],
    ['a path of many steps', { type: 'string', 'x-kubernetes-validations': [{ rule: 'true', fieldPath: '.a'.repeat(20_000) }] }, 1],
    ['a quote that nothing ends', { type: 'string', 'x-kubernetes-validations': [{ rule: 'true', fieldPath: `['${"\\'".repeat(20_000)}` }] }, 1],
  ];
  for (const [name, schema, most] of cases) {
    const startedMs = performance.now();
    const count = told(definition([version({ schema: { openAPIV3Schema: withSpec(schema) } })])).length;
    assert.ok(count >= 1 && count <= most, `${name}: ${count}`);
    assert.ok(performance.now() - startedMs < 2000, name);
  }
});
