/** Which run of a CronJob is due, what becomes of its Jobs, and when to look again. Pure. */
import { type CronJob, isTimeZone, type Job, parseSchedule } from '@kaji/api/batch/v1';
import { formatTime, parseTime } from '@kaji/schema';
import { missed, nextTime, tooMany } from './times.ts';

export interface Event {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

export interface Plan {
  /** The run that is due. */
  readonly run: { readonly at: number; readonly name: string } | undefined;
  /** Jobs that give way to it. */
  readonly replace: readonly Job[];
  /** Old Jobs beyond what is kept. */
  readonly remove: readonly Job[];
  /** Of the Jobs there are; a new one comes on top. */
  readonly status: NonNullable<CronJob['status']>;
  readonly events: readonly Event[];
  readonly retryAfterMs: number | undefined;
}

/** A moment later, so that it is due when it is looked at. */
const slackMs = 100;
const scheduledAnnotation = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

export const endOf = ({ status }: Job): 'Complete' | 'Failed' | undefined => status?.conditions?.find(({ type, status: value }) => (type === 'Complete' || type === 'Failed') && value === 'True')?.type as 'Complete' | 'Failed' | undefined;

/** Made from the minute, so that no run is begun twice. */
export const jobName = ({ metadata }: CronJob, at: number): string => `${metadata.name ?? ''}-${Math.floor(at / 60_000)}`;

export function plan(cronJob: CronJob, jobs: readonly Job[], now: number): Plan {
  const events: Event[] = [];
  const status = statusOf(cronJob, jobs, events);
  const remove = history(cronJob, jobs);
  const idle: Plan = { run: undefined, replace: [], remove, status, events, retryAfterMs: undefined };
  const { spec, metadata } = cronJob;
  if (metadata.deletionTimestamp !== undefined) return { ...idle, remove: [] };
  if (spec.timeZone !== undefined && !isTimeZone(spec.timeZone)) return warned(idle, 'UnknownTimeZone', `invalid timeZone: ${JSON.stringify(spec.timeZone)}: unknown time zone ${spec.timeZone}`);
  if (spec.suspend === true) return idle;
  const schedule = parseSchedule(spec.schedule);
  if (typeof schedule === 'string') return warned(idle, 'UnparseableSchedule', `unparseable schedule: ${JSON.stringify(spec.schedule)} : ${schedule}`);
  const next = nextTime(schedule, now, spec.timeZone);
  const later = { ...idle, retryAfterMs: next === undefined ? undefined : next - now + slackMs };
  const { latest, count } = missed(schedule, earliest(cronJob, now), now, spec.timeZone);
  if (count > tooMany) events.push({ type: 'Warning', reason: 'TooManyMissedTimes', message: `too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew` });
  if (latest === undefined || latest === parseTime(status.lastScheduleTime ?? '')) return later;
  if (spec.startingDeadlineSeconds !== undefined && latest + spec.startingDeadlineSeconds * 1000 < now) return warned(later, 'MissSchedule', `Missed scheduled time to start a job: ${rfc1123(latest)}`);
  const name = jobName(cronJob, latest);
  if (jobs.some((job) => job.metadata.name === name)) return later;
  const active = jobs.filter((job) => endOf(job) === undefined);
  if (spec.concurrencyPolicy === 'Forbid' && active.length > 0) {
    events.push({ type: 'Normal', reason: 'JobAlreadyActive', message: 'Not starting job because prior execution is running and concurrency policy is Forbid' });
    return later;
  }
  return { ...later, run: { at: latest, name }, replace: spec.concurrencyPolicy === 'Replace' ? active : [] };
}

const warned = (of: Plan, reason: string, message: string): Plan => ({ ...of, events: [...of.events, { type: 'Warning', reason, message }] });

/** From when on runs may have been missed. */
function earliest({ metadata, spec, status }: CronJob, now: number): number {
  const known = parseTime(status?.lastScheduleTime ?? metadata.creationTimestamp ?? '') ?? now;
  return spec.startingDeadlineSeconds === undefined ? known : Math.max(known, now - spec.startingDeadlineSeconds * 1000);
}

/** Jobs that ended are not active any more, and the last success is remembered. */
function statusOf(cronJob: CronJob, jobs: readonly Job[], events: Event[]): NonNullable<CronJob['status']> {
  const status = structuredClone(cronJob.status ?? {});
  const byUid = new Map(jobs.map((job) => [job.metadata.uid, job]));
  const active = (status.active ?? []).filter((reference) => {
    const job = byUid.get(reference.uid);
    const end = job === undefined ? undefined : endOf(job);
    if (job === undefined) events.push({ type: 'Normal', reason: 'MissingJob', message: `Active job went missing: ${reference.name ?? ''}` });
    else if (end !== undefined) events.push({ type: 'Normal', reason: 'SawCompletedJob', message: `Saw completed job: ${reference.name ?? ''}, condition: ${end}` });
    return job !== undefined && end === undefined;
  });
  const done = jobs.filter((job) => endOf(job) === 'Complete').map(({ status: of }) => of?.completionTime ?? '').sort();
  const lastSuccessfulTime = [status.lastSuccessfulTime ?? '', ...done].reduce((last, time) => (time > last ? time : last));
  const { active: _, ...rest } = status;
  return { ...rest, ...(active.length === 0 ? {} : { active }), ...(lastSuccessfulTime === '' ? {} : { lastSuccessfulTime }) };
}

function history({ spec }: CronJob, jobs: readonly Job[]): readonly Job[] {
  const beyond = (end: 'Complete' | 'Failed', limit: number | undefined): readonly Job[] => {
    if (limit === undefined) return [];
    const ended = jobs.filter((job) => endOf(job) === end).sort((a, b) => ((a.status?.startTime ?? '') < (b.status?.startTime ?? '') ? -1 : 1));
    return ended.slice(0, Math.max(0, ended.length - limit));
  };
  return [...beyond('Complete', spec.successfulJobsHistoryLimit), ...beyond('Failed', spec.failedJobsHistoryLimit)];
}

/** As Go prints it: `Tue, 01 Jan 2030 00:00:00 +0000`. */
const rfc1123 = (time: number): string => new Date(time).toUTCString().replace('GMT', '+0000');

export function jobOf(cronJob: CronJob, { at, name }: { readonly at: number; readonly name: string }, owner: object): Job {
  const { metadata, spec } = cronJob.spec.jobTemplate;
  return {
    apiVersion: 'batch/v1', kind: 'Job', spec,
    metadata: { name, namespace: cronJob.metadata.namespace, labels: { ...metadata?.labels }, annotations: { ...metadata?.annotations, [scheduledAnnotation]: formatTime(at) }, ownerReferences: [owner] },
  } as Job; // the reference is one of an owner
}
