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
}
const ours = (): Document => openApiSource(kinds, 'v1.36.0', () => new Map()).v2() as unknown as Document; // the shape of every OpenAPI 2 document
const theirs = (): Document => JSON.parse(readFileSync(file, 'utf8')) as Document;

/** Words, and what each server says of itself. */
const ignored = new Set(['description', 'default', 'enum', 'title', 'x-kubernetes-unions', 'x-kubernetes-group-version-kind']);

function bare(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(bare);
  if (!isTree(schema)) return schema;
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !ignored.has(key)).map(([key, value]) => [key, key === 'properties' && isTree(value) ? Object.fromEntries(Object.entries(value).map(([name, property]) => [name, bare(property)])) : bare(value)]));
}

test('definitions have the names, types, formats, list types, merge keys and required fields of upstream', { skip }, () => {
  const wanted = theirs().definitions;
  let compared = 0;
  for (const [name, schema] of Object.entries(ours().definitions)) {
    const want = wanted[name];
    if (want === undefined) continue; // fields of kinds that are not served by upstream's defaults
    assert.deepEqual(bare(schema), bare(want), name);
    compared++;
  }
  assert.ok(compared > 500, `${compared} definitions compared`);
});

test('operations have upstream\'s ids, actions and kinds', { skip }, () => {
  const wanted = theirs().paths;
  for (const [path, operations] of Object.entries(ours().paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      if (method === 'parameters' || !isTree(operation)) continue;
      const want = wanted[path]?.[method];
      assert.ok(isTree(want), `${method} ${path}`);
      for (const key of ['operationId', 'x-kubernetes-action', 'x-kubernetes-group-version-kind']) assert.deepEqual(operation[key], want[key], `${method} ${path} ${key}`);
    }
  }
});

test('references of every document lead somewhere', () => {
  const source = openApiSource(kinds, 'v1.36.0', () => new Map());
  for (const { group, version } of kinds) {
    const text = JSON.stringify(source.v3(group, version));
    const document = JSON.parse(text) as { components: { schemas: Tree } }; // just made
    for (const [, name = ''] of text.matchAll(/#\/components\/schemas\/([^"]+)/g)) assert.ok(name in document.components.schemas, `${group}/${version}: ${name}`);
  }
});
