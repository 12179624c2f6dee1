/** Whether a pod that was bound to this node can be taken, beside those that are here. */
import type { Pod } from '@kaji/api/core/v1';
import { byteCount, milliCpu, podTotal } from '../containers/resources.ts';
import type { Ending } from './state.ts';

export interface Room {
  readonly milliCpu: number;
  readonly memoryBytes: number;
  readonly pods: number;
}

/** Undefined when it is taken. `others` are the pods that have not ended. */
export function refusal(pod: Pod, others: readonly Pod[], room: Room): Ending | undefined {
  const short = (resource: string, requested: number, used: number, capacity: number): Ending => ({
    phase: 'Failed', isRefusal: true, reason: `OutOf${resource}`,
    message: `Pod was rejected: Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
  });
  if (others.length + 1 > room.pods) return short('pods', 1, others.length, room.pods);
  const cpu = (of: Pod): number => podTotal(of, (container) => milliCpu(container.resources?.requests?.['cpu'])) + milliCpu(of.spec.overhead?.['cpu']);
  const memory = (of: Pod): number => podTotal(of, (container) => byteCount(container.resources?.requests?.['memory'])) + byteCount(of.spec.overhead?.['memory']);
  const usedCpu = others.reduce((sum, other) => sum + cpu(other), 0);
  if (cpu(pod) > 0 && usedCpu + cpu(pod) > room.milliCpu) return short('cpu', cpu(pod), usedCpu, room.milliCpu);
  const usedMemory = others.reduce((sum, other) => sum + memory(other), 0);
  if (memory(pod) > 0 && usedMemory + memory(pod) > room.memoryBytes) return short('memory', memory(pod), usedMemory, room.memoryBytes);
  return undefined;
}
