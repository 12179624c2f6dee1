import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job, JobStatus } from '@kaji/api/batch/v1';
import type { Pod } from '@kaji/api/core/v1';
import { backoffMs, countFailures, noFailures } from './backoff.ts';
import { judgeFailure } from './failure-policy.ts';
import { formatIndexes, parseIndexes } from './indexes.ts';
import { plan, type Plan } from './plan.ts';
import { trackingFinalizer } from './pods.ts';

const now = Date.UTC(2030, 0, 1, 0, 10);
const started = '2030-01-01T00:00:00Z';
const job = (spec: Partial<Job['spec']> = {}, status: JobStatus = { startTime: started }): Job => ({
  metadata: { name: 'work', namespace: 'default', uid: 'job' }, spec: { parallelism: 1, completions: 1, backoffLimit: 6, template: { spec: { containers: [{ name: 'c' }], restartPolicy: 'Never' } }, ...spec }, status,
});
interface Traits {
  readonly index?: number;
  readonly exitCode?: number;
  readonly isCounted?: boolean;
  readonly isTerminating?: boolean;
  readonly failures?: number;
}
const pod = (uid: string, phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed', { index, exitCode, isCounted = false, isTerminating = false, failures }: Traits = {}): Pod => ({
  metadata: {
    uid, name: uid, namespace: 'default', ...(isCounted ? {} : { finalizers: [trackingFinalizer] }), ...(isTerminating ? { deletionTimestamp: '2030-01-01T00:09:00Z' } : {}),
    annotations: { ...(index === undefined ? {} : { 'batch.kubernetes.io/job-completion-index': String(index) }), ...(failures === undefined ? {} : { 'batch.kubernetes.io/job-index-failure-count': String(failures) }) },
  },
  spec: { containers: [] },
  status: { phase, ...(exitCode === undefined ? {} : { containerStatuses: [{ name: 'c', image: '', imageID: '', ready: false, restartCount: 0, state: { terminated: { exitCode, finishedAt: '2030-01-01T00:09:55Z' } } }] }) },
});
const planned = (of: Job, pods: readonly Pod[] = []): Plan => plan(of, pods, noFailures, now);
const conditions = ({ status }: Plan): readonly string[] => (status.conditions ?? []).map(({ type, status: value, reason }) => `${type}=${value} ${reason}`);
const names = (pods: readonly Pod[]): readonly string[] => pods.map(({ metadata }) => metadata.name ?? '');

const sizes: readonly (readonly [name: string, job: Job, pods: readonly Pod[], create: number, remove: number])[] = [
  ['starts as many as may run at once', job({ parallelism: 3, completions: 5 }), [], 3, 0],
  ['starts no more than are still needed', job({ parallelism: 3, completions: 5 }, { startTime: started, succeeded: 4 }), [], 1, 0],
  ['without completions starts all at once', job({ parallelism: 2, completions: undefined }), [], 2, 0],
  ['without completions starts none after a success', job({ parallelism: 2, completions: undefined }), [pod('a', 'Succeeded'), pod('b', 'Running')], 0, 0],
  ['removes what is too many', job({ parallelism: 1, completions: 5 }), [pod('a', 'Running'), pod('b', 'Pending')], 0, 1],
  ['removes all when suspended', job({ parallelism: 2, completions: 2, suspend: true }), [pod('a', 'Running'), pod('b', 'Running')], 0, 2],
  ['replaces a pod that is ending', job(), [pod('a', 'Running', { isTerminating: true })], 1, 0],
  ['waits for one that is ending where only what failed is replaced', job({ podReplacementPolicy: 'Failed' }), [pod('a', 'Running', { isTerminating: true })], 0, 0],
];
for (const [name, of, pods, create, remove] of sizes) {
  test(name, () => {
    const made = planned(of, pods);
    assert.deepEqual([made.create.length, made.remove.length], [create, remove]);
  });
}

test('an end is noted, then let go, then counted', () => {
  const first = planned(job({ completions: 2 }), [pod('a', 'Succeeded')]);
  assert.deepEqual([first.status.uncountedTerminatedPods, first.status.succeeded, names(first.release)], [{ succeeded: ['a'] }, undefined, ['a']]);
  const second = planned(job({ completions: 2 }, first.status), [pod('a', 'Succeeded', { isCounted: true })]);
  assert.deepEqual([second.status.uncountedTerminatedPods, second.status.succeeded], [{}, 1]);
  const lost = planned(job({ completions: 2 }, first.status), []);
  assert.equal(lost.status.succeeded, 1);
});

test('a Job is complete when all is counted and nothing ends any more', () => {
  const first = planned(job(), [pod('a', 'Succeeded')]);
  assert.deepEqual(conditions(first), ['SuccessCriteriaMet=True CompletionsReached']);
  const second = planned(job({}, first.status), [pod('a', 'Succeeded', { isCounted: true })]);
  assert.deepEqual(conditions(second), ['SuccessCriteriaMet=True CompletionsReached', 'Complete=True CompletionsReached']);
  assert.deepEqual(second.events, [{ type: 'Normal', reason: 'Completed', message: 'Job completed' }]);
  assert.equal(second.status.completionTime, '2030-01-01T00:10:00Z');
});

