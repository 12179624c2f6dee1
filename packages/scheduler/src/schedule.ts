/** The scheduling cycle: which node a pod goes to, and why not to the others. Pure, so that a recorded snapshot replays. */
import type { Pod } from '@kaji/api/core/v1';
import type { Random } from '@kaji/base';
import { fitErrorText } from './fit-error.ts';
import { Cycle, type NodeScore, type Plugin, type PostFilterResult, type Profile, type Rejection, type Snapshot, unresolvable } from './framework.ts';
import type { NodeInfo } from './node-info.ts';

/** What one plugin said of one node. */
export interface NodeVerdict extends Rejection {
  readonly plugin: string;
}

/** Why and how: kept for every attempt. */
export interface Trace {
  readonly rejections: ReadonlyMap<string, NodeVerdict>;
  /** Weighted scores by node, then by plugin, of nodes that fit (when there were several). */
  readonly scores: ReadonlyMap<string, Readonly<Record<string, number>>>;
}

export type Decision =
  | ({ readonly outcome: 'node'; readonly node: string; readonly cycle: Cycle } & Trace)
  | ({
      readonly outcome: 'nowhere';
      /** As upstream words it. */
      readonly message: string;
      /** Plugins whose mind a change in the cluster would have to change. */
      readonly rejectedBy: ReadonlySet<string>;
      readonly nominatedNode: string | undefined;
      readonly victims: readonly Pod[];
    } & Trace);

/** Kubernetes: with fewer feasible nodes than this, all are looked at. */
const leastFeasibleNodes = 100;
const leastPercentage = 5;

/** @param start where among the nodes to begin, so that big clusters are not always searched from the same end */
export function schedule(pod: Pod, snapshot: Snapshot, profile: Profile, { random, start }: { readonly random: Random; readonly start: number }): Decision {
  if (snapshot.nodes.length === 0) return nowhere('no nodes available to schedule pods', new Map(), new Set());
  const cycle = new Cycle(pod, snapshot);
  const prepared = preFilter(cycle, profile);
  if ('refusal' in prepared) return afterRefusal(cycle, profile, prepared.refusal);
  const nominated = nominatedNode(cycle, prepared);
  if (nominated !== undefined) return { outcome: 'node', node: nominated, cycle, rejections: new Map(), scores: new Map() };
  const { fitting, rejections } = filter(cycle, profile, prepared, start);
  const [first] = fitting;
  if (first === undefined) return fail(cycle, profile, rejections);
  if (fitting.length === 1) return { outcome: 'node', node: first.name, cycle, rejections, scores: new Map() };
  const { node, scores } = score(cycle, profile, fitting, random);
  return { outcome: 'node', node, cycle, rejections, scores };
}

interface Prepared {
  readonly filters: readonly Plugin[];
  readonly nodeNames: ReadonlySet<string> | undefined;
  readonly namedBy: readonly string[];
}

function preFilter(cycle: Cycle, profile: Profile): Prepared | { readonly refusal: NodeVerdict } {
  const skipped = new Set<Plugin>();
  const namedBy: string[] = [];
  let nodeNames: ReadonlySet<string> | undefined;
  for (const plugin of profile.preFilter) {
    const result = plugin.preFilter?.(cycle) ?? 'continue';
    if (result === 'skip') skipped.add(plugin);
    else if (result !== 'continue' && 'reasons' in result) return { refusal: { ...result, plugin: plugin.name } };
    else if (result !== 'continue') {
      nodeNames = nodeNames === undefined ? result.nodeNames : nodeNames.intersection(result.nodeNames);
      namedBy.push(plugin.name);
    }
  }
  return { filters: profile.filter.filter((plugin) => !skipped.has(plugin)), nodeNames, namedBy };
}

function filter(cycle: Cycle, profile: Profile, { filters, nodeNames, namedBy }: Prepared, start: number): { fitting: readonly NodeInfo[]; rejections: Map<string, NodeVerdict> } {
  const { nodes } = cycle.snapshot;
  const wanted = feasibleNodes(nodes.length, profile.percentageOfNodesToScore);
  const rejections = new Map<string, NodeVerdict>();
  const fitting: NodeInfo[] = [];
  const others: NodeVerdict = { ...unresolvable(`node(s) didn't satisfy plugin(s) [${[...namedBy].sort().join(' ')}]`), plugin: namedBy[0] ?? '' };
  for (let index = 0; index < nodes.length && fitting.length < wanted; index++) {
    const node = nodes[(start + index) % nodes.length];
    if (node === undefined) continue;
    const verdict = nodeNames !== undefined && !nodeNames.has(node.name) ? others : judge(cycle, node, filters);
    if (verdict === undefined) fitting.push(node);
    else rejections.set(node.name, verdict);
  }
  return { fitting, rejections };
}

/** The node where room was made for the pod comes before all others, once the room is there. */
function nominatedNode(cycle: Cycle, { filters, nodeNames }: Prepared): string | undefined {
  const name = cycle.pod.status?.nominatedNodeName;
  const node = name === undefined || nodeNames?.has(name) === false ? undefined : cycle.snapshot.nodes.find((each) => each.name === name);
  return node !== undefined && judge(cycle, node, filters) === undefined ? name : undefined;
}

