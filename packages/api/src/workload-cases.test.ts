/**
 * What single changes to rich pods, workloads, Services and budgets are answered: rows of a base, an operation, a path, how
 * the one cause begins (nothing where it is accepted), and the value that is put there (nothing where it is taken away). Rows
 * of the operation `warn` say how the one warning begins that the base does not have.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { AnyResource, ApiObject } from './index.ts';
import { changed, decoded, resourceOf } from './testing.ts';

type Case = readonly [base: number, operation: string, path: string, cause: string, value?: unknown];
interface Cases {
  readonly bases: readonly (ApiObject & { apiVersion: string; kind: string; spec?: Record<string, unknown> })[];
  readonly statuses: Readonly<Record<string, unknown>>;
  readonly cases: readonly Case[];
}

const { bases, statuses, cases } = JSON.parse(readFileSync(new URL('workload-cases.json', import.meta.url), 'utf8')) as Cases;

/** What there was, for changes of it. */
function stored(base: Cases['bases'][number], { plural }: AnyResource, operation: string): Cases['bases'][number] {
  const object = structuredClone(base);
  object.metadata.resourceVersion = '1';
  if (operation === 'status') Object.assign(object, { status: statuses[plural] });
  if (plural !== 'pods') return structuredClone(object);
  const spec = object.spec as { schedulingGates?: unknown; ephemeralContainers?: unknown; containers: { name: string }[] }; // a pod's
  delete spec.schedulingGates;
  if (operation === 'ephemeralcontainers') spec.ephemeralContainers = [{ name: 'dbg', image: 'i', targetContainerName: spec.containers[0]?.name }];
  return structuredClone(object);
}

function causesOf([index, operation, path, , ...value]: Case): string[] {
  const base = bases[index];
  const resource = resourceOf(base);
  if (base === undefined || resource === undefined) throw new Error('no such base');
  const isGone = value.length === 0;
  if (operation === 'warn') {
    const [before, after] = [base, changed(base, path, isGone, value[0])].map((each) => resource.warnings?.(decoded(resource, each), undefined) ?? []);
    return (after ?? []).filter((text) => before?.includes(text) !== true);
  }
  const old = operation === 'create' ? undefined : stored(base, resource, operation);
  const object = decoded(resource, changed(old ?? base, path, isGone, value[0]));
  const before = old && decoded(resource, old);
  const errors = operation === 'create' || operation === 'update' || before === undefined ? resource.validate?.(object, before) : operation === 'status' ? resource.validateStatus?.(object, before) : resource.validatePart?.(operation, object, before);
  return (errors ?? []).map(({ field, message }) => `${field}: ${message}`);
}

test('single changes are answered as upstream answers them', () => {
  const wrong = cases.flatMap((row) => {
    const [index, operation, path, want] = row;
    const got = causesOf(row);
    return got.length === (want === '' ? 0 : 1) && (got[0] ?? '').startsWith(want) ? [] : [[index, operation, path, want, got]];
  });
  assert.deepEqual(wrong, []);
});