test('a Job that failed too often ends its pods, and fails when they are gone', () => {
  const first = planned(job({ backoffLimit: 0, parallelism: 2, completions: 2 }), [pod('a', 'Failed'), pod('b', 'Running')]);
  assert.deepEqual([conditions(first), names(first.end), first.create.length], [['FailureTarget=True BackoffLimitExceeded'], ['b'], 0]);
  const second = planned(job({ backoffLimit: 0 }, first.status), [pod('a', 'Failed', { isCounted: true }), pod('b', 'Failed', { isTerminating: true })]);
  assert.deepEqual(second.status.uncountedTerminatedPods, { failed: ['b'] });
  const third = planned(job({ backoffLimit: 0 }, second.status), []);
  assert.deepEqual([conditions(third), third.status.failed], [['FailureTarget=True BackoffLimitExceeded', 'Failed=True BackoffLimitExceeded'], 2]);
});

test('a deadline counts from the start, and is waited for', () => {
  assert.equal(planned(job({ activeDeadlineSeconds: 700 }), [pod('a', 'Running')]).retryAfterMs, 100_000);
  assert.deepEqual(conditions(planned(job({ activeDeadlineSeconds: 600 }), [pod('a', 'Running')])), ['FailureTarget=True DeadlineExceeded']);
});

test('suspending forgets the start, resuming sets it anew', () => {
  const first = planned(job({ suspend: true }), []);
  assert.deepEqual([conditions(first), first.status.startTime], [['Suspended=True JobSuspended'], undefined]);
  const second = planned(job({}, first.status), []);
  assert.deepEqual([conditions(second), second.status.startTime, second.create.length], [['Suspended=False JobResumed'], '2030-01-01T00:10:00Z', 1]);
});

test('an index is run until it succeeds, and only once at a time', () => {
  const indexed = job({ completionMode: 'Indexed', parallelism: 3, completions: 4 });
  const made = planned(indexed, [pod('a', 'Succeeded', { index: 0 }), pod('b', 'Running', { index: 1 }), pod('c', 'Pending', { index: 1 })]);
  assert.equal(made.status.completedIndexes, '0');
  assert.deepEqual(names(made.remove), ['c']);
  const next = planned(indexed, [pod('a', 'Succeeded', { index: 0 }), pod('b', 'Running', { index: 1 })]);
  assert.deepEqual(next.create.map(({ index }) => index), [2, 3]);
});

test('an index fails by itself, and the Job only with the last', () => {
  const spec = { completionMode: 'Indexed', parallelism: 2, completions: 2, backoffLimitPerIndex: 1, backoffLimit: 100 } as const;
  const first = planned(job(spec), [pod('a', 'Failed', { index: 0, failures: 0 })]);
  assert.deepEqual(first.create, [{ index: 0, failures: 1 }, { index: 1, failures: 0 }]);
  const second = planned(job(spec), [pod('a', 'Failed', { index: 0, failures: 1 }), pod('b', 'Succeeded', { index: 1, failures: 0 })]);
  assert.deepEqual([second.status.failedIndexes, conditions(second)], ['0', ['FailureTarget=True FailedIndexes']]);
});

test('a success policy ends a Job early', () => {
  const spec = { completionMode: 'Indexed', parallelism: 2, completions: 3, successPolicy: { rules: [{ succeededIndexes: '0' }] } } as const;
  const made = planned(job({ ...spec, successPolicy: { rules: [...spec.successPolicy.rules] } }), [pod('a', 'Succeeded', { index: 0 }), pod('b', 'Running', { index: 1 })]);
  assert.deepEqual([conditions(made), names(made.end)], [['SuccessCriteriaMet=True SuccessPolicy'], ['b']]);
});

test('failures are judged by exit codes and conditions', () => {
  const policy: NonNullable<Job['spec']['podFailurePolicy']> = {
    rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }, { action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } }],
  };
  assert.deepEqual(judgeFailure(policy, pod('a', 'Failed', { exitCode: 42 })), { action: 'FailJob', message: 'Container c for pod default/a failed with exit code 42 matching FailJob rule at index 1' });
  assert.equal(judgeFailure(policy, pod('a', 'Failed', { exitCode: 1 })).action, 'Count');
  const made = planned(job({ podFailurePolicy: policy }), [pod('a', 'Failed', { exitCode: 42 })]);
  assert.deepEqual(conditions(made), ['FailureTarget=True PodFailurePolicy']);
  const evicted = pod('a', 'Failed');
  evicted.status = { ...evicted.status, conditions: [{ type: 'DisruptionTarget', status: 'True' }] };
  const ignored = planned(job({ podFailurePolicy: policy, backoffLimit: 0 }), [evicted]);
  assert.deepEqual([conditions(ignored), names(ignored.release), ignored.create.length], [[], ['a'], 1]);
});

test('each failure in a row doubles the wait, a success ends it', () => {
  const failed = [1, 2, 3].map((at) => pod(`f${at}`, 'Failed', { exitCode: 1 }));
  const known = countFailures(noFailures, [], failed, now);
  assert.deepEqual([known.count, backoffMs(known, now), backoffMs({ count: 20, lastAtMs: now }, now)], [3, 35_000, 600_000]);
  const made = plan(job({ completions: 2 }), failed.slice(0, 1), noFailures, now);
  assert.deepEqual([made.create.length, made.retryAfterMs], [0, 5000]);
  assert.equal(countFailures(known, [pod('s', 'Succeeded')], [], now).count, 0);
});

const sets: readonly (readonly [text: string | undefined, indexes: readonly number[]])[] = [[undefined, []], ['0', [0]], ['0,1', [0, 1]], ['1-3,7', [1, 2, 3, 7]]];
for (const [text, indexes] of sets) {
  test(`indexes: ${text ?? 'none'}`, () => {
    assert.equal(formatIndexes(new Set(indexes)), text);
    assert.deepEqual([...parseIndexes(text, 100)], indexes);
  });
}