/** Room that is being made for others at least as important counts as taken. */
function judge(cycle: Cycle, node: NodeInfo, filters: readonly Plugin[]): NodeVerdict | undefined {
  const { pod, snapshot } = cycle;
  const rivals = (snapshot.nominated.get(node.name) ?? []).filter((other) => other.metadata.uid !== pod.metadata.uid && (other.spec.priority ?? 0) >= (pod.spec.priority ?? 0));
  const crowded = rivals.length === 0 ? undefined : ask(cycle, rivals.reduce((info, rival) => info.withPod(rival), node), filters);
  return crowded ?? ask(cycle, node, filters);
}

/** The first plugin that says no ends it. */
function ask(cycle: Cycle, node: NodeInfo, filters: readonly Plugin[]): NodeVerdict | undefined {
  for (const plugin of filters) {
    const verdict = plugin.filter?.(cycle, node) ?? 'fits';
    if (verdict !== 'fits') return { ...verdict, plugin: plugin.name };
  }
  return undefined;
}

/** Kubernetes: of many nodes, enough are enough: half of them in small clusters, down to a twentieth in the largest. */
export function feasibleNodes(nodeCount: number, percentage: number): number {
  if (nodeCount < leastFeasibleNodes) return nodeCount;
  const share = percentage === 0 ? Math.max(leastPercentage, 50 - Math.trunc(nodeCount / 125)) : percentage;
  return Math.max(leastFeasibleNodes, Math.trunc((nodeCount * share) / 100));
}

function score(cycle: Cycle, profile: Profile, nodes: readonly NodeInfo[], random: Random): { node: string; scores: Map<string, Record<string, number>> } {
  const skipped = new Set(profile.preScore.filter((plugin) => plugin.preScore?.(cycle, nodes) === 'skip'));
  const scores = new Map<string, Record<string, number>>(nodes.map(({ name }) => [name, {}]));
  const totals = new Map<string, number>();
  for (const { plugin, weight } of profile.score) {
    if (skipped.has(plugin)) continue;
    const ofPlugin: NodeScore[] = nodes.map((node) => ({ node, score: plugin.score?.(cycle, node) ?? 0 }));
    plugin.normalize?.(cycle, ofPlugin);
    for (const each of ofPlugin) {
      const weighted = each.score * weight;
      (scores.get(each.node.name) ?? {})[plugin.name] = weighted;
      totals.set(each.node.name, (totals.get(each.node.name) ?? 0) + weighted);
    }
  }
  const best = Math.max(...nodes.map(({ name }) => totals.get(name) ?? 0));
  const equals = nodes.filter(({ name }) => (totals.get(name) ?? 0) === best);
  return { node: equals[Math.floor(random() * equals.length)]?.name ?? '', scores };
}

function fail(cycle: Cycle, profile: Profile, rejections: ReadonlyMap<string, NodeVerdict>): Decision {
  const after = postFilter(cycle, profile, rejections);
  const message = fitErrorText({ nodeCount: cycle.snapshot.nodes.length, refusedBefore: undefined, reasonsOfNodes: [...rejections.values()].map(({ reasons }) => reasons), postFilterMessage: after.message });
  return { ...nowhere(message, rejections, new Set([...rejections.values()].map(({ plugin }) => plugin))), nominatedNode: after.nominatedNode, victims: after.victims ?? [] };
}

/** Refused before any node was looked at: that holds for every node. */
function afterRefusal(cycle: Cycle, profile: Profile, refusal: NodeVerdict): Decision {
  const rejections = new Map(cycle.snapshot.nodes.map(({ name }) => [name, refusal]));
  const after = postFilter(cycle, profile, rejections);
  const message = fitErrorText({ nodeCount: cycle.snapshot.nodes.length, refusedBefore: refusal.reasons.join(', '), reasonsOfNodes: [], postFilterMessage: after.message });
  return { ...nowhere(message, rejections, new Set([refusal.plugin])), nominatedNode: after.nominatedNode, victims: after.victims ?? [] };
}

function postFilter(cycle: Cycle, profile: Profile, rejections: ReadonlyMap<string, NodeVerdict>): PostFilterResult {
  let together: PostFilterResult = { message: '' };
  for (const plugin of profile.postFilter) {
    const result = plugin.postFilter?.(cycle, rejections, profile.filter);
    if (result === undefined) continue;
    if (result.victims !== undefined) return result;
    together = { ...together, ...result, message: together.message === '' ? result.message : `${together.message}, ${result.message}` };
  }
  return together;
}

const nowhere = (message: string, rejections: ReadonlyMap<string, NodeVerdict>, rejectedBy: ReadonlySet<string>) =>
  ({ outcome: 'nowhere', message, rejections, rejectedBy, scores: new Map(), nominatedNode: undefined, victims: [] }) as const;
