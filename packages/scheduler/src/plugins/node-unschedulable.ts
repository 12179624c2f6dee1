import { type Plugin, unresolvable } from '../framework.ts';
import { isTolerated } from '@kaji/api/placement';

const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const;

/** Cordoned nodes take only pods that tolerate it. */
export const nodeUnschedulable = (): Plugin => ({
  name: 'NodeUnschedulable',
  unblockedBy: ['node/add', 'node/unschedulable'],
  filter: ({ pod }, { node }) => (node.spec?.unschedulable !== true || isTolerated(pod.spec.tolerations ?? [], taint) ? 'fits' : unresolvable('node(s) were unschedulable')),
});
