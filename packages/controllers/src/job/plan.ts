/** What a Job's pods and status should be next, as a pure function. Source: KEP-2307 (counting), KEP-3850 (per index), KEP-3998 (success policy). */
import type { Job, JobCondition, JobStatus } from '@kaji/api/batch/v1';
import type { Pod } from '@kaji/api/core/v1';
import { formatTime, parseTime } from '@kaji/schema';
import { isActive, isReady, isTerminating } from '../pods.ts';
import { byWorth } from '../replicas/plan.ts';
import { backoffMs, countFailures, type Failures } from './backoff.ts';
import { judgeFailure } from './failure-policy.ts';
import { formatIndexes, parseIndexes } from './indexes.ts';
import { failuresOf, hasFailed, hasSucceeded, indexOf, isIndexed, isTracked, replacesOnlyFailed, restartsOf } from './pods.ts';

export interface Creation {
  /** Of an indexed Job. */
  readonly index: number | undefined;
  /** How often pods of this index failed; only where that is limited. */
  readonly failures: number | undefined;
}

export interface Event {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

export interface Plan {
  readonly create: readonly Creation[];
  /** Pods too many: their end counts for nothing. */
  readonly remove: readonly Pod[];
  /** Pods of a Job that is over: their end still counts. */
  readonly end: readonly Pod[];
  readonly status: JobStatus;
  /** Pods that the status counts, and that may go. */
  readonly release: readonly Pod[];
  readonly events: readonly Event[];
  readonly failures: Failures;
  readonly retryAfterMs: number | undefined;
}

/** Kubernetes: at most this many pods are made in one go. */
const burst = 500;

interface Verdict {
  readonly type: 'FailureTarget' | 'SuccessCriteriaMet';
  readonly reason: string;
  readonly message: string;
}

export const isFinished = ({ status }: Job): boolean => conditionOf(status, 'Complete') === 'True' || conditionOf(status, 'Failed') === 'True';

const conditionOf = (status: JobStatus | undefined, type: string): string | undefined => status?.conditions?.find((condition) => condition.type === type)?.status;

export function plan(job: Job, pods: readonly Pod[], before: Failures, now: number): Plan {
  const { spec } = job;
  const tally = count(job, pods);
  const failures = countFailures(before, tally.newlySucceeded, tally.newlyFailed, now);
  const known = tally.status;
  const isSuspended = spec.suspend === true;
  if (known.startTime === undefined && !isSuspended) known.startTime = formatTime(now);
  const active = pods.filter(isActive);
  const verdict = earlier(known) ?? judge(job, pods, tally, now);
  const moves = verdict !== undefined ? { create: [], remove: [], end: active, waitMs: 0 } : manage(job, pods, tally, backoffMs(failures, now));
  const gone = new Set([...moves.remove, ...moves.end]);
  const left = active.filter((pod) => !gone.has(pod));
  const met = verdict ?? (isComplete(job, tally, left.length) ? reached : undefined);
  const events: Event[] = [];
  if (met !== undefined) say(known, { ...met, status: 'True' }, now);
  else if (job.metadata.deletionTimestamp === undefined) events.push(...suspension(job, known, now));
  known.active = zeroIsAbsent(left.length + moves.create.length);
  known.ready = left.filter(isReady).length;
  known.terminating = pods.filter((pod) => isTerminating(pod) && !hasSucceeded(pod) && pod.status?.phase !== 'Failed').length + gone.size;
  const isCounted = (known.uncountedTerminatedPods?.succeeded ?? []).length + (known.uncountedTerminatedPods?.failed ?? []).length === 0;
  if (met !== undefined && isCounted && known.terminating === 0 && left.length === 0) events.push(finish(job, known, met, now));
  return { create: moves.create, remove: moves.remove, end: moves.end, status: known, release: tally.release, events, failures, retryAfterMs: soonest(job, known, moves.waitMs, now) };
}

const zeroIsAbsent = (value: number): number | undefined => (value === 0 ? undefined : value);

interface Tally {
  readonly status: { -readonly [K in keyof JobStatus]: JobStatus[K] };
  readonly newlySucceeded: readonly Pod[];
  readonly newlyFailed: readonly Pod[];
  readonly release: readonly Pod[];
  /** With those that are not in the counters yet. */
  readonly succeeded: number;
  readonly failed: number;
  readonly doneIndexes: ReadonlySet<number>;
  readonly failedIndexes: ReadonlySet<number>;
}

/**
 * Every end is counted once, whatever happens in between: it is noted by its uid while the pod still has the finalizer, the
 * finalizer goes, and only then does the counter rise.
 */
function count(job: Job, pods: readonly Pod[]): Tally {
  const status = structuredClone(job.status ?? {});
  const { succeeded: notedSucceeded = [], failed: notedFailed = [] } = status.uncountedTerminatedPods ?? {};
  const tracked = new Map(pods.filter(isTracked).map((pod) => [pod.metadata.uid ?? '', pod]));
  const [doneSucceeded, doneFailed] = [notedSucceeded, notedFailed].map((uids) => uids.filter((uid) => !tracked.has(uid)).length);
  const noted = new Set([...notedSucceeded, ...notedFailed]);
  const fresh = [...tracked.values()].filter((pod) => !noted.has(pod.metadata.uid ?? ''));
  const newlySucceeded = fresh.filter(hasSucceeded);
  const newlyEnded = fresh.filter((pod) => hasFailed(pod, job));
  const newlyFailed = newlyEnded.filter((pod) => judgeFailure(job.spec.podFailurePolicy, pod).action !== 'Ignore');
  const ids = (list: readonly Pod[]): string[] => list.map(({ metadata }) => metadata.uid ?? '');
  const succeededNow = [...notedSucceeded.filter((uid) => tracked.has(uid)), ...ids(newlySucceeded)];
  const failedNow = [...notedFailed.filter((uid) => tracked.has(uid)), ...ids(newlyFailed)];
  const completions = job.spec.completions ?? 0;
  const doneIndexes = parseIndexes(status.completedIndexes, completions);
  const failedIndexes = parseIndexes(status.failedIndexes, completions);
  if (isIndexed(job)) {
    for (const pod of [...tracked.values()].filter(hasSucceeded)) addIndex(doneIndexes, pod, job);
    for (const pod of [...tracked.values()].filter((each) => hasFailed(each, job) && hasIndexFailed(each, job))) addIndex(failedIndexes, pod, job);
    for (const index of doneIndexes) failedIndexes.delete(index);
    setOrDrop(status, 'completedIndexes', formatIndexes(doneIndexes));
    if (job.spec.backoffLimitPerIndex !== undefined) status.failedIndexes = formatIndexes(failedIndexes) ?? '';
  }
  status.uncountedTerminatedPods = { ...(succeededNow.length === 0 ? {} : { succeeded: succeededNow }), ...(failedNow.length === 0 ? {} : { failed: failedNow }) };
  setOrDrop(status, 'succeeded', zeroIsAbsent(isIndexed(job) ? doneIndexes.size : (status.succeeded ?? 0) + (doneSucceeded ?? 0)));
  setOrDrop(status, 'failed', zeroIsAbsent((status.failed ?? 0) + (doneFailed ?? 0)));
  return {
    status, newlySucceeded, newlyFailed, doneIndexes, failedIndexes,
    release: [...tracked.values()].filter((pod) => hasSucceeded(pod) || hasFailed(pod, job)),
    succeeded: isIndexed(job) ? doneIndexes.size : (status.succeeded ?? 0) + succeededNow.length, failed: (status.failed ?? 0) + failedNow.length,
  };
}

function addIndex(indexes: Set<number>, pod: Pod, job: Job): void {
  const index = indexOf(pod, job);
  if (index !== undefined) indexes.add(index);
}

function setOrDrop<K extends keyof JobStatus>(status: Tally['status'], field: K, value: JobStatus[K] | undefined): void {
  if (value === undefined) delete status[field];
  else status[field] = value;
}

/** Whether this failure was one too many for its index. */
function hasIndexFailed(pod: Pod, { spec }: Job): boolean {
  if (spec.backoffLimitPerIndex === undefined) return false;
  const { action } = judgeFailure(spec.podFailurePolicy, pod);
  return action === 'FailIndex' || (action !== 'Ignore' && failuresOf(pod) + 1 > spec.backoffLimitPerIndex);
}

/** What an earlier round decided holds. */
function earlier(status: JobStatus): Verdict | undefined {
  for (const type of ['SuccessCriteriaMet', 'FailureTarget'] as const) {
    const found = status.conditions?.find((condition) => condition.type === type && condition.status === 'True');
    if (found !== undefined) return { type, reason: found.reason ?? '', message: found.message ?? '' };
  }
  return undefined;
}

const failure = (reason: string, message: string): Verdict => ({ type: 'FailureTarget', reason, message });
const reached: Verdict = { type: 'SuccessCriteriaMet', reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' };

function judge(job: Job, pods: readonly Pod[], tally: Tally, now: number): Verdict | undefined {
  const { spec } = job;
  const backoffLimit = spec.backoffLimit ?? 6;
  for (const pod of pods.filter((each) => hasFailed(each, job))) {
    const { action, message } = judgeFailure(spec.podFailurePolicy, pod);
    if (action === 'FailJob') return failure('PodFailurePolicy', message);
  }
  const restarts = spec.template.spec?.restartPolicy === 'OnFailure' ? restartsOf(pods) : 0;
  if (tally.failed > backoffLimit || (restarts > 0 && restarts >= backoffLimit)) return failure('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  const deadline = deadlineOf(job, tally.status);
  if (deadline !== undefined && deadline <= now) return failure('DeadlineExceeded', 'Job was active longer than specified deadline');
  return isIndexed(job) ? judgeIndexes(job, tally) : undefined;
}

function judgeIndexes({ spec }: Job, { doneIndexes, failedIndexes }: Tally): Verdict | undefined {
  const completions = spec.completions ?? 0;
  if (spec.backoffLimitPerIndex !== undefined) {
    if (spec.maxFailedIndexes !== undefined && failedIndexes.size > spec.maxFailedIndexes) return failure('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes');
    if (failedIndexes.size > 0 && failedIndexes.size + doneIndexes.size >= completions) return failure('FailedIndexes', 'Job has failed indexes');
  }
  for (const [at, rule] of (spec.successPolicy?.rules ?? []).entries()) {
    const wanted = rule.succeededIndexes === undefined ? undefined : parseIndexes(rule.succeededIndexes, completions);
    const done = wanted === undefined ? doneIndexes.size : [...wanted].filter((index) => doneIndexes.has(index)).length;
    if (done >= (rule.succeededCount ?? wanted?.size ?? completions)) return { type: 'SuccessCriteriaMet', reason: 'SuccessPolicy', message: `Matched rules at index ${at}` };
  }
  return undefined;
}

/** Without a number of completions one success is enough, once the others have come to their own end. */
const isComplete = ({ spec }: Job, { succeeded }: Tally, active: number): boolean => active === 0 && (spec.completions === undefined ? succeeded > 0 : succeeded >= spec.completions);

function deadlineOf({ spec }: Job, { startTime }: JobStatus): number | undefined {
  const start = parseTime(startTime ?? '');
  return spec.activeDeadlineSeconds === undefined || spec.suspend === true || start === undefined ? undefined : start + spec.activeDeadlineSeconds * 1000;
}

interface Moves {
  readonly create: readonly Creation[];
  readonly remove: readonly Pod[];
  readonly end: readonly Pod[];
  readonly waitMs: number;
}

function manage(job: Job, pods: readonly Pod[], tally: Tally, waitMs: number): Moves {
  const { spec, metadata } = job;
  const active = pods.filter(isActive);
  if (metadata.deletionTimestamp !== undefined) return { create: [], remove: [], end: [], waitMs: 0 };
  if (spec.suspend === true) return { create: [], remove: active, end: [], waitMs: 0 };
  const parallelism = spec.parallelism ?? 1;
  const wanted = spec.completions === undefined
    ? (tally.succeeded > 0 ? Math.min(active.length, parallelism) : parallelism)
    : Math.max(0, Math.min(spec.completions - tally.succeeded - tally.failedIndexes.size, parallelism));
  const remove = tooMany(job, active, tally, active.length - wanted);
  if (remove.length > 0) return { create: [], remove: remove.slice(0, burst), end: [], waitMs: 0 };
  // A pod that is ending holds its place where only what has failed for good is replaced.
  const ending = replacesOnlyFailed(job) ? pods.filter((pod) => isTerminating(pod) && !hasSucceeded(pod) && pod.status?.phase !== 'Failed') : [];
  const missing = Math.min(burst, wanted - active.length - ending.length);
  if (missing <= 0) return { create: [], remove: [], end: [], waitMs: 0 };
  if (!isIndexed(job)) return waitMs > 0 ? { create: [], remove: [], end: [], waitMs } : { create: Array.from({ length: missing }, () => ({ index: undefined, failures: undefined })), remove: [], end: [], waitMs: 0 };
  if (waitMs > 0 && spec.backoffLimitPerIndex === undefined) return { create: [], remove: [], end: [], waitMs };
  return { create: nextIndexes(job, [...active, ...ending], pods, { tally, missing }), remove: [], end: [], waitMs: 0 };
}

/** Of two pods with one index the one that is worth less goes, and those whose index is done. */
function tooMany(job: Job, active: readonly Pod[], { doneIndexes, failedIndexes }: Tally, surplus: number): readonly Pod[] {
  const ranked = active.toSorted((a, b) => byWorth(a, b, new Map()));
  if (!isIndexed(job)) return surplus > 0 ? ranked.slice(0, surplus) : [];
  const kept = new Set<number>();
  const extra = ranked.toReversed().filter((pod) => {
    const index = indexOf(pod, job);
    if (index === undefined || doneIndexes.has(index) || failedIndexes.has(index) || kept.has(index)) return true;
    kept.add(index);
    return false;
  });
  const others = ranked.filter((pod) => !extra.includes(pod));
  return [...extra, ...others.slice(0, Math.max(0, surplus - extra.length))];
}

function nextIndexes(job: Job, there: readonly Pod[], pods: readonly Pod[], { tally, missing }: { readonly tally: Tally; readonly missing: number }): readonly Creation[] {
  const taken = new Set(there.map((pod) => indexOf(pod, job)));
  const create: Creation[] = [];
  for (let index = 0; index < (job.spec.completions ?? 0) && create.length < missing; index++) {
    if (taken.has(index) || tally.doneIndexes.has(index) || tally.failedIndexes.has(index)) continue;
    create.push({ index, failures: job.spec.backoffLimitPerIndex === undefined ? undefined : failuresAt(index, job, pods) });
  }
  return create;
}

const failuresAt = (index: number, job: Job, pods: readonly Pod[]): number =>
  pods.filter((pod) => indexOf(pod, job) === index && hasFailed(pod, job)).reduce((most, pod) => Math.max(most, failuresOf(pod) + (judgeFailure(job.spec.podFailurePolicy, pod).action === 'Ignore' ? 0 : 1)), 0);

type Said = Pick<JobCondition, 'type' | 'status' | 'reason' | 'message'>;

/** Whether that is news. What says nothing new keeps its time. */
function say(status: Tally['status'], said: Said, now: number): boolean {
  const conditions = status.conditions ?? [];
  const before = conditions.find(({ type }) => type === said.type);
  if (before?.status === said.status && before.reason === said.reason && before.message === said.message) return false;
  const time = formatTime(now);
  const made = { ...said, lastProbeTime: time, lastTransitionTime: before?.status === said.status ? before.lastTransitionTime : time };
  status.conditions = before === undefined ? [...conditions, made] : conditions.map((condition) => (condition.type === said.type ? made : condition));
  return true;
}

function suspension({ spec }: Job, status: Tally['status'], now: number): readonly Event[] {
  if (spec.suspend === true) {
    if (!say(status, { type: 'Suspended', status: 'True', reason: 'JobSuspended', message: 'Job suspended' }, now)) return [];
    delete status.startTime;
    return [{ type: 'Normal', reason: 'Suspended', message: 'Job suspended' }];
  }
  // A Job that was never suspended says nothing of it.
  if (conditionOf(status, 'Suspended') === undefined || !say(status, { type: 'Suspended', status: 'False', reason: 'JobResumed', message: 'Job resumed' }, now)) return [];
  status.startTime = formatTime(now);
  return [{ type: 'Normal', reason: 'Resumed', message: 'Job resumed' }];
}

function finish(job: Job, status: Tally['status'], { type, reason, message }: Verdict, now: number): Event {
  if (type === 'FailureTarget') {
    say(status, { type: 'Failed', status: 'True', reason, message }, now);
    return { type: 'Warning', reason, message };
  }
  say(status, { type: 'Complete', status: 'True', reason, message }, now);
  status.completionTime = formatTime(now);
  return job.spec.completions !== undefined && (status.succeeded ?? 0) > job.spec.completions
    ? { type: 'Warning', reason: 'TooManySucceededPods', message: 'Too many succeeded pods running after completion count reached' }
    : { type: 'Normal', reason: 'Completed', message: 'Job completed' };
}

function soonest(job: Job, status: JobStatus, waitMs: number, now: number): number | undefined {
  const deadline = deadlineOf(job, status);
  const waits = [...(waitMs > 0 ? [waitMs] : []), ...(deadline !== undefined && deadline > now ? [deadline - now] : [])];
  return waits.length === 0 ? undefined : Math.max(1, Math.min(...waits));
}
