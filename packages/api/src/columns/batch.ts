/** Columns of Jobs and what starts them. */
import { humanDuration, parseTime } from '@kaji/schema';
import type { CronJob } from '../batch/v1/cron-job.ts';
import type { Job } from '../batch/v1/job.ts';
import type { Column } from '../resource.ts';
import { age, ageColumn, containerColumns, nameColumn, selectorText } from './cells.ts';

export const jobColumns: readonly Column<Job>[] = [
  nameColumn,
  { name: 'Status', type: 'string', value: statusText },
  { name: 'Completions', type: 'string', value: completionsText },
  { name: 'Duration', type: 'string', value: durationText },
  ageColumn,
  ...containerColumns<Job>(({ spec }) => spec.template.spec),
  { name: 'Selector', type: 'string', isWide: true, value: ({ spec }) => selectorText(spec.selector) },
];

export const cronJobColumns: readonly Column<CronJob>[] = [
  nameColumn,
  { name: 'Schedule', type: 'string', value: ({ spec }) => spec.schedule },
  { name: 'Timezone', type: 'string', value: ({ spec }) => spec.timeZone ?? '<none>' },
  { name: 'Suspend', type: 'boolean', value: ({ spec: { suspend } }) => (suspend === undefined ? '<unset>' : suspend ? 'True' : 'False') },
  { name: 'Active', type: 'integer', value: ({ status }) => status?.active?.length ?? 0 },
  { name: 'Last Schedule', type: 'string', value: ({ status }, now) => (status?.lastScheduleTime === undefined ? '<none>' : age(status.lastScheduleTime, now)) },
  ageColumn,
  ...containerColumns<CronJob>(({ spec }) => spec.jobTemplate.spec?.template.spec),
  { name: 'Selector', type: 'string', isWide: true, value: ({ spec }) => selectorText(spec.jobTemplate.spec?.selector) },
];

function statusText({ metadata, status }: Job): string {
  const is = (type: string): boolean => (status?.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True');
  if (is('Complete')) return 'Complete';
  if (is('Failed')) return 'Failed';
  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(is) ?? 'Running';
}

function completionsText({ spec: { completions, parallelism = 0 }, status }: Job): string {
  const succeeded = status?.succeeded ?? 0;
  if (completions !== undefined) return `${succeeded}/${completions}`;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function durationText({ status }: Job, now: number): string {
  const start = status?.startTime === undefined ? undefined : parseTime(status.startTime);
  if (start === undefined) return '';
  const end = status?.completionTime === undefined ? now : (parseTime(status.completionTime) ?? now);
  return humanDuration(end - start);
}
