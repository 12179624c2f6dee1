/** How many pods a ReplicaSet or ReplicationController lacks, which ones go first, and what its status says. */
import type { ApiObject } from '@kaji/api';
import type { OwnerReference } from '@kaji/api/meta/v1';
import type { Pod, PodTemplateSpec } from '@kaji/api/core/v1';
import { isAvailable, isReady, readySince } from '../pods.ts';

/** What both kinds have in common. */
export interface ReplicaOwner {
  readonly uid: string;
  readonly replicas: number;
  readonly minReadySeconds: number;
  readonly template: PodTemplateSpec;
  readonly isDeleting: boolean;
  selects(labels: Readonly<Record<string, string>>): boolean;
}

export interface Claim<D> {
  /** What it owns and selects. */
  readonly owned: readonly D[];
  /** Orphans it selects. */
  readonly adopt: readonly D[];
  /** What it owns and no longer selects. */
  readonly release: readonly D[];
}

export const controllerOf = ({ metadata }: Pick<ApiObject, 'metadata'>): OwnerReference | undefined => metadata.ownerReferences?.find((owner) => owner.controller === true);

/** Which of the namespace's objects belong to it. */
export function claim<D extends ApiObject>(owner: Pick<ReplicaOwner, 'uid' | 'isDeleting' | 'selects'>, objects: Iterable<D>, isAdoptable: (orphan: D) => boolean): Claim<D> {
  const result = { owned: [] as D[], adopt: [] as D[], release: [] as D[] };
  for (const object of objects) {
    const controller = controllerOf(object);
    const isSelected = owner.selects(object.metadata.labels ?? {});
    if (controller === undefined) {
      if (isSelected && isAdoptable(object) && !owner.isDeleting) result.adopt.push(object);
    } else if (controller.uid === owner.uid) {
      if (isSelected) result.owned.push(object);
      else if (!owner.isDeleting && object.metadata.deletionTimestamp === undefined) result.release.push(object);
    }
  }
  return result;
}

/** Kubernetes: at most this many pods are made or deleted in one go. */
const burst = 500;

export interface Plan {
  readonly create: number;
  readonly remove: readonly Pod[];
}

/** `ready` counts this owner's ready pods on each node, so that crowded nodes are relieved first. */
export function plan(owner: ReplicaOwner, active: readonly Pod[]): Plan {
  const missing = owner.replicas - active.length;
  if (owner.isDeleting || missing === 0) return { create: 0, remove: [] };
  if (missing > 0) return { create: Math.min(missing, burst), remove: [] };
  const surplus = Math.min(-missing, burst);
  if (surplus === active.length) return { create: 0, remove: active };
  const ready = new Map<string, number>();
  for (const pod of active) if (isReady(pod)) ready.set(pod.spec.nodeName ?? '', (ready.get(pod.spec.nodeName ?? '') ?? 0) + 1);
  return { create: 0, remove: active.toSorted((a, b) => byWorth(a, b, ready)).slice(0, surplus) };
}

const phaseOrder: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };
const deletionCost = (pod: Pod): number => Number(pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0) || 0;
const mostRestarts = (pod: Pod): number => Math.max(0, ...(pod.status?.containerStatuses ?? []).map((status) => status.restartCount));

/** Kubernetes: the pod whose loss hurts least comes first: unplaced, pending, not ready, cheap, crowded, young. */
export function byWorth(a: Pod, b: Pod, ready: ReadonlyMap<string, number>): number {
  const [nodeA, nodeB] = [a.spec.nodeName ?? '', b.spec.nodeName ?? ''];
  const [readyA, readyB] = [isReady(a), isReady(b)];
  const sinceA = readySince(a) ?? 0;
  const sinceB = readySince(b) ?? 0;
  const [createdA, createdB] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? ''];
  const order = [
    nodeA !== nodeB && (nodeA === '' || nodeB === '') ? (nodeA === '' ? -1 : 1) : 0,
    (phaseOrder[a.status?.phase ?? ''] ?? 0) - (phaseOrder[b.status?.phase ?? ''] ?? 0),
    Number(readyA) - Number(readyB),
    deletionCost(a) - deletionCost(b),
    (ready.get(nodeB) ?? 0) - (ready.get(nodeA) ?? 0),
    readyA && readyB ? sinceB - sinceA : 0,
    mostRestarts(b) - mostRestarts(a),
    createdA === createdB ? 0 : createdA > createdB ? -1 : 1,
  ];
  return order.find((difference) => difference !== 0) ?? 0;
}

export interface Counts {
  readonly replicas: number;
  readonly fullyLabeledReplicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly terminatingReplicas: number;
  /** When the next ready pod becomes available. */
  readonly availableAtMs: number | undefined;
}

export function count(owner: ReplicaOwner, active: readonly Pod[], terminating: number, now: number): Counts {
  const templateLabels = Object.entries(owner.template.metadata?.labels ?? {});
  const isFullyLabeled = (pod: Pod): boolean => templateLabels.every(([name, value]) => pod.metadata.labels?.[name] === value);
  const waiting = active.filter((pod) => isReady(pod) && !isAvailable(pod, owner.minReadySeconds, now));
  const times = waiting.map((pod) => (readySince(pod) ?? now) + owner.minReadySeconds * 1000);
  return {
    replicas: active.length,
    fullyLabeledReplicas: active.filter(isFullyLabeled).length,
    readyReplicas: active.filter(isReady).length,
    availableReplicas: active.filter((pod) => isAvailable(pod, owner.minReadySeconds, now)).length,
    terminatingReplicas: terminating,
    availableAtMs: times.length === 0 ? undefined : Math.min(...times),
  };
}
