/** What a Job asks of its pods. */
import type { Job } from '@kaji/api/batch/v1';
import type { Pod } from '@kaji/api/core/v1';
import { parseTime } from '@kaji/schema';
import { isTerminating } from '../pods.ts';

/** Kubernetes: as long as a pod has it, its end is not counted yet. */
export const trackingFinalizer = 'batch.kubernetes.io/job-tracking';
export const indexAnnotation = 'batch.kubernetes.io/job-completion-index';
export const failureCountAnnotation = 'batch.kubernetes.io/job-index-failure-count';

export const isIndexed = ({ spec }: Job): boolean => spec.completionMode === 'Indexed';
export const isTracked = ({ metadata }: Pod): boolean => metadata.finalizers?.includes(trackingFinalizer) === true;
export const hasSucceeded = ({ status }: Pod): boolean => status?.phase === 'Succeeded';

/** Kubernetes: only pods that have failed for good are replaced; with a failure policy their last state is needed. */
export const replacesOnlyFailed = ({ spec }: Job): boolean => spec.podReplacementPolicy === 'Failed' || spec.podFailurePolicy !== undefined;

/** Failed, or ending before it could tell: then nobody else would ever count it. */
export const hasFailed = (pod: Pod, job: Job): boolean => pod.status?.phase === 'Failed' || (!replacesOnlyFailed(job) && isTerminating(pod) && !hasSucceeded(pod));

/** Of an indexed Job; undefined for a pod without a valid one. */
export function indexOf({ metadata }: Pod, job: Job): number | undefined {
  const text = metadata.annotations?.[indexAnnotation];
  const index = text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
  return index !== undefined && index < (job.spec.completions ?? 0) ? index : undefined;
}

export const failuresOf = ({ metadata }: Pod): number => Number(metadata.annotations?.[failureCountAnnotation] ?? 0) || 0;

/** When its last container ended, or when it was asked to, in ms. */
export function endedAt(pod: Pod, now: number): number {
  const times = (pod.status?.containerStatuses ?? []).map(({ state }) => parseTime(state?.terminated?.finishedAt ?? '')).filter((time) => time !== undefined);
  return times.length > 0 ? Math.max(...times) : parseTime(pod.metadata.deletionTimestamp ?? '') ?? now;
}

/** How often the containers of the pods were started again, in pods that do that by themselves. */
export const restartsOf = (pods: readonly Pod[]): number =>
  pods.filter(({ status }) => status?.phase === 'Running' || status?.phase === 'Pending')
    .reduce((sum, { status }) => sum + [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].reduce((own, { restartCount }) => own + restartCount, 0), 0);
