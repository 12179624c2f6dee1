/** What a node's heartbeat and conditions mean for its conditions and taints. */
import type { Node, NodeCondition, Taint } from '@kaji/api/core/v1';

export interface Options {
  /** A node that has not been heard of for this long is unknown. */
  readonly graceMs: number;
  /** The same for a node that never said anything. */
  readonly startupGraceMs: number;
}

export interface Plan {
  /** Absent when they stay as they are. */
  readonly conditions: NodeCondition[] | undefined;
  readonly taints: Taint[] | undefined;
  /** When the grace ends, if nothing is heard until then. */
  readonly checkAtMs: number | undefined;
}

/** Whether pods may be driven away now: a taint that does so stays or comes (`now`), stays only (`later`), or goes (`never`). */
export type Eviction = 'now' | 'later' | 'never';

type ConditionType = NodeCondition['type'];

const unreachable = 'node.kubernetes.io/unreachable';
const notReady = 'node.kubernetes.io/not-ready';

/** Which taint keeps new pods away while a condition has a status. */
const taintOfCondition: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: notReady, Unknown: unreachable },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
};
const unschedulable = 'node.kubernetes.io/unschedulable';
const ownNoSchedule: ReadonlySet<string> = new Set([unschedulable, ...Object.values(taintOfCondition).flatMap((byStatus) => Object.values(byStatus))]);
const ownNoExecute: ReadonlySet<string> = new Set([notReady, unreachable]);

/** Conditions that only a living kubelet can vouch for. */
const vouchedFor: readonly ConditionType[] = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

/** `lastHeardMs`: when the node's Lease or its own status last changed, as seen here. */
export function plan(node: Node, lastHeardMs: number, now: number, options: Options & { readonly eviction?: Eviction }): Plan {
  const time = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z');
  const ready = conditionOf(node, 'Ready');
  const deadlineMs = lastHeardMs + (ready === undefined ? options.startupGraceMs : options.graceMs);
  const isLost = now >= deadlineMs;
  const conditions = isLost ? lostConditions(node, time) : undefined;
  const seen: Node = conditions === undefined ? node : { ...node, status: { ...node.status, conditions } };
  return { conditions, taints: taintsOf(seen, time, options.eviction ?? 'now'), checkAtMs: isLost ? undefined : deadlineMs };
}

export const conditionOf = (node: Node, type: ConditionType): NodeCondition | undefined => node.status?.conditions?.find((condition) => condition.type === type);

function lostConditions(node: Node, time: string): NodeCondition[] | undefined {
  const conditions = [...(node.status?.conditions ?? [])];
  let hasChanged = false;
  for (const type of vouchedFor) {
    const index = conditions.findIndex((condition) => condition.type === type);
    const old = conditions[index];
    if (old?.status === 'Unknown') continue;
    hasChanged = true;
    if (old === undefined) conditions.push({ type, status: 'Unknown', reason: 'NodeStatusNeverUpdated', message: 'Kubelet never posted node status.', lastHeartbeatTime: node.metadata.creationTimestamp ?? time, lastTransitionTime: time });
    else conditions[index] = { ...old, status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.', lastTransitionTime: time };
  }
  return hasChanged ? conditions : undefined;
}

/** The node's taints with ours as they should be; undefined when they are. Others' taints keep their places. */
function taintsOf(node: Node, time: string, eviction: Eviction): Taint[] | undefined {
  const wanted = new Map<string, Taint>();
  for (const condition of node.status?.conditions ?? []) {
    const key = taintOfCondition[condition.type]?.[condition.status];
    if (key === undefined) continue;
    wanted.set(`${key}:NoSchedule`, { key, effect: 'NoSchedule', ...(ownNoExecute.has(key) ? { timeAdded: time } : {}) });
    if (ownNoExecute.has(key)) wanted.set(`${key}:NoExecute`, { key, effect: 'NoExecute', timeAdded: time });
  }
  if (node.spec.unschedulable === true) wanted.set(`${unschedulable}:NoSchedule`, { key: unschedulable, effect: 'NoSchedule', timeAdded: time });
  const old = node.spec.taints ?? [];
  for (const [id, taint] of wanted) {
    if (taint.effect !== 'NoExecute' || eviction === 'now') continue;
    if (eviction === 'never' || !old.some((known) => known.key === taint.key && known.effect === 'NoExecute')) wanted.delete(id);
  }
  const isOurs = (taint: Taint): boolean => (taint.effect === 'NoSchedule' && ownNoSchedule.has(taint.key)) || (taint.effect === 'NoExecute' && ownNoExecute.has(taint.key));
  const kept = old.filter((taint) => !isOurs(taint) || wanted.has(`${taint.key}:${taint.effect}`));
  for (const taint of kept) wanted.delete(`${taint.key}:${taint.effect}`);
  return kept.length === old.length && wanted.size === 0 ? undefined : [...kept, ...wanted.values()];
}
