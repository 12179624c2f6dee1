import type { Node, NodeAffinity, PreferredSchedulingTerm } from '@kaji/api/core/v1';
import { type Plugin, StateKey, unresolvable } from '../framework.ts';
import { boundNodeNames, matchesSelector, matchesTerm, requiredMatch } from '@kaji/api/placement';
import { normalize } from './normalize.ts';

const required = new StateKey<(node: Node) => boolean>('required node affinity');
const preferred = new StateKey<readonly PreferredSchedulingTerm[]>('preferred node affinity');

export interface NodeAffinityArguments {
  /** Demanded of every pod of the profile, beside its own. */
  readonly addedAffinity?: NodeAffinity | undefined;
}

/** Node selectors and node affinity, required and preferred. */
export function nodeAffinity({ addedAffinity }: NodeAffinityArguments): Plugin {
  const enforced = addedAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const added = addedAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return {
    name: 'NodeAffinity',
    unblockedBy: ['node/add', 'node/labels'],
    preFilter(cycle) {
      const matches = requiredMatch(cycle.pod);
      if (matches === undefined) return enforced === undefined ? 'skip' : 'continue';
      cycle.set(required, matches);
      const nodeNames = boundNodeNames(cycle.pod);
      if (nodeNames === undefined) return 'continue';
      return nodeNames.size === 0 ? unresolvable('pod affinity terms conflict') : { nodeNames };
    },
    filter(cycle, { node }) {
      if (enforced !== undefined && !matchesSelector(enforced, node)) return unresolvable("node(s) didn't match scheduler-enforced node affinity");
      return (cycle.get(required) ?? requiredMatch(cycle.pod))?.(node) === false ? unresolvable("node(s) didn't match Pod's node affinity/selector") : 'fits';
    },
    preScore(cycle) {
      const own = cycle.pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
      if (own.length === 0 && added.length === 0) return 'skip';
      cycle.set(preferred, [...added, ...own]);
      return 'continue';
    },
    score: (cycle, { node }) => (cycle.get(preferred) ?? []).reduce((sum, { weight, preference }) => sum + (matchesTerm(preference, node) ? weight : 0), 0),
    normalize: (_, scores) => { normalize(scores); },
  };
}
