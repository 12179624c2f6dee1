/** What several controllers ask of pods. */
import type { Pod } from '@kaji/api/core/v1';
import { parseTime } from '@kaji/schema';

export const isTerminating = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined;
export const isFinished = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
export const isActive = (pod: Pod): boolean => !isFinished(pod) && !isTerminating(pod);

const readyCondition = (pod: Pod): { readonly status: string; readonly lastTransitionTime?: string | undefined } | undefined => pod.status?.conditions?.find((condition) => condition.type === 'Ready');
export const isReady = (pod: Pod): boolean => readyCondition(pod)?.status === 'True';

/** When the pod became ready, in ms; undefined while it is not. */
export function readySince(pod: Pod): number | undefined {
  const condition = readyCondition(pod);
  return condition?.status === 'True' && condition.lastTransitionTime !== undefined ? parseTime(condition.lastTransitionTime) : undefined;
}

/** Ready for long enough. A pod that is ready and not yet available becomes so `availableInMs` from now. */
export function isAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  if (!isReady(pod)) return false;
  if (minReadySeconds === 0) return true;
  const since = readySince(pod);
  return since !== undefined && since + minReadySeconds * 1000 <= now;
}
