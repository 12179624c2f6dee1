import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { apiVersionOf } from '@kaji/api';
import { bootstrapObjects } from './bootstrap-objects.ts';

const shared = process.env['KAJI_SHARED'] ?? join(import.meta.dirname, '../../../../../shared');
const recorded = join(shared, 'facts/recorded/extend-auth.json');

interface Recorded {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: unknown; readonly annotations?: unknown };
}

test('no object is declared twice', () => {
  const keys = bootstrapObjects().map(({ resource, object }) => `${resource.plural}/${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`);
  assert.equal(new Set(keys).size, keys.length);
});

test('each object names its own kind', () => {
  for (const { resource, object } of bootstrapObjects()) assert.deepEqual([object.apiVersion, object.kind], [apiVersionOf(resource), resource.kind]);
});

test('equals what upstream starts with', { skip: existsSync(recorded) ? false : 'the recorded answers are not here' }, () => {
  const ours = new Map(bootstrapObjects().map(({ object }) => [`${object.kind ?? ''}/${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`, object as unknown as Record<string, unknown>]));
  const { cases } = JSON.parse(readFileSync(recorded, 'utf8')) as { cases: { name: string; steps: { answer: { status: number; body: Recorded } }[] }[] };
  let compared = 0;
  for (const { name, steps } of cases) {
    if (!name.startsWith('auth/bootstrap/')) continue;
    for (const { answer } of steps) {
      const { kind, metadata, ...rest } = answer.body as Recorded & Record<string, unknown>;
      if (answer.status !== 200 || !/^(ClusterRole|Role|ClusterRoleBinding|RoleBinding|PriorityClass|Namespace)$/.test(kind)) continue;
      const own = ours.get(`${kind}/${metadata.namespace ?? ''}/${metadata.name}`);
      assert.ok(own !== undefined, `${kind} ${metadata.name} is missing`);
      const { kind: _kind, metadata: ownMetadata, ...ownRest } = own;
      if (Array.isArray(ownRest['subjects']) && ownRest['subjects'].length === 0) delete ownRest['subjects'];
      assert.deepEqual(ownRest, rest, `${kind} ${metadata.name}`);
      assert.deepEqual((ownMetadata as Recorded['metadata']).labels, metadata.labels, `${kind} ${metadata.name}`);
      assert.deepEqual((ownMetadata as Recorded['metadata']).annotations, metadata.annotations, `${kind} ${metadata.name}`);
      compared++;
    }
  }
  assert.ok(compared > 40, `only ${compared} objects were compared`);
});
