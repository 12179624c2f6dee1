/** How many pods of a budget may be evicted now, as a pure function. */
import type { Pod } from '@kaji/api/core/v1';
import type { PodDisruptionBudget } from '@kaji/api/policy/v1';
import { formatTime, isDeepEqual, matchesLabels, parseTime, selectorOf } from '@kaji/schema';
import { isReady, isTerminating } from '../pods.ts';
import { share } from '../share.ts';

/** Kubernetes: how long an evicted pod may take until it is seen to be deleted. Then it counts again. */
export const deletionTimeoutMs = 2 * 60_000;

export type Status = NonNullable<PodDisruptionBudget['status']>;

/** The things that control a budget's pods, and how many pods each is to have. A pod without a controller is none's. */
export interface Scales {
  /** Wanted pods of all controllers together. */
  readonly expected: number;
  /** Whether some pods have no controller: then shares of a whole say little. */
  readonly hasUnmanaged: boolean;
}

export interface Verdict {
  readonly status: Status;
  /** Evicted pods that were not deleted in time. */
  readonly notDeleted: readonly Pod[];
  /** When the next evicted pod counts again. */
  readonly recheckAtMs: number | undefined;
}

/** The pods that a budget is about. An absent selector selects none, an empty one all. */
export function podsOf(budget: PodDisruptionBudget, pods: Iterable<Pod>): readonly Pod[] {
  const { selector } = budget.spec;
  if (selector === undefined) return [];
  const parsed = selectorOf(selector);
  return [...pods].filter((pod) => matchesLabels(parsed, pod.metadata.labels ?? {}));
}

/** Whether the controllers of the pods have to be known: a number that must stay is counted by the pods themselves. */
export const needsScales = ({ spec }: PodDisruptionBudget): boolean => spec.maxUnavailable !== undefined || typeof spec.minAvailable === 'string';

export function judge(budget: PodDisruptionBudget, pods: readonly Pod[], scales: Scales, now: number): Verdict {
  const { evicted, notDeleted, recheckAtMs } = stillToGo(budget, pods, now);
  const expectedPods = needsScales(budget) ? scales.expected : budget.spec.minAvailable === undefined ? 0 : pods.length;
  const desiredHealthy = desired(budget, expectedPods);
  const currentHealthy = pods.filter((pod) => !isTerminating(pod) && evicted[pod.metadata.name ?? ''] === undefined && isReady(pod)).length;
  // Kubernetes: a budget without pods allows nothing, so that its first pods are safe before they are counted.
  const disruptionsAllowed = expectedPods <= 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  const counts = { observedGeneration: budget.metadata.generation ?? 0, disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods };
  const condition = disruptionsAllowed > 0 ? { status: 'True', reason: 'SufficientPods', message: '' } : { status: 'False', reason: 'InsufficientPods', message: '' };
  const status = { ...(Object.keys(evicted).length === 0 ? {} : { disruptedPods: evicted }), ...counts, conditions: withCondition(budget, condition, now) };
  return { status, notDeleted, recheckAtMs };
}

/** What the status says when the pods cannot be counted: nothing may be evicted. */
export const failed = (budget: PodDisruptionBudget, message: string, now: number): Status => ({
  ...(budget.status ?? { currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 }),
  disruptionsAllowed: 0, conditions: withCondition(budget, { status: 'False', reason: 'SyncFailed', message }, now),
});

export const isSame = (before: Status | undefined, after: Status): boolean => before !== undefined && isDeepEqual({ ...before, disruptedPods: before.disruptedPods ?? {} }, { ...after, disruptedPods: after.disruptedPods ?? {} });

function desired({ spec }: PodDisruptionBudget, expected: number): number {
  if (spec.maxUnavailable !== undefined) return Math.max(0, expected - share(spec.maxUnavailable, expected, Math.ceil));
  return spec.minAvailable === undefined ? 0 : share(spec.minAvailable, expected, Math.ceil);
}

function stillToGo(budget: PodDisruptionBudget, pods: readonly Pod[], now: number): { readonly evicted: Record<string, string>; readonly notDeleted: readonly Pod[]; readonly recheckAtMs: number | undefined } {
  const evicted: Record<string, string> = {};
  const notDeleted: Pod[] = [];
  let recheckAtMs: number | undefined;
  for (const pod of pods) {
    const { name = '' } = pod.metadata;
    const at = budget.status?.disruptedPods?.[name];
    if (at === undefined || isTerminating(pod)) continue;
    const until = (parseTime(at) ?? 0) + deletionTimeoutMs;
    if (until < now) {
      notDeleted.push(pod);
      continue;
    }
    evicted[name] = at;
    recheckAtMs = Math.min(recheckAtMs ?? until, until);
  }
  return { evicted, notDeleted, recheckAtMs };
}

interface Said {
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

const type = 'DisruptionAllowed';

function withCondition({ metadata, status }: PodDisruptionBudget, said: Said, now: number): Status['conditions'] {
  const before = status?.conditions?.find((condition) => condition.type === type);
  const lastTransitionTime = before?.status === said.status ? before.lastTransitionTime : formatTime(now);
  const made = { type, ...said, observedGeneration: said.reason === 'SyncFailed' ? status?.observedGeneration ?? 0 : metadata.generation ?? 0, lastTransitionTime };
  const conditions = status?.conditions ?? [];
  return before === undefined ? [...conditions, made] : conditions.map((condition) => (condition.type === type ? made : condition));
}
