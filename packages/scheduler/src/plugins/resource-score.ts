/** How full a node would be: the arithmetic that the resource plugins share. */
import type { NodeInfo } from '../node-info.ts';
import { isScalar } from '../requests.ts';

export interface WeightedResource {
  readonly name: string;
  readonly weight: number;
}

export interface Usage {
  readonly weight: number;
  readonly allocatable: number;
  /** Without the pod, and with it. */
  readonly allocated: number;
  readonly requested: number;
}

/** One line a resource that the node has, of those that count. */
export function usagesOf(node: NodeInfo, pod: ReadonlyMap<string, number>, resources: readonly WeightedResource[], allocated: ReadonlyMap<string, number>): readonly Usage[] {
  const usages: Usage[] = [];
  for (const { name, weight } of resources) {
    const wanted = pod.get(name) ?? 0;
    const allocatable = node.allocatable.get(name) ?? 0;
    if (allocatable === 0 || (wanted === 0 && isScalar(name))) continue;
    const before = (name === 'cpu' || name === 'memory' ? allocated : node.requested).get(name) ?? 0;
    usages.push({ weight, allocatable, allocated: before, requested: before + wanted });
  }
  return usages;
}
