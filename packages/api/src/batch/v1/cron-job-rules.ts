/** Rules of CronJobs. */
import { invalid, nonNegative, notSupported, required } from '../../field-error.ts';
import { shownSelector } from '../../meta/v1/label-selector-rules.ts';
import type { FieldError } from '../../resource.ts';
import type { CronJob, CronJobSpec, JobTemplateSpec } from './cron-job.ts';
import { validateJobSpec } from './job-rules.ts';
import { isTimeZone, scheduleError } from './schedule.ts';

/** Kubernetes: the names of its Jobs are eleven characters longer. */
const longestName = 52;

function scheduleErrors({ schedule, timeZone }: CronJobSpec, old: CronJobSpec | undefined): FieldError[] {
  const path = 'spec.schedule';
  if (schedule === '') return [required(path)];
  const error = scheduleError(schedule);
  const errors = error === undefined ? [] : [invalid(path, schedule, error)];
  if (!schedule.includes('TZ')) return errors;
  // Kubernetes: zones in schedules are refused, but those that are there may stay.
  if (old?.schedule.includes('TZ') !== true) errors.push(invalid(path, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'));
  else if (timeZone !== undefined) errors.push(invalid(path, schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule'));
  return errors;
}

function timeZoneErrors(zone: string | undefined): FieldError[] {
  const path = 'spec.timeZone';
  if (zone === undefined) return [];
  if (zone === '') return [invalid(path, zone, 'timeZone must be nil or non-empty string')];
  const unknown = invalid(path, zone, `unknown time zone ${zone}`);
  if (zone.split('/').some((part) => part === '.' || part === '..' || part.startsWith('-') || !/^[A-Za-z._0-9+-]{1,14}$/.test(part))) return [unknown];
  const isLocal = zone.toLowerCase() === 'local';
  return [
    ...(isLocal ? [invalid(path, zone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones')] : []),
    // Kubernetes: such a path never reaches the files of zones.
    ...(zone === 'Local' || isTimeZone(zone) ? [] : [zone.includes('..') ? invalid(path, zone, 'time: invalid location name') : unknown]),
  ];
}

function templateErrors({ spec }: JobTemplateSpec, old: JobTemplateSpec | undefined): FieldError[] {
  const path = 'spec.jobTemplate.spec';
  if (spec === undefined) return [required(`${path}.template.spec.containers`), required(`${path}.template.spec.restartPolicy`, 'valid values: "OnFailure", "Never"')];
  return [
    ...validateJobSpec(spec, path, old?.spec), ...(spec.selector === undefined ? [] : [invalid(`${path}.selector`, shownSelector(spec.selector), '`selector` will be auto-generated')]),
    ...(spec.manualSelector === true ? [notSupported(`${path}.manualSelector`, true, ['nil', 'false'])] : []),
  ];
}

export function validateCronJob({ metadata: { name = '' }, spec }: CronJob, old: CronJob | undefined): FieldError[] {
  const { timeZone, concurrencyPolicy: policy = '' } = spec;
  const policies = ['Allow', 'Forbid', 'Replace'];
  return [
    ...scheduleErrors(spec, old?.spec), ...nonNegative('spec.startingDeadlineSeconds', spec.startingDeadlineSeconds),
    ...(old === undefined || old.spec.timeZone !== timeZone ? timeZoneErrors(timeZone) : []),
    ...(policies.includes(policy) ? [] : policy === '' ? [required('spec.concurrencyPolicy')] : [notSupported('spec.concurrencyPolicy', policy, policies)]), ...templateErrors(spec.jobTemplate, old?.spec.jobTemplate),
    ...nonNegative('spec.successfulJobsHistoryLimit', spec.successfulJobsHistoryLimit), ...nonNegative('spec.failedJobsHistoryLimit', spec.failedJobsHistoryLimit),
    ...(old === undefined && name.length > longestName ? [invalid('metadata.name', name, `must be no more than ${longestName} characters`)] : []),
  ];
}
