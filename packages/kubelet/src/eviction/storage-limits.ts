/** Which pods use more of the node's disk than they said they would, as a pure function. */
import type { Pod } from '@kaji/api/core/v1';
import { addQuantities } from '@kaji/schema';
import { byteCount } from '../containers/resources.ts';
import { isStatic } from '../pod-worker/pod-view.ts';
import type { Ending } from '../pod-worker/state.ts';

/** Bytes on disk now. */
export interface StorageUse {
  /** By volume name: emptyDirs that are not in memory. */
  readonly emptyDirs: ReadonlyMap<string, number>;
  /** By container name: what it wrote over its image, and its logs. */
  readonly containers: ReadonlyMap<string, number>;
}

/** Kubernetes: what a pod that went over its limit is given to end in. */
const evictionGraceSeconds = 1;
const criticalPriority = 2_000_000_000;
const resource = 'ephemeral-storage';

const limitOf = (container: Pod['spec']['containers'][number]): string | undefined => container.resources?.limits?.[resource];

/** Kubernetes: pods that the node cannot do without, and those that nobody would place again. */
export const isCritical = (pod: Pod): boolean => isStatic(pod) || (pod.spec.priority ?? 0) >= criticalPriority;

/** Whether the pod set any limit that only looking at the disk can keep. */
export const hasStorageLimit = (pod: Pod): boolean =>
  pod.spec.containers.some((container) => limitOf(container) !== undefined) || (pod.spec.volumes ?? []).some(({ emptyDir }) => emptyDir?.sizeLimit !== undefined && emptyDir.medium !== 'Memory');

/** Why the pod has to go; undefined while it keeps to its limits. The order is upstream's: volumes, the pod, each container. */
export function storageEviction(pod: Pod, use: StorageUse): Ending | undefined {
  for (const { name, emptyDir } of pod.spec.volumes ?? []) {
    const limit = emptyDir?.sizeLimit;
    if (limit !== undefined && byteCount(limit) > 0 && (use.emptyDirs.get(name) ?? 0) > byteCount(limit)) return evicted(`Usage of EmptyDir volume "${name}" exceeds the limit "${limit}". `);
  }
  const limits = pod.spec.containers.map(limitOf).filter((limit) => limit !== undefined);
  const total = limits.reduce(addQuantities, '0');
  if (limits.length > 0 && sum(use.emptyDirs) + sum(use.containers) > byteCount(total)) return evicted(`Pod ephemeral local storage usage exceeds the total limit of containers ${total}. `);
  for (const container of pod.spec.containers) {
    const limit = limitOf(container);
    if (limit !== undefined && byteCount(limit) > 0 && (use.containers.get(container.name) ?? 0) > byteCount(limit)) return evicted(`Container ${container.name} exceeded its local ephemeral storage limit "${limit}". `);
  }
  return undefined;
}

const sum = (parts: ReadonlyMap<string, number>): number => [...parts.values()].reduce((whole, part) => whole + part, 0);

const evicted = (message: string): Ending => ({ phase: 'Failed', reason: 'Evicted', message, graceSeconds: evictionGraceSeconds });
