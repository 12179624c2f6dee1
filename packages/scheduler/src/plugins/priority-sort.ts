import type { Plugin } from '../framework.ts';

/** The more important pod first, then the one that has waited longer. */
export const prioritySort = (): Plugin => ({
  name: 'PrioritySort',
  compare: (left, right) => (right.pod.spec.priority ?? 0) - (left.pod.spec.priority ?? 0) || left.enqueuedAtMs - right.enqueuedAtMs,
});
