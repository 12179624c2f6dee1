import type { Pod } from '@kaji/api/core/v1';
import { Cycle, type Plugin, type PostFilterResult, type Rejection } from '../framework.ts';
import { unavailableText } from '../fit-error.ts';
import type { NodeInfo } from '../node-info.ts';

interface Candidate {
  readonly node: NodeInfo;
  /** The most important first. */
  readonly victims: readonly Pod[];
}

const priorityOf = (pod: Pod): number => pod.spec.priority ?? 0;

/** Makes room for a pod by evicting less important ones: from the node where that hurts least. Disruption budgets are not looked at. */
export const defaultPreemption = (): Plugin => ({
  name: 'DefaultPreemption',
  postFilter(cycle, rejections, filters) {
    if (cycle.pod.spec.preemptionPolicy === 'Never') return { message: 'preemption: not eligible due to preemptionPolicy=Never.' };
    if (isWaitingForVictims(cycle)) return { message: 'preemption: not eligible due to a terminating pod on the nominated node.', nominatedNode: cycle.pod.status?.nominatedNodeName ?? '' };
    const candidates: Candidate[] = [];
    const reasons = new Map<string, readonly string[]>();
    for (const node of cycle.snapshot.nodes) {
      const rejection = rejections.get(node.name);
      const found = rejection?.preemptionHelps === true ? victimsOn(cycle, node, filters) : ['Preemption is not helpful for scheduling'];
      if ('victims' in found) candidates.push(found);
      else reasons.set(node.name, found);
    }
    const [best] = candidates.sort(byHarm);
    if (best === undefined) return { message: `preemption: ${unavailableText(cycle.snapshot.nodes.length, reasons.values())}` };
    return { message: '', nominatedNode: best.node.name, victims: best.victims } satisfies PostFilterResult;
  },
});

/** Pods evicted for this one are still leaving: evicting more would be too much. */
function isWaitingForVictims({ pod, snapshot }: Cycle): boolean {
  const nominated = pod.status?.nominatedNodeName ?? '';
  const node = snapshot.nodes.find(({ name }) => name === nominated);
  return node?.pods.some((other) => other.metadata.deletionTimestamp !== undefined && priorityOf(other) < priorityOf(pod)) === true;
}

/** The fewest pods whose leaving makes the pod fit, or why none do. */
function victimsOn({ pod, snapshot }: Cycle, node: NodeInfo, filters: readonly Plugin[]): Candidate | readonly string[] {
  const lesser = node.pods.filter((other) => priorityOf(other) < priorityOf(pod)).sort(byImportance);
  if (lesser.length === 0) return ['No preemption victims found for incoming pod'];
  let kept = lesser.reduce((info, other) => info.withoutPod(other.metadata.uid ?? ''), node);
  const refused = refusal(new Cycle(pod, snapshot), kept, filters);
  if (refused !== undefined) return refused.reasons;
  const victims: Pod[] = [];
  for (const other of lesser) {
    const spared = kept.withPod(other);
    if (refusal(new Cycle(pod, snapshot), spared, filters) === undefined) kept = spared;
    else victims.push(other);
  }
  return victims.length === 0 ? ['No preemption victims found for incoming pod'] : { node, victims };
}

function refusal(cycle: Cycle, node: NodeInfo, filters: readonly Plugin[]): Rejection | undefined {
  for (const plugin of filters) {
    const before = plugin.preFilter?.(cycle);
    if (before === 'skip') continue;
    const verdict = plugin.filter?.(cycle, node) ?? 'fits';
    if (verdict !== 'fits') return verdict;
  }
  return undefined;
}

const startedAt = (pod: Pod): string => pod.status?.startTime ?? '9999';

/** The more important first: by priority, then by age. */
const byImportance = (left: Pod, right: Pod): number => priorityOf(right) - priorityOf(left) || compareText(startedAt(left), startedAt(right));

const compareText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Kubernetes: the lowest highest priority, the lowest sum of priorities, the fewest pods, the youngest. */
function byHarm(left: Candidate, right: Candidate): number {
  const highest = ({ victims }: Candidate): number => Math.max(...victims.map(priorityOf));
  const sum = ({ victims }: Candidate): number => victims.reduce((total, victim) => total + priorityOf(victim) + 2 ** 31, 0);
  const start = ({ victims }: Candidate): string => victims.map(startedAt).sort(compareText)[0] ?? '';
  return highest(left) - highest(right) || sum(left) - sum(right) || left.victims.length - right.victims.length || compareText(start(right), start(left));
}
