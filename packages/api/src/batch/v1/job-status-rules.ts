/** Rules of a Job's status: what a controller, ours or another that manages the Job, may say of it. */
import { isDeepEqual, parseTime } from '@kaji/schema';
import { duplicate, invalid, nonNegative, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import { firstShared, indexCount } from './job-indexes.ts';
import type { Job, JobStatus } from './job.ts';

const is = (status: JobStatus, type: string): boolean => (status.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True');
const isFinished = (status: JobStatus): boolean => is(status, 'Complete') || is(status, 'Failed');

/** Kubernetes: an error about conditions does not repeat them. */
const wrong = (why: string): FieldError => ({ field: 'status.conditions', reason: 'FieldValueInvalid', message: `Invalid value: ${why}` });

/** Only what a write changes is held against it: the controller has yet to follow changes of the spec. */
export function validateJobStatus(job: Job, old: Job): FieldError[] {
  const [status, before] = [job.status ?? {}, old.status ?? {}];
  return [
    ...(['active', 'succeeded', 'failed', 'ready', 'terminating'] as const).flatMap((name) => nonNegative(`status.${name}`, status[name])), ...uncountedErrors(status),
    ...conditionErrors(status, before), ...timeErrors(status, before), ...finishedErrors(job, status, before), ...indexErrors(job, status, before), ...countErrors(job, status, before), ...transitionErrors(job, status, before),
  ];
}

function uncountedErrors({ uncountedTerminatedPods }: JobStatus): FieldError[] {
  const seen = new Set<string>();
  return (['succeeded', 'failed'] as const).flatMap((list) => (uncountedTerminatedPods?.[list] ?? []).flatMap((uid, index) => {
    const path = `status.uncountedTerminatedPods.${list}[${index}]`;
    if (uid === '') return [invalid(path, uid, 'must not be empty')];
    if (seen.has(uid)) return [duplicate(path, uid)];
    seen.add(uid);
    return [];
  }));
}

function conditionErrors(status: JobStatus, before: JobStatus): FieldError[] {
  const changed = (...types: string[]): boolean => types.some((type) => is(status, type) !== is(before, type));
  const errors: FieldError[] = [];
  if (changed('Complete', 'Failed') && is(status, 'Complete') && is(status, 'Failed')) errors.push(wrong('cannot set Complete=True and Failed=true conditions'));
  if (changed('Complete', 'FailureTarget') && is(status, 'Complete') && is(status, 'FailureTarget')) errors.push(wrong('cannot set Complete=True and FailureTarget=true conditions'));
  if ((changed('Failed') || status.failedIndexes !== before.failedIndexes) && is(status, 'Failed') && !is(status, 'FailureTarget')) errors.push(wrong('cannot set Failed=True condition without the FailureTarget=true condition'));
  if (changed('Complete', 'SuccessCriteriaMet') && is(status, 'Complete') && !is(status, 'SuccessCriteriaMet')) errors.push(wrong('cannot set Complete=True condition without the SuccessCriteriaMet=true condition'));
  return errors;
}

function timeErrors(status: JobStatus, before: JobStatus): FieldError[] {
  const { startTime, completionTime } = status;
  const hasCompleted = is(status, 'Complete') !== is(before, 'Complete') || completionTime !== before.completionTime;
  const errors: FieldError[] = [];
  if (hasCompleted && completionTime !== undefined && !is(status, 'Complete')) errors.push(invalid('status.completionTime', completionTime, 'cannot set completionTime when there is no Complete=True condition'));
  if (hasCompleted && completionTime === undefined && is(status, 'Complete')) errors.push(required('status.completionTime', 'completionTime is required for Complete jobs'));
  const hasMoved = startTime !== before.startTime || completionTime !== before.completionTime;
  if (hasMoved && startTime !== undefined && completionTime !== undefined && (parseTime(completionTime) ?? 0) < (parseTime(startTime) ?? 0)) errors.push(invalid('status.completionTime', completionTime, 'must be equal to or after `startTime`'));
  return errors;
}

function finishedErrors({ spec }: Job, status: JobStatus, before: JobStatus): FieldError[] {
  if (!isFinished(status)) return [];
  const hasFinished = !isFinished(before);
  const { active = 0, startTime, uncountedTerminatedPods: uncounted } = status;
  const isEmptyJob = spec.suspend === true && spec.completions === 0;
  const errors: FieldError[] = [];
  if ((hasFinished || active !== (before.active ?? 0)) && active > 0) errors.push(invalid('status.active', active, 'active>0 is invalid for finished job'));
  if ((hasFinished || startTime !== before.startTime) && !isEmptyJob && startTime === undefined) errors.push(required('status.startTime', 'startTime is required for finished job'));
  const left = (uncounted?.succeeded ?? []).length + (uncounted?.failed ?? []).length;
  if ((hasFinished || !isDeepEqual(uncounted, before.uncountedTerminatedPods)) && left > 0) errors.push(invalid('status.uncountedTerminatedPods', uncounted, 'must be empty for finished job'));
  return errors;
}

function indexErrors({ spec: { completions, completionMode, backoffLimitPerIndex } }: Job, { completedIndexes: completed = '', failedIndexes: failed }: JobStatus, before: JobStatus): FieldError[] {
  const hasCompleted = completed !== (before.completedIndexes ?? '');
  const hasFailed = failed !== before.failedIndexes;
  const errors: FieldError[] = [];
  const check = (name: string, text: string): void => {
    const counted = indexCount(text, completions ?? 0);
    if (typeof counted === 'string') errors.push(invalid(`status.${name}`, text, `error parsing ${name}: ${counted}`));
  };
  if (hasCompleted && completions !== undefined) check('completedIndexes', completed);
  if (hasFailed && completions !== undefined && backoffLimitPerIndex !== undefined && failed !== undefined) check('failedIndexes', failed);
  if (hasCompleted && completed !== '' && completionMode !== 'Indexed') errors.push(invalid('status.completedIndexes', completed, 'cannot set non-empty completedIndexes when non-indexed completion mode'));
  if (hasFailed && failed !== undefined && backoffLimitPerIndex === undefined) errors.push(invalid('status.failedIndexes', failed, 'cannot set non-null failedIndexes when backoffLimitPerIndex is null'));
  const shared = (hasFailed || hasCompleted) && completions !== undefined && failed !== undefined ? firstShared(completed, failed, completions) : undefined;
  if (shared !== undefined) errors.push(invalid('status.failedIndexes', failed, `failedIndexes and completedIndexes overlap at index: ${shared}`));
  return errors;
}

function countErrors({ spec }: Job, status: JobStatus, before: JobStatus): FieldError[] {
  const { active = 0, ready, terminating = 0 } = status;
  const errors: FieldError[] = [];
  if ((isFinished(status) !== isFinished(before) || status.terminating !== before.terminating) && terminating > 0 && isFinished(status)) errors.push(invalid('status.terminating', terminating, 'terminating>0 is invalid for finished job'));
  if ((ready !== before.ready || active !== (before.active ?? 0)) && ready !== undefined && ready > active) errors.push(invalid('status.ready', ready, 'cannot set more ready pods than active'));
  if (is(status, 'SuccessCriteriaMet') && is(status, 'Failed')) errors.push(wrong('cannot set SuccessCriteriaMet=True and Failed=true conditions'));
  if (is(status, 'SuccessCriteriaMet') && is(status, 'FailureTarget')) errors.push(wrong('cannot set SuccessCriteriaMet=True and FailureTarget=true conditions'));
  if (spec.successPolicy !== undefined && !is(status, 'SuccessCriteriaMet') && is(status, 'Complete')) errors.push(wrong('cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True'));
  return errors;
}

function transitionErrors({ spec }: Job, status: JobStatus, before: JobStatus): FieldError[] {
  const errors = ['Failed', 'Complete', 'FailureTarget'].filter((type) => is(before, type) && !is(status, type)).map((type) => wrong(`cannot disable the terminal ${type}=True condition`));
  const [failed, succeeded] = [status.failed ?? 0, status.succeeded ?? 0];
  if (failed < (before.failed ?? 0)) errors.push(invalid('status.failed', failed, 'cannot decrease the failed counter'));
  const isElastic = spec.completionMode === 'Indexed' && spec.completions === spec.parallelism;
  if (!isElastic && succeeded < (before.succeeded ?? 0)) errors.push(invalid('status.succeeded', succeeded, 'cannot decrease the succeeded counter'));
  const { completionTime, startTime } = status;
  if (completionTime !== undefined && before.completionTime !== undefined && completionTime !== before.completionTime) errors.push(invalid('status.completionTime', completionTime, 'field is immutable'));
  const isResuming = is(before, 'Suspended') && (status.conditions ?? []).some(({ type, status: value }) => type === 'Suspended' && value === 'False');
  if (!isResuming && before.startTime !== undefined && startTime !== before.startTime && spec.suspend !== true) errors.push(invalid('status.startTime', startTime ?? null, 'field is immutable for unsuspended job once set'));
  if (is(before, 'SuccessCriteriaMet') && !is(status, 'SuccessCriteriaMet')) errors.push(wrong('cannot disable the SuccessCriteriaMet=True condition'));
  if (is(before, 'Complete') && !is(before, 'SuccessCriteriaMet') && is(status, 'SuccessCriteriaMet')) errors.push(wrong('cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions'));
  return errors;
}
