import { type Cycle, maxNodeScore, type Plugin, StateKey, type Verdict } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import { isScalar, requestsOf, scoredRequestsOf } from '../requests.ts';
import { type Usage, usagesOf, type WeightedResource } from './resource-score.ts';

const requests = new StateKey<ReadonlyMap<string, number>>('requests');
const scoredRequests = new StateKey<ReadonlyMap<string, number>>('scored requests');

/** A point of the curve from how full a node is, in percent, to its score of 0..10. */
export interface ShapePoint {
  readonly utilization: number;
  readonly score: number;
}

export interface NodeResourcesFitArguments {
  readonly ignoredResources: readonly string[];
  /** Prefixes before the slash. */
  readonly ignoredResourceGroups: readonly string[];
  readonly strategy: 'LeastAllocated' | 'MostAllocated' | 'RequestedToCapacityRatio';
  readonly resources: readonly WeightedResource[];
  readonly shape: readonly ShapePoint[];
}

/** What the pod asks for must be free; of the nodes where it is, the emptier (or, by strategy, the fuller) is better. */
export function nodeResourcesFit(options: NodeResourcesFitArguments): Plugin {
  const score = scorers[options.strategy];
  const isIgnored = (name: string): boolean => name.includes('/') && (options.ignoredResources.includes(name) || options.ignoredResourceGroups.includes(name.split('/')[0] ?? ''));
  return {
    name: 'NodeResourcesFit',
    unblockedBy: ['node/add', 'node/allocatable', 'pod/delete', 'pod/scale-down'],
    preFilter(cycle) {
      cycle.set(requests, requestsOf(cycle.pod));
      return 'continue';
    },
    filter: (cycle, node) => fits(cycle.get(requests) ?? requestsOf(cycle.pod), node, isIgnored),
    preScore(cycle) {
      cycle.set(scoredRequests, scoredRequestsOf(cycle.pod));
      return 'continue';
    },
    score(cycle: Cycle, node) {
      const usages = usagesOf(node, cycle.get(scoredRequests) ?? scoredRequestsOf(cycle.pod), options.resources, node.scoredRequested);
      return weighted(usages, (usage) => score(usage, options.shape));
    },
  };
}

/** Kubernetes: the order of the reasons, and what can never fit is told apart, for then evicting pods does not help. */
function fits(wanted: ReadonlyMap<string, number>, node: NodeInfo, isIgnored: (name: string) => boolean): Verdict {
  const reasons: string[] = [];
  let preemptionHelps = true;
  if (node.pods.length + 1 > (node.allocatable.get('pods') ?? 0)) reasons.push('Too many pods');
  const names = ['cpu', 'memory', 'ephemeral-storage', ...[...wanted.keys()].filter((name) => isScalar(name) && !isIgnored(name))];
  for (const name of names) {
    const amount = wanted.get(name) ?? 0;
    const capacity = node.allocatable.get(name) ?? 0;
    if (amount === 0 || amount <= capacity - (node.requested.get(name) ?? 0)) continue;
    reasons.push(`Insufficient ${name}`);
    if (amount > capacity) preemptionHelps = false;
  }
  return reasons.length === 0 ? 'fits' : { reasons, preemptionHelps };
}

function weighted(usages: readonly Usage[], score: (usage: Usage) => number): number {
  const weight = usages.reduce((sum, usage) => sum + usage.weight, 0);
  if (weight === 0) return 0;
  return Math.trunc(usages.reduce((sum, usage) => sum + score(usage) * usage.weight, 0) / weight);
}

const scorers: Readonly<Record<NodeResourcesFitArguments['strategy'], (usage: Usage, shape: readonly ShapePoint[]) => number>> = {
  LeastAllocated: ({ requested, allocatable }) => (requested > allocatable ? 0 : Math.trunc(((allocatable - requested) * maxNodeScore) / allocatable)),
  MostAllocated: ({ requested, allocatable }) => Math.trunc((Math.min(requested, allocatable) * maxNodeScore) / allocatable),
  RequestedToCapacityRatio: ({ requested, allocatable }, shape) => along(shape, requested > allocatable ? 100 : Math.trunc((requested * 100) / allocatable)) * (maxNodeScore / 10),
};

/** The curve's value, straight between its points. */
function along(shape: readonly ShapePoint[], utilization: number): number {
  const next = shape.findIndex((point) => utilization <= point.utilization);
  const right = shape[next];
  if (right === undefined) return shape.at(-1)?.score ?? 0;
  const left = shape[next - 1];
  if (left === undefined) return right.score;
  return left.score + Math.trunc(((right.score - left.score) * (utilization - left.utilization)) / (right.utilization - left.utilization));
}
