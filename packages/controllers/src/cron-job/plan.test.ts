import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CronJob, type Job, parseSchedule } from '@kaji/api/batch/v1';
import { formatTime, parseTime } from '@kaji/schema';
import { plan } from './plan.ts';
import { missed, nextTime } from './times.ts';

const at = (text: string): number => parseTime(text) ?? Number.NaN;
const schedule = (text: string) => {
  const parsed = parseSchedule(text);
  assert.ok(typeof parsed !== 'string', `${text}: ${JSON.stringify(parsed)}`);
  return parsed;
};

const times: readonly (readonly [text: string, zone: string, after: string, want: string | undefined])[] = [
  ['*/15 * * * *', 'UTC', '2030-01-01T00:07:30Z', '2030-01-01T00:15:00Z'],
  ['0 0 * * *', 'UTC', '2030-01-01T00:00:00Z', '2030-01-02T00:00:00Z'],
  ['30 6 1 */3 *', 'UTC', '2030-01-02T00:00:00Z', '2030-04-01T06:30:00Z'],
  ['0 0 13 * 5', 'UTC', '2030-01-01T00:00:00Z', '2030-01-04T00:00:00Z'],
  ['0 0 * * mon-fri', 'UTC', '2030-01-04T12:00:00Z', '2030-01-07T00:00:00Z'],
  ['0 0 29 2 *', 'UTC', '2030-01-01T00:00:00Z', '2032-02-29T00:00:00Z'],
  ['0 0 31 2 *', 'UTC', '2030-01-01T00:00:00Z', undefined],
  ['@hourly', 'UTC', '2030-01-01T00:59:59Z', '2030-01-01T01:00:00Z'],
  ['@every 90m', 'UTC', '2030-01-01T00:10:00Z', '2030-01-01T01:40:00Z'],
  ['0 9 * * *', 'Europe/Berlin', '2030-01-01T00:00:00Z', '2030-01-01T08:00:00Z'],
  ['0 9 * * *', 'Europe/Berlin', '2030-07-01T00:00:00Z', '2030-07-01T07:00:00Z'],
  ['30 2 * * *', 'Europe/Berlin', '2030-03-30T12:00:00Z', '2030-04-01T00:30:00Z'],
  ['TZ=Asia/Tokyo 0 0 * * *', 'UTC', '2030-01-01T00:00:00Z', '2030-01-01T15:00:00Z'],
];
for (const [text, zone, after, want] of times) {
  test(`${text} in ${zone} after ${after} is due ${want ?? 'never'}`, () => {
    const next = nextTime(schedule(text), at(after), zone);
    assert.equal(next === undefined ? undefined : formatTime(next), want);
  });
}

test('the latest of many missed times is found without counting them all', () => {
  const { latest, count } = missed(schedule('* * * * *'), at('2020-01-01T00:00:00Z'), at('2030-01-01T00:00:30Z'));
  assert.deepEqual([latest, count > 100], [at('2030-01-01T00:00:00Z'), true]);
});

const cronJob = (spec: Partial<CronJob['spec']> = {}, status?: CronJob['status']): CronJob => ({
  metadata: { name: 'c', namespace: 'default', creationTimestamp: '2030-01-01T00:00:00Z' },
  spec: { schedule: '*/10 * * * *', concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 1, jobTemplate: { spec: { template: { spec: { containers: [] } } } }, ...spec }, ...(status === undefined ? {} : { status }),
});
const job = (name: string, end?: 'Complete' | 'Failed', startTime = '2030-01-01T00:00:00Z'): Job => ({
  metadata: { name, uid: name }, spec: { template: { spec: { containers: [] } } },
  status: { startTime, ...(end === undefined ? {} : { conditions: [{ type: end, status: 'True' }], ...(end === 'Complete' ? { completionTime: '2030-01-01T00:11:00Z' } : {}) }) },
});
const now = at('2030-01-01T00:12:00Z');
const due = `c-${at('2030-01-01T00:10:00Z') / 60_000}`;

const runs: readonly (readonly [name: string, cronJob: CronJob, jobs: readonly Job[], run: string | undefined, reasons: readonly string[]])[] = [
  ['a run that is due begins', cronJob(), [], due, []],
  ['one that was begun is not begun again', cronJob(), [job(due)], undefined, []],
  ['one that is known to have begun is not begun again', cronJob({}, { lastScheduleTime: '2030-01-01T00:10:00Z' }), [], undefined, []],
  ['none begins while it is suspended', cronJob({ suspend: true }), [], undefined, []],
  ['one that is too late is left out', cronJob({ startingDeadlineSeconds: 60 }), [], undefined, []],
  ['of two at once the second is left out', cronJob({ concurrencyPolicy: 'Forbid' }), [job('other')], undefined, ['JobAlreadyActive']],
  ['or both run', cronJob(), [job('other')], due, []],
  ['a zone that is none is told', cronJob({ timeZone: 'Nowhere/Land' }), [], undefined, ['UnknownTimeZone']],
];
for (const [name, of, jobs, run, reasons] of runs) {
  test(name, () => {
    const made = plan(of, jobs, now);
    assert.deepEqual([made.run?.name, made.events.map(({ reason }) => reason)], [run, reasons]);
  });
}

test('the next look is when the next run is due', () => {
  assert.equal(plan(cronJob(), [], now).retryAfterMs, 8 * 60_000 + 100);
});

test('a run may replace the one before it', () => {
  assert.deepEqual(plan(cronJob({ concurrencyPolicy: 'Replace' }), [job('other'), job('done', 'Complete')], now).replace.map(({ metadata }) => metadata.name), ['other']);
});

test('a few that ended are kept, the youngest of each kind', () => {
  const ended = [job('a', 'Complete', '2030-01-01T00:01:00Z'), job('b', 'Complete', '2030-01-01T00:02:00Z'), job('c', 'Failed', '2030-01-01T00:03:00Z'), job('d', 'Failed', '2030-01-01T00:04:00Z')];
  assert.deepEqual(plan(cronJob(), ended, now).remove.map(({ metadata }) => metadata.name), ['a', 'c']);
});

test('the status forgets Jobs that ended or are gone, and remembers the last success', () => {
  const status = { active: [{ kind: 'Job', name: 'a', uid: 'a' }, { kind: 'Job', name: 'b', uid: 'b' }, { kind: 'Job', name: 'lost', uid: 'lost' }] };
  const made = plan(cronJob({}, status), [job('a', 'Complete'), job('b')], now);
  assert.deepEqual([made.status.active?.map(({ name }) => name), made.status.lastSuccessfulTime, made.events.map(({ reason }) => reason)], [['b'], '2030-01-01T00:11:00Z', ['SawCompletedJob', 'MissingJob']]);
});
