/** What a CronJob may say about itself; its jobs are checked when they are made. */
import { invalid, nonNegative, oneOfValues, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { CronJob, CronJobSpec } from './cron-job.ts';

/** Kubernetes: names of its jobs are eleven characters longer, and at most 63. */
const nameLimit = 52;

export function validateCronJob({ metadata, spec }: CronJob, old: CronJob | undefined): FieldError[] {
  const name = metadata.name ?? '';
  return [
    ...scheduleErrors(spec, old?.spec),
    ...nonNegative('spec.startingDeadlineSeconds', spec.startingDeadlineSeconds),
    ...(spec.timeZone === old?.spec.timeZone ? [] : zoneErrors(spec.timeZone)),
    ...oneOfValues('spec.concurrencyPolicy', spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace']),
    ...nonNegative('spec.successfulJobsHistoryLimit', spec.successfulJobsHistoryLimit),
    ...nonNegative('spec.failedJobsHistoryLimit', spec.failedJobsHistoryLimit),
    ...(old === undefined && name.length > nameLimit ? [invalid('metadata.name', name, `must be no more than ${nameLimit} characters`)] : []),
  ];
}

function scheduleErrors({ schedule, timeZone }: CronJobSpec, old: CronJobSpec | undefined): FieldError[] {
  const path = 'spec.schedule';
  if (schedule === '') return [required(path)];
  const errors: FieldError[] = [];
  const fields = schedule.replace(/^(?:CRON_)?TZ=\S*\s*/, '').split(/\s+/).filter((field) => field !== '');
  if (!(fields[0] ?? '').startsWith('@') && fields.length !== 5) errors.push(invalid(path, schedule, `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`));
  if (!schedule.includes('TZ')) return errors;
  // An old one may keep its zone in the schedule, but not name another beside it.
  if (old?.schedule.includes('TZ') !== true) errors.push(invalid(path, schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead'));
  else if (timeZone !== undefined) errors.push(invalid(path, schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule'));
  return errors;
}

function zoneErrors(zone: string | undefined): FieldError[] {
  const path = 'spec.timeZone';
  if (zone === undefined) return [];
  if (zone === '') return [invalid(path, zone, 'timeZone must be nil or non-empty string')];
  const isWellFormed = zone.split('/').every((part) => part !== '.' && part !== '..' && /^[A-Za-z._0-9+][A-Za-z.\-_0-9+]{0,13}$/.test(part));
  if (!isWellFormed) return [invalid(path, zone, `unknown time zone ${zone}`)];
  if (zone.toLowerCase() === 'local') return [invalid(path, zone, 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones')];
  return isKnownZone(zone) ? [] : [invalid(path, zone, `unknown time zone ${zone}`)];
}

/** Kubernetes: zones are files, whose names are told apart by case. */
function isKnownZone(zone: string): boolean {
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions();
    return timeZone === zone || timeZone.toLowerCase() !== zone.toLowerCase();
  } catch (error) {
    if (error instanceof RangeError) return false; // what Intl throws for a zone that it does not know
    throw error;
  }
}
