/** What a StatefulSet does next: which ordinals are made, which pods go, in which order, and how far it has come. Pure. */
import type { StatefulSet } from '@kaji/api/apps/v1';
import type { Pod } from '@kaji/api/core/v1';
import { isAvailable, isReady, isTerminating } from '../pods.ts';
import { revisionLabel } from '../revisions/plan.ts';
import { share } from '../share.ts';

/** What it is seen with in one round. Revisions go by their names. */
export interface Scene {
  readonly set: StatefulSet;
  readonly pods: readonly Pod[];
  /** What pods were made from before the update; the same as `update` when there is none. */
  readonly current: string;
  readonly update: string;
  readonly now: number;
}

export interface Creation {
  readonly ordinal: number;
  /** Of the state before the update: it is held back there. */
  readonly isCurrent: boolean;
}

type Status = NonNullable<StatefulSet['status']>;

export interface Plan {
  readonly create: readonly Creation[];
  readonly remove: readonly Pod[];
  /** Pods that wait: a claim of theirs may be missing. */
  readonly pending: readonly Pod[];
  readonly status: Status;
  /** Some pod only has to stay ready. */
  readonly isWaiting: boolean;
}

export const startOf = ({ spec }: StatefulSet): number => spec.ordinals?.start ?? 0;
export const podName = ({ metadata }: StatefulSet, ordinal: number): string => `${metadata.name ?? ''}-${ordinal}`;

/** The number in a pod's name; undefined where the name is not one of this set. */
export function ordinalOf(set: StatefulSet, { metadata }: Pod): number | undefined {
  const match = /^(.*)-(\d+)$/.exec(metadata.name ?? '');
  return match === null || match[1] !== set.metadata.name ? undefined : Number(match[2]);
}

export function isWanted(set: StatefulSet, pod: Pod): boolean {
  const ordinal = ordinalOf(set, pod);
  return ordinal !== undefined && ordinal >= startOf(set) && ordinal < startOf(set) + (set.spec.replicas ?? 1);
}

export const revisionOf = ({ metadata }: Pod): string => metadata.labels?.[revisionLabel] ?? '';
const isOver = ({ status }: Pod): boolean => status?.phase === 'Failed' || status?.phase === 'Succeeded';
const isRunning = (pod: Pod): boolean => pod.status?.phase === 'Running' && isReady(pod);

/** One step at a time where order is kept: nothing happens behind a pod that is not up. */
export function plan(scene: Scene): Plan {
  const { set, pods } = scene;
  const moves = { create: [] as Creation[], remove: [] as Pod[] };
  if (set.metadata.deletionTimestamp === undefined) act(scene, moves);
  const status = statusOf(scene, moves.remove);
  return { ...moves, pending: pods.filter((pod) => isWanted(set, pod) && pod.status?.phase === 'Pending'), status, isWaiting: (status.readyReplicas ?? 0) !== (status.availableReplicas ?? 0) };
}

interface Moves {
  readonly create: Creation[];
  readonly remove: Pod[];
}

function act(scene: Scene, moves: Moves): void {
  const { set, pods } = scene;
  const start = startOf(set);
  const slots = Array.from({ length: set.spec.replicas ?? 1 }, (_, index) => pods.find((pod) => ordinalOf(set, pod) === start + index));
  if (!fill(scene, slots, moves)) return;
  const condemned = pods.filter((pod) => ordinalOf(set, pod) !== undefined && !isWanted(set, pod)).sort((a, b) => (ordinalOf(set, b) ?? 0) - (ordinalOf(set, a) ?? 0));
  if (!shrink(scene, slots, condemned, moves)) return;
  replace(scene, slots, moves);
}

const isOrdered = ({ spec }: StatefulSet): boolean => spec.podManagementPolicy !== 'Parallel';
const isUp = ({ set, now }: Scene, pod: Pod | undefined): boolean => pod !== undefined && !isTerminating(pod) && pod.status?.phase === 'Running' && isAvailable(pod, set.spec.minReadySeconds ?? 0, now);

