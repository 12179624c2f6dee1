/** Every plugin, in the order upstream runs them, with its default weight. Adding one is a line here. */
import type { Client } from '@kaji/client';
import type { Plugin } from '../framework.ts';
import type { PluginArguments } from '../plugin-arguments.ts';
import { defaultBinder } from './default-binder.ts';
import { defaultPreemption } from './default-preemption.ts';
import { dynamicResources } from './dynamic-resources.ts';
import { imageLocality } from './image-locality.ts';
import { nodeAffinity } from './node-affinity.ts';
import { nodeName } from './node-name.ts';
import { nodePorts } from './node-ports.ts';
import { nodeResourcesBalancedAllocation } from './node-resources-balanced-allocation.ts';
import { nodeResourcesFit } from './node-resources-fit.ts';
import { nodeUnschedulable } from './node-unschedulable.ts';
import { prioritySort } from './priority-sort.ts';
import { schedulingGates } from './scheduling-gates.ts';
import { taintToleration } from './taint-toleration.ts';

export interface PluginDeclaration {
  readonly name: string;
  readonly weight: number;
  make(options: PluginArguments, client: Client): Plugin;
}

export const plugins: readonly PluginDeclaration[] = [
  { name: 'SchedulingGates', weight: 0, make: schedulingGates },
  { name: 'PrioritySort', weight: 0, make: prioritySort },
  { name: 'NodeUnschedulable', weight: 0, make: nodeUnschedulable },
  { name: 'NodeName', weight: 0, make: nodeName },
  { name: 'TaintToleration', weight: 3, make: taintToleration },
  { name: 'NodeAffinity', weight: 2, make: (options) => nodeAffinity(options.NodeAffinity) },
  { name: 'NodePorts', weight: 0, make: nodePorts },
  { name: 'NodeResourcesFit', weight: 1, make: (options) => nodeResourcesFit(options.NodeResourcesFit) },
  // Upstream: devices are let go of before pods are evicted.
  { name: 'DynamicResources', weight: 2, make: dynamicResources },
  { name: 'DefaultPreemption', weight: 0, make: defaultPreemption },
  { name: 'NodeResourcesBalancedAllocation', weight: 1, make: (options) => nodeResourcesBalancedAllocation(options.NodeResourcesBalancedAllocation) },
  { name: 'ImageLocality', weight: 1, make: imageLocality },
  { name: 'DefaultBinder', weight: 0, make: (_, client) => defaultBinder(client) },
];
