/** A Deployment's status and the conditions that people and `rollout status` wait for. Pure. */
import type { DeploymentCondition, DeploymentStatus } from '@kaji/api/apps/v1';
import { formatTime, parseTime } from '@kaji/schema';
import { limitsOf } from './plan.ts';
import { availableOf, type DeploymentObject, type Family, type ReplicaSetObject, totalOf, wantedOf } from './replica-sets.ts';

export type Conditions = readonly DeploymentCondition[];
export type ConditionType = 'Available' | 'Progressing' | 'ReplicaFailure';
type Verdict = Pick<DeploymentCondition, 'status' | 'reason' | 'message'>;

const noDeadline = 2 ** 31 - 1;
export const deadlineMs = (deployment: DeploymentObject): number | undefined => {
  const seconds = deployment.spec.progressDeadlineSeconds;
  return seconds === undefined || seconds === noDeadline ? undefined : seconds * 1000;
};

export const conditionOf = (conditions: Conditions | undefined, type: ConditionType): DeploymentCondition | undefined => conditions?.find((condition) => condition.type === type);
export const without = (conditions: Conditions, type: ConditionType): Conditions => conditions.filter((condition) => condition.type !== type);

/** Changes nothing when status and reason are as they were; keeps the time of transition while the status stays. */
export function withCondition(conditions: Conditions, type: ConditionType, verdict: Verdict, now: number): Conditions {
  const known = conditionOf(conditions, type);
  if (known?.status === verdict.status && known.reason === verdict.reason) return conditions;
  const time = formatTime(now);
  return [...without(conditions, type), { type, ...verdict, lastUpdateTime: time, lastTransitionTime: known?.status === verdict.status ? known.lastTransitionTime : time }];
}

/** The numbers, and whether enough is available. */
export function countStatus(deployment: DeploymentObject, { newest, old }: Family, now: number): DeploymentStatus {
  const sets = newest === undefined ? old : [...old, newest];
  const available = availableOf(sets);
  const sum = (count: (set: ReplicaSetObject) => number | undefined): number => sets.reduce((total, set) => total + (count(set) ?? 0), 0);
  const isEnough = available >= wantedOf(deployment) - limitsOf(deployment).unavailable;
  const verdict: Verdict = isEnough
    ? { status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
    : { status: 'False', reason: 'MinimumReplicasUnavailable', message: 'Deployment does not have minimum availability.' };
  const { collisionCount, conditions = [] } = deployment.status ?? {};
  return {
    observedGeneration: deployment.metadata.generation,
    ...numbers({
      replicas: sum((set) => set.status?.replicas),
      updatedReplicas: newest?.status?.replicas ?? 0,
      readyReplicas: sum((set) => set.status?.readyReplicas),
      availableReplicas: available,
      unavailableReplicas: Math.max(0, totalOf(sets) - available),
    }),
    terminatingReplicas: sum((set) => set.status?.terminatingReplicas),
    conditions: [...withCondition(conditions, 'Available', verdict, now)],
    ...(collisionCount === undefined ? {} : { collisionCount }),
  };
}

/** Zero counts are absent, as the API shows them. */
const numbers = <N extends Readonly<Record<string, number>>>(counts: N): Partial<N> => Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)) as Partial<N>;

export const isComplete = (deployment: DeploymentObject, status: DeploymentStatus): boolean => {
  const wanted = wantedOf(deployment);
  return (status.updatedReplicas ?? 0) === wanted && (status.replicas ?? 0) === wanted && (status.availableReplicas ?? 0) === wanted && (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0);
};

function isProgressing(before: DeploymentStatus, after: DeploymentStatus): boolean {
  const oldPods = (status: DeploymentStatus): number => (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  const more = (count: (status: DeploymentStatus) => number | undefined): boolean => (count(after) ?? 0) > (count(before) ?? 0);
  return more((status) => status.updatedReplicas) || oldPods(after) < oldPods(before) || more((status) => status.readyReplicas) || more((status) => status.availableReplicas);
}

/** The time at which a rollout without progress counts as stuck; undefined when it cannot. */
export function deadlineAt(deployment: DeploymentObject, conditions: Conditions): number | undefined {
  const condition = conditionOf(conditions, 'Progressing');
  const deadline = deadlineMs(deployment);
  if (condition === undefined || deadline === undefined || condition.reason === 'NewReplicaSetAvailable' || condition.reason === 'ProgressDeadlineExceeded') return undefined;
  const since = parseTime(condition.lastUpdateTime ?? '');
  return since === undefined ? undefined : since + deadline;
}

/** The status while a rollout goes on: the numbers, how it progresses, and what makes its sets fail. */
export function rolloutStatus(deployment: DeploymentObject, family: Family, now: number): DeploymentStatus {
  const status = countStatus(deployment, family, now);
  const before = deployment.status ?? {};
  let conditions: Conditions = status.conditions ?? [];
  const current = conditionOf(before.conditions, 'Progressing');
  const isSettled = (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && current?.reason === 'NewReplicaSetAvailable';
  if (deadlineMs(deployment) === undefined) conditions = without(conditions, 'Progressing');
  else if (!isSettled) {
    const subject = family.newest === undefined ? `Deployment "${deployment.metadata.name ?? ''}"` : `ReplicaSet "${family.newest.metadata.name ?? ''}"`;
    const isLate = (deadlineAt(deployment, before.conditions ?? []) ?? Infinity) < now || current?.reason === 'ProgressDeadlineExceeded';
    if (isComplete(deployment, status)) conditions = withCondition(conditions, 'Progressing', { status: 'True', reason: 'NewReplicaSetAvailable', message: `${subject} has successfully progressed.` }, now);
    else if (isProgressing(before, status)) conditions = progressed(conditions, current, `${subject} is progressing.`, now);
    else if (isLate) conditions = withCondition(conditions, 'Progressing', { status: 'False', reason: 'ProgressDeadlineExceeded', message: `${subject} has timed out progressing.` }, now);
  }
  return { ...status, conditions: [...withFailure(conditions, family)] };
}

/** Each progress renews the time from which the deadline counts. */
function progressed(conditions: Conditions, current: DeploymentCondition | undefined, message: string, now: number): Conditions {
  const time = formatTime(now);
  const lastTransitionTime = current?.status === 'True' ? current.lastTransitionTime : time;
  return [...without(conditions, 'Progressing'), { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message, lastUpdateTime: time, lastTransitionTime }];
}

/** A failure of the new set, or else of an old one, is the Deployment's own. */
function withFailure(conditions: Conditions, { newest, old }: Family): Conditions {
  const failureOf = (set: ReplicaSetObject | undefined): NonNullable<NonNullable<ReplicaSetObject['status']>['conditions']>[number] | undefined => set?.status?.conditions?.find(({ type }) => type === 'ReplicaFailure');
  const failure = failureOf(newest) ?? old.map(failureOf).find((condition) => condition !== undefined);
  if (failure === undefined) return without(conditions, 'ReplicaFailure');
  const known = conditionOf(conditions, 'ReplicaFailure');
  if (known?.status === failure.status && known.reason === failure.reason) return conditions;
  const { status, reason, message, lastTransitionTime } = failure;
  return [...without(conditions, 'ReplicaFailure'), { type: 'ReplicaFailure', status, reason, message, lastTransitionTime, lastUpdateTime: lastTransitionTime }];
}
