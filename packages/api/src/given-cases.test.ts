/**
 * Empty lists, maps and bytes where nothing at all is answered otherwise: rows of a base, whether it is created or changed, a
 * path, the value that is put there, and all causes of the refusal.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ApiObject } from './index.ts';
import { changed, decoded, resourceOf } from './testing.ts';

type Case = readonly [base: number, operation: 'create' | 'update', path: string, value: unknown, ...causes: readonly string[]];
interface Cases {
  readonly bases: readonly (ApiObject & { apiVersion: string; kind: string })[];
  readonly cases: readonly Case[];
}

const { bases, cases } = JSON.parse(readFileSync(new URL('given-cases.json', import.meta.url), 'utf8')) as Cases;

function causesOf([index, operation, path, value]: Case): string[] {
  const base = bases[index];
  const resource = resourceOf(base);
  if (base === undefined || resource === undefined) throw new Error('no such base');
  const errors = resource.validate?.(decoded(resource, changed(base, path, false, value)), operation === 'create' ? undefined : decoded(resource, base));
  return (errors ?? []).map(({ field, message }) => `${field}: ${message}`);
}

test('what is given empty is told apart from what is absent, as upstream does', () => {
  const wrong = cases.flatMap((row) => {
    const [index, operation, path, value, ...want] = row;
    const got = causesOf(row);
    return JSON.stringify(got) === JSON.stringify(want) ? [] : [[index, operation, path, value, want, got]];
  });
  assert.deepEqual(wrong, []);
});
