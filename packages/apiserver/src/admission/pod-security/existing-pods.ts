/** What a namespace's new level means for the pods it has: they stay, but whoever changes the level is told. */
import type { ApiObject } from '@kaji/api';
import type { Pod } from '@kaji/api/core/v1';
import { evaluate, reasonsText } from './evaluate.ts';
import { type LevelVersion, policyText } from './policy.ts';

/** How many pods are looked at, and for how long. */
export const mostPods = 3000;
export const mostMs = 1000;

export interface Inspection {
  readonly namespace: string;
  readonly policy: LevelVersion;
  readonly isExempt: (pod: Pod) => boolean;
  /** Told before each pod; once true, the rest is left out. */
  readonly isOver: () => boolean;
}

export function existingPodWarnings(pods: Iterable<Pod & ApiObject>, { namespace, policy, isExempt, isOver }: Inspection): readonly string[] {
  const ordered = differentFirst(pods, isExempt);
  const violators = new Map<string, { first: string; count: number }>();
  let checked = 0;
  for (const pod of ordered.slice(0, mostPods)) {
    if (checked > 0 && isOver()) break;
    checked++;
    const reasons = reasonsText(evaluate(policy, { annotations: pod.metadata.annotations ?? {}, spec: pod.spec }));
    if (reasons === '') continue;
    const name = pod.metadata.name ?? '';
    const known = violators.get(reasons);
    if (known === undefined) violators.set(reasons, { first: name, count: 1 });
    else violators.set(reasons, { first: name < known.first ? name : known.first, count: known.count + 1 });
  }
  const lines = [...violators].map(([reasons, { first, count }]) => `${first}${othersText(count - 1)}: ${reasons}`).sort();
  return [
    ...(checked < ordered.length ? [`new PodSecurity enforce level only checked against the first ${checked} of ${ordered.length} existing pods`] : []),
    ...(lines.length > 0 ? [`existing pods in namespace "${namespace}" violate the new PodSecurity enforce level "${policyText(policy)}"`] : []),
    ...lines,
  ];
}

const othersText = (count: number): string => (count === 0 ? '' : count === 1 ? ' (and 1 other pod)' : ` (and ${count} other pods)`);

/** One pod of each controller first: the others are most likely like it. */
function differentFirst(pods: Iterable<Pod & ApiObject>, isExempt: (pod: Pod) => boolean): readonly (Pod & ApiObject)[] {
  const [first, later]: [(Pod & ApiObject)[], (Pod & ApiObject)[]] = [[], []];
  const seen = new Set<string>();
  for (const pod of pods) {
    if (isExempt(pod)) continue;
    const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid;
    if (owner !== undefined && seen.has(owner)) later.push(pod);
    else first.push(pod);
    if (owner !== undefined) seen.add(owner);
  }
  return [...first, ...later];
}
