import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { kinds } from '../kinds.ts';
import { openApiSource } from './documents.ts';

const shared = process.env['KAJI_SHARED'] ?? join(import.meta.dirname, '../../../../../shared');
const file = join(shared, 'facts/swagger.json');
const skip = existsSync(file) ? false : 'upstream\'s OpenAPI document is not on this machine';

type Tree = Readonly<Record<string, unknown>>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

interface Document {
  readonly definitions: Readonly<Record<string, Tree>>;
  readonly paths: Readonly<Record<string, Tree>>;
  readonly parameters: Readonly<Record<string, Tree>>;
}

interface Document3 {
  readonly paths: Tree;
  readonly components: { readonly schemas?: Readonly<Record<string, { readonly properties?: Tree }>> };
}
const ours = (): Document => openApiSource(kinds, '1.36', () => new Map()).v2() as unknown as Document; // the shape of every OpenAPI 2 document
const theirs = (): Document => JSON.parse(readFileSync(file, 'utf8')) as Document;

/** Words, and what each server says of itself. */
const ignored = new Set(['description', 'default', 'enum']);

function bare(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(bare);
  if (!isTree(schema)) return schema;
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !ignored.has(key)).map(([key, value]) => [key, key === 'properties' && isTree(value) ? Object.fromEntries(Object.entries(value).map(([name, property]) => [name, bare(property)])) : bare(value)]));
}

/** The forms of objects and of patches that are served on demand only. */
const onDemand = new Set(['application/cbor', 'application/cbor-seq', 'application/apply-patch+cbor']);

interface OperationTree extends Tree {
  readonly parameters?: readonly Tree[];
  readonly consumes?: readonly string[];
  readonly produces?: readonly string[];
}

/** A path with its operations, each with all of its parameters in order; shared ones are followed. */
function operationsOf(document: Document, path: string): Tree {
  const { parameters: common = [], ...operations } = document.paths[path] as OperationTree; // the shape of every path item
  const follow = (parameter: Tree): Tree => (typeof parameter['$ref'] === 'string' ? document.parameters[parameter['$ref'].replace('#/parameters/', '')] ?? {} : parameter);
  const isServed = (type: string): boolean => !onDemand.has(type);
  return Object.fromEntries(Object.entries(operations as Readonly<Record<string, OperationTree>>).map(([method, operation]) => {
    const parameters = [...common, ...operation.parameters ?? []].map((parameter) => bare(follow(parameter)) as Tree).sort((left, right) => (`${String(left['name'])} ${String(left['in'])}` < `${String(right['name'])} ${String(right['in'])}` ? -1 : 1));
    const types = { ...(operation.consumes === undefined ? {} : { consumes: operation.consumes.filter(isServed) }), ...(operation.produces === undefined ? {} : { produces: operation.produces.filter(isServed) }) };
    return [method, { ...bare(operation) as Tree, ...types, parameters }];
  }));
}

test('definitions have the names, types, formats, list types, merge keys, kinds and required fields of upstream', { skip }, () => {
  const wanted = theirs().definitions;
  const own = ours().definitions;
  for (const [name, schema] of Object.entries(own)) assert.deepEqual(bare(schema), bare(wanted[name]), name);
  const missing = Object.keys(wanted).filter((name) => !(name in own) && !unservedDefinition.test(name));
  assert.deepEqual(missing, []);
});

/** Of versions that are served on demand only. */
const unservedDefinition = /\.v\d+(alpha|beta)\d+\.|\.v1\.GroupResource$/;
const unservedPath = /\/v\d+(alpha|beta)\d+\/|^\/apis\/(internal\.apiserver|storagemigration)\.k8s\.io\/$|^\/logs\//;

test('paths have upstream\'s operations, ids, parameters, bodies and answers', { skip }, () => {
  const [own, wanted] = [ours(), theirs()];
  assert.deepEqual(Object.keys(own.paths), Object.keys(wanted.paths).filter((path) => !unservedPath.test(path)).sort());
  for (const path of Object.keys(own.paths)) assert.deepEqual(operationsOf(own, path), operationsOf(wanted, path), path);
});

test('the small documents together tell what the large one does', () => {
  const source = openApiSource(kinds, '1.36', () => new Map());
  const small = source.v3Names.map((name) => source.v3(name) as unknown as Document3); // the shape of every OpenAPI 3 document
  const large = ours();
  assert.deepEqual(small.flatMap(({ paths }) => Object.keys(paths)).sort(), Object.keys(large.paths));
  assert.deepEqual([...new Set(small.flatMap(({ components }) => Object.keys(components.schemas ?? {})))].sort(), Object.keys(large.definitions));
});

test('references of every document lead somewhere', () => {
  const source = openApiSource(kinds, '1.36', () => new Map());
  for (const name of source.v3Names) {
    const text = JSON.stringify(source.v3(name));
    const { components: { schemas = {} } } = JSON.parse(text) as Document3; // just made
    for (const [, of = ''] of text.matchAll(/#\/components\/schemas\/([^"]+)/g)) assert.ok(of in schemas, `${name}: ${of}`);
  }
});

const defaults: readonly (readonly [type: string, field: string, want: unknown])[] = [
  ['io.k8s.api.core.v1.ContainerPort', 'containerPort', 0], ['io.k8s.api.core.v1.ContainerPort', 'protocol', 'TCP'], ['io.k8s.api.core.v1.ContainerPort', 'name', undefined],
  ['io.k8s.api.core.v1.Pod', 'spec', {}], ['io.k8s.api.core.v1.Pod', 'kind', undefined], ['io.k8s.api.core.v1.LocalObjectReference', 'name', ''],
  ['io.k8s.api.core.v1.NodeSelectorRequirement', 'values', undefined], ['io.k8s.api.core.v1.PersistentVolumeClaimCondition', 'lastProbeTime', undefined],
];

test('version 3 tells defaults, and wraps references that have neighbours', () => {
  const { components: { schemas = {} } } = openApiSource(kinds, '1.36', () => new Map()).v3('api/v1') as unknown as Document3; // as above
  for (const [type, field, want] of defaults) assert.deepEqual((schemas[type]?.properties?.[field] as Tree | undefined)?.['default'], want, `${type} ${field}`);
  assert.deepEqual(schemas['io.k8s.api.core.v1.Pod']?.properties?.['spec'], { allOf: [{ $ref: '#/components/schemas/io.k8s.api.core.v1.PodSpec' }], default: {} });
});

test('comments stand where upstream has its descriptions', () => {
  const say = new Map([['k8s.io.api.core.v1.Binding', { text: 'What binds.', fields: new Map([['target', 'Where to.']]) }]]);
  const { definitions } = openApiSource(kinds, '1.36', () => say).v2() as unknown as Document; // as above
  const { description, properties = {} } = definitions['io.k8s.api.core.v1.Binding'] as { description?: string; properties?: Readonly<Record<string, Tree>> }; // the shape of every schema
  assert.deepEqual([description, properties['target']?.['description']], ['What binds.', 'Where to.']);
});
