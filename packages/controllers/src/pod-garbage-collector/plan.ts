/** Which pods nobody else will ever remove. */
import type { Node, Pod } from '@kaji/api/core/v1';
import { parseTime } from '@kaji/schema';

export type Cause = 'terminated' | 'out-of-service' | 'orphaned' | 'unscheduled';

export interface PodRemoval {
  readonly pod: Pod;
  readonly cause: Cause;
}

export interface Plan {
  readonly removals: readonly PodRemoval[];
  /** Nodes that pods name and that do not exist, with the time they were first missed. */
  readonly missingNodes: ReadonlyMap<string, number>;
  /** When the first of the pods without a node is due. */
  readonly dueMs: number | undefined;
}

export interface Options {
  /** Finished pods beyond this many go, the oldest first. */
  readonly terminatedLimit: number;
  /** A node must have been missing for this long. */
  readonly quarantineMs: number;
  /** A pod without a node has been terminating for this long. */
  readonly unscheduledMs: number;
}

const isTerminated = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
const isTerminating = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined;
const isEvicted = (pod: Pod): boolean => pod.status?.phase === 'Failed' && pod.status.reason === 'Evicted';
const isReady = (node: Node): boolean => node.status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') === true;
const isOutOfService = (node: Node): boolean => !isReady(node) && node.spec.taints?.some((taint) => taint.key === 'node.kubernetes.io/out-of-service') === true;

export function plan(pods: Iterable<Pod>, nodes: ReadonlyMap<string, Node>, known: ReadonlyMap<string, number>, now: number, options: Options): Plan {
  const removals: PodRemoval[] = [];
  const terminated: Pod[] = [];
  const missingNodes = new Map<string, number>();
  let dueMs: number | undefined;
  for (const pod of pods) {
    const nodeName = pod.spec.nodeName ?? '';
    const node = nodes.get(nodeName);
    if (nodeName !== '' && node === undefined) {
      const since = known.get(nodeName) ?? now;
      missingNodes.set(nodeName, since);
      if (now - since >= options.quarantineMs) {
        removals.push({ pod, cause: 'orphaned' });
        continue;
      }
    }
    if (isTerminating(pod) && nodeName === '') {
      const pastMs = (parseTime(pod.metadata.deletionTimestamp ?? '') ?? 0) + options.unscheduledMs;
      if (now >= pastMs) removals.push({ pod, cause: 'unscheduled' });
      else dueMs = Math.min(dueMs ?? pastMs, pastMs);
    } else if (isTerminating(pod) && node !== undefined && isOutOfService(node)) removals.push({ pod, cause: 'out-of-service' });
    else if (isTerminated(pod)) terminated.push(pod);
  }
  const excess = terminated.length - options.terminatedLimit;
  if (excess > 0) removals.push(...terminated.sort(byWorth).slice(0, excess).map((pod) => ({ pod, cause: 'terminated' as const })));
  return { removals, missingNodes, dueMs };
}

/** Evicted pods first, then the oldest, then by name. */
function byWorth(a: Pod, b: Pod): number {
  if (isEvicted(a) !== isEvicted(b)) return isEvicted(a) ? -1 : 1;
  const [createdA, createdB] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? ''];
  if (createdA !== createdB) return createdA < createdB ? -1 : 1;
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
}