/** Whether there is more to do now. */
function fill(scene: Scene, slots: readonly (Pod | undefined)[], { create, remove }: Moves): boolean {
  const { set } = scene;
  let goesOn = true;
  for (const [index, pod] of slots.entries()) {
    const ordinal = startOf(set) + index;
    if (pod === undefined) create.push({ ordinal, isCurrent: isHeldBack(scene, ordinal) });
    else if (isOver(pod)) {
      // Whatever ended it, it is made anew, once this one is gone.
      if (!isTerminating(pod)) remove.push(pod);
      goesOn = false;
    }
    if (isOrdered(set) && !isUp(scene, pod)) return false;
  }
  return goesOn;
}

/** Below the partition, or not reached by the update yet, a pod is made as it was. */
function isHeldBack({ set }: Scene, ordinal: number): boolean {
  const { updateStrategy } = set.spec;
  if (updateStrategy?.rollingUpdate !== undefined) return ordinal < startOf(set) + (updateStrategy.rollingUpdate.partition ?? 0);
  return updateStrategy?.type === 'RollingUpdate' && ordinal < startOf(set) + (set.status?.currentReplicas ?? 0);
}

/** The highest ordinals go first, each when the one before is gone and all others are up. */
function shrink(scene: Scene, slots: readonly (Pod | undefined)[], condemned: readonly Pod[], { remove }: Moves): boolean {
  const isInOrder = isOrdered(scene.set);
  const firstDown = slots.find((pod) => !isUp(scene, pod)) ?? condemned.findLast((pod) => !isUp(scene, pod));
  let goesOn = true;
  for (const pod of condemned) {
    if (isTerminating(pod)) {
      if (isInOrder) return false;
      continue;
    }
    if (isInOrder && !isUp(scene, pod) && pod !== firstDown) return false;
    remove.push(pod);
    goesOn = false;
    if (isInOrder) return false;
  }
  return goesOn;
}

function replace(scene: Scene, slots: readonly (Pod | undefined)[], { remove }: Moves): void {
  const { updateStrategy, replicas = 1 } = scene.set.spec;
  if (updateStrategy?.type === 'OnDelete') return;
  const { partition = 0, maxUnavailable = 1 } = updateStrategy?.rollingUpdate ?? {};
  const mayBeDown = Math.max(1, share(maxUnavailable, replicas, Math.ceil)) - slots.filter((pod) => !isUp(scene, pod)).length;
  const old = slots.slice(partition).filter((pod): pod is Pod => pod !== undefined && revisionOf(pod) !== scene.update && !isTerminating(pod));
  remove.push(...old.toReversed().slice(0, Math.max(0, mayBeDown)));
}

function statusOf({ set, pods, current, update, now }: Scene, removed: readonly Pod[]): Status {
  const live = pods.filter((pod) => ordinalOf(set, pod) !== undefined);
  const count = (holds: (pod: Pod) => boolean): number => live.filter(holds).length;
  const staying = live.filter((pod) => !isTerminating(pod) && !removed.includes(pod));
  const replicas = set.spec.replicas ?? 1;
  const counts = {
    replicas: live.length, ready: count(isRunning), available: count((pod) => isRunning(pod) && isAvailable(pod, set.spec.minReadySeconds ?? 0, now)),
    current: staying.filter((pod) => revisionOf(pod) === current).length, updated: staying.filter((pod) => revisionOf(pod) === update).length,
  };
  const isDone = set.spec.updateStrategy?.type !== 'OnDelete' && counts.updated === replicas && counts.ready === replicas && counts.replicas === replicas;
  const optional = (value: number): number | undefined => (value === 0 ? undefined : value);
  return {
    ...set.status, observedGeneration: set.metadata.generation, replicas: counts.replicas, readyReplicas: optional(counts.ready), availableReplicas: counts.available,
    currentReplicas: optional(isDone ? counts.updated : counts.current), updatedReplicas: optional(counts.updated),
    currentRevision: isDone ? update : current, updateRevision: update, collisionCount: set.status?.collisionCount ?? 0,
  };
}
