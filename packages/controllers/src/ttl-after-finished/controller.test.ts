import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job } from '@kaji/api/batch/v1';
import { expiryOf } from './controller.ts';

const job = (ttl: number | undefined, type: string | undefined, metadata: Job['metadata'] = {}): Job => ({
  metadata, spec: { template: { spec: { containers: [] } }, ...(ttl === undefined ? {} : { ttlSecondsAfterFinished: ttl }) },
  status: type === undefined ? {} : { conditions: [{ type, status: 'True', lastTransitionTime: '2030-01-01T00:00:00Z' }] },
});
const end = Date.UTC(2030, 0, 1);

const cases: readonly (readonly [name: string, job: Job, want: number | undefined])[] = [
  ['a Job that runs stays', job(10, undefined), undefined],
  ['a Job that is suspended stays', job(10, 'Suspended'), undefined],
  ['a Job without a time stays', job(undefined, 'Complete'), undefined],
  ['a Job goes so long after its success', job(10, 'Complete'), end + 10_000],
  ['a Job goes so long after its failure', job(10, 'Failed'), end + 10_000],
  ['a Job may go at once', job(0, 'Complete'), end],
  ['a Job that is going needs no help', job(0, 'Complete', { deletionTimestamp: '2030-01-01T00:00:00Z' }), undefined],
];
for (const [name, of, want] of cases) test(name, () => { assert.equal(expiryOf(of), want); });
