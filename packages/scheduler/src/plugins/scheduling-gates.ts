import type { Plugin } from '../framework.ts';

/** Keeps pods out of the queue while somebody holds a gate on them. */
export const schedulingGates = (): Plugin => ({
  name: 'SchedulingGates',
  preEnqueue(pod) {
    const gates = pod.spec.schedulingGates ?? [];
    return gates.length === 0 ? undefined : `waiting for scheduling gates: [${gates.map(({ name }) => name).join(' ')}]`;
  },
});
