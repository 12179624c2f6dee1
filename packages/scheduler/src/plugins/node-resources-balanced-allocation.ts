import { maxNodeScore, type Plugin, StateKey } from '../framework.ts';
import { requestsOf } from '../requests.ts';
import { usagesOf, type WeightedResource } from './resource-score.ts';

const requests = new StateKey<ReadonlyMap<string, number>>('requests to balance');

export interface BalancedAllocationArguments {
  readonly resources: readonly WeightedResource[];
}

/** Prefers nodes whose resources the pod would use up evenly. */
export const nodeResourcesBalancedAllocation = ({ resources }: BalancedAllocationArguments): Plugin => ({
  name: 'NodeResourcesBalancedAllocation',
  preScore(cycle) {
    const wanted = requestsOf(cycle.pod);
    if (resources.every(({ name }) => (wanted.get(name) ?? 0) === 0)) return 'skip';
    cycle.set(requests, wanted);
    return 'continue';
  },
  score(cycle, node) {
    const usages = usagesOf(node, cycle.get(requests) ?? requestsOf(cycle.pod), resources, node.requested);
    const balance = (of: 'allocated' | 'requested'): number => balanceOf(usages.map((usage) => Math.min(1, usage[of] / usage.allocatable)));
    return maxNodeScore / 2 + Math.trunc((maxNodeScore / 2 + balance('requested') - balance('allocated')) / 2);
  },
});

/** 100 when all are equally full; less by their standard deviation. */
function balanceOf(fractions: readonly number[]): number {
  const mean = fractions.reduce((sum, fraction) => sum + fraction, 0) / fractions.length;
  const deviation = fractions.length < 2 ? 0 : Math.sqrt(fractions.reduce((sum, fraction) => sum + (fraction - mean) ** 2, 0) / fractions.length);
  return Math.trunc((1 - deviation) * maxNodeScore);
}
