/** What a namespace's new level means for the pods it has: they stay, but whoever changes the level is told. Pure. */
import type { ApiObject } from '@kaji/api';
import type { Pod } from '@kaji/api/core/v1';
import { evaluate, reasonsText } from './evaluate.ts';
import { type LevelVersion, policyText } from './policy.ts';

/** How many pods are spoken of, and for how long they are looked at. */
export const mostPods = 3000;
export const mostMs = 1000;

/** What is kept of a pod that was looked at. */
export interface Look {
  readonly name: string;
  /** The uid of its controller. */
  readonly owner: string | undefined;
  /** What the new level forbids about it; empty when it may stay as it is. */
  readonly reasons: string;
}

export const lookAt = ({ metadata: { name = '', annotations = {}, ownerReferences = [] }, spec }: Pod & ApiObject, policy: LevelVersion): Look =>
  ({ name, owner: ownerReferences.find(({ controller }) => controller === true)?.uid, reasons: reasonsText(evaluate(policy, { annotations, spec })) });

/** `total`: how many there are, also those that nobody had the time to look at. */
export function existingPodWarnings(looks: readonly Look[], { namespace, policy, total }: { readonly namespace: string; readonly policy: LevelVersion; readonly total: number }): readonly string[] {
  const chosen = total <= mostPods ? looks : differentFirst(looks).slice(0, mostPods);
  const violators = new Map<string, { readonly first: string; readonly count: number }>();
  for (const { name, reasons } of chosen) {
    if (reasons === '') continue;
    const known = violators.get(reasons);
    violators.set(reasons, known === undefined ? { first: name, count: 1 } : { first: name < known.first ? name : known.first, count: known.count + 1 });
  }
  const lines = [...violators].map(([reasons, { first, count }]) => `${first}${othersText(count - 1)}: ${reasons}`).sort();
  return [
    ...(chosen.length < total ? [`new PodSecurity enforce level only checked against the first ${chosen.length} of ${total} existing pods`] : []),
    ...(lines.length > 0 ? [`existing pods in namespace "${namespace}" violate the new PodSecurity enforce level "${policyText(policy)}"`] : []),
    ...lines,
  ];
}

const othersText = (count: number): string => (count === 0 ? '' : count === 1 ? ' (and 1 other pod)' : ` (and ${count} other pods)`);

/** One pod of each controller first: the others are most likely like it. */
function differentFirst(looks: readonly Look[]): readonly Look[] {
  const seen = new Set<string>();
  const isFirst = looks.map(({ owner }) => {
    const isNew = owner === undefined || !seen.has(owner);
    if (owner !== undefined) seen.add(owner);
    return isNew;
  });
  return [...looks.filter((_look, index) => isFirst[index] === true), ...looks.filter((_look, index) => isFirst[index] !== true)];
}
