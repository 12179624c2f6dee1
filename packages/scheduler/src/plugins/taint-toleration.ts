import type { Toleration } from '@kaji/api/core/v1';
import { type Plugin, StateKey, unresolvable } from '../framework.ts';
import { isTolerated } from '@kaji/api/placement';
import { normalizeReversed } from './normalize.ts';

const preferring = new StateKey<readonly Toleration[]>('tolerations of PreferNoSchedule');

/** Keeps pods off nodes whose taints they do not tolerate, and prefers nodes with fewer taints that would rather not have them. */
export const taintToleration = (): Plugin => ({
  name: 'TaintToleration',
  unblockedBy: ['node/add', 'node/taints'],
  filter({ pod }, { node }) {
    const taints = (node.spec?.taints ?? []).filter(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute');
    return taints.every((taint) => isTolerated(pod.spec.tolerations ?? [], taint)) ? 'fits' : unresolvable('node(s) had untolerated taint(s)');
  },
  preScore(cycle) {
    cycle.set(preferring, (cycle.pod.spec.tolerations ?? []).filter(({ effect }) => effect === undefined || effect === 'PreferNoSchedule'));
    return 'continue';
  },
  score(cycle, { node }) {
    const tolerations = cycle.get(preferring) ?? [];
    return (node.spec?.taints ?? []).filter((taint) => taint.effect === 'PreferNoSchedule' && !isTolerated(tolerations, taint)).length;
  },
  normalize: (_, scores) => { normalizeReversed(scores); },
});
