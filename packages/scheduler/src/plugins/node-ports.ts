import { clashes, type HostPort, hostPortsOf } from '@kaji/api/placement';
import { type Plugin, StateKey, unschedulable } from '../framework.ts';

const wantedPorts = new StateKey<readonly HostPort[]>('wanted host ports');

/** Two pods on a node do not share a host port. */
export const nodePorts = (): Plugin => ({
  name: 'NodePorts',
  unblockedBy: ['node/add', 'pod/delete'],
  preFilter(cycle) {
    const wanted = hostPortsOf(cycle.pod);
    if (wanted.length === 0) return 'skip';
    cycle.set(wantedPorts, wanted);
    return 'continue';
  },
  filter: (cycle, node) => (clashes(cycle.get(wantedPorts) ?? [], node.usedPorts) ? unschedulable("node(s) didn't have free ports for the requested pod ports") : 'fits'),
});
