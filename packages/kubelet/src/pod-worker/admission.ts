/** Whether a pod that was bound to this node can be taken, beside those that are here. */
import type { Pod } from '@kaji/api/core/v1';
import { clashes, hostPortsOf } from '@kaji/api/placement';
import { byteCount, milliCpu, podTotal } from '../containers/resources.ts';
import type { Ending } from './state.ts';

export interface Room {
  readonly milliCpu: number;
  readonly memoryBytes: number;
  readonly pods: number;
}

/** Undefined when it is taken. `others` are the pods that have not ended. */
export function refusal(pod: Pod, others: readonly Pod[], room: Room): Ending | undefined {
  return otherSystem(pod) ?? shortage(pod, others, room) ?? takenPort(pod, others);
}

const refused = (reason: string, why: string): Ending => ({ phase: 'Failed', isRefusal: true, reason, message: `Pod was rejected: ${why}` });

function otherSystem(pod: Pod): Ending | undefined {
  const label = pod.metadata.labels?.['kubernetes.io/os'] ?? 'linux';
  if (label !== 'linux') return refused('PodOSSelectorNodeLabelDoesNotMatch', "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label");
  if ((pod.spec.os?.name ?? 'linux') !== 'linux') return refused('PodOSNotSupported', "Failed to admit pod as the OS field doesn't match node OS");
  return undefined;
}

/** Pods that were bound by others than the scheduler may want a port that is taken. */
function takenPort(pod: Pod, others: readonly Pod[]): Ending | undefined {
  const wanted = hostPortsOf(pod);
  if (wanted.length === 0 || !clashes(wanted, others.flatMap(hostPortsOf))) return undefined;
  return refused('NodePorts', "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports");
}

function shortage(pod: Pod, others: readonly Pod[], room: Room): Ending | undefined {
  const short = (resource: string, requested: number, used: number, capacity: number): Ending =>
    refused(`OutOf${resource}`, `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`);
  if (others.length + 1 > room.pods) return short('pods', 1, others.length, room.pods);
  const cpu = (of: Pod): number => podTotal(of, (container) => milliCpu(container.resources?.requests?.['cpu'])) + milliCpu(of.spec.overhead?.['cpu']);
  const memory = (of: Pod): number => podTotal(of, (container) => byteCount(container.resources?.requests?.['memory'])) + byteCount(of.spec.overhead?.['memory']);
  const usedCpu = others.reduce((sum, other) => sum + cpu(other), 0);
  if (cpu(pod) > 0 && usedCpu + cpu(pod) > room.milliCpu) return short('cpu', cpu(pod), usedCpu, room.milliCpu);
  const usedMemory = others.reduce((sum, other) => sum + memory(other), 0);
  if (memory(pod) > 0 && usedMemory + memory(pod) > room.memoryBytes) return short('memory', memory(pod), usedMemory, room.memoryBytes);
  return undefined;
}
