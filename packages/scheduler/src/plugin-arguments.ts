import type { NodeAffinity } from '@kaji/api/core/v1';
import { ConfigError, type Reader } from './config-reader.ts';
import type { NodeAffinityArguments } from './plugins/node-affinity.ts';
import type { BalancedAllocationArguments } from './plugins/node-resources-balanced-allocation.ts';
import type { NodeResourcesFitArguments, ShapePoint } from './plugins/node-resources-fit.ts';
import type { WeightedResource } from './plugins/resource-score.ts';

/** What the plugins that take arguments are given. */
export interface PluginArguments {
  readonly NodeAffinity: NodeAffinityArguments;
  readonly NodeResourcesFit: NodeResourcesFitArguments;
  readonly NodeResourcesBalancedAllocation: BalancedAllocationArguments;
}

const cpuAndMemory: readonly WeightedResource[] = [{ name: 'cpu', weight: 1 }, { name: 'memory', weight: 1 }];

/** Upstream's defaults. */
export const defaultArguments: PluginArguments = {
  NodeAffinity: { addedAffinity: undefined },
  NodeResourcesFit: { ignoredResources: [], ignoredResourceGroups: [], strategy: 'LeastAllocated', resources: cpuAndMemory, shape: [] },
  NodeResourcesBalancedAllocation: { resources: cpuAndMemory },
};

/** Reads `pluginConfig[].args` of the plugins that take some. */
export const argumentReaders: { readonly [Name in keyof PluginArguments]: (reader: Reader) => PluginArguments[Name] } = {
  NodeAffinity: (reader) => ({ addedAffinity: reader.value('addedAffinity') as NodeAffinity | undefined }), // of the API's own form; its parts are looked at one by one
  NodeResourcesFit(reader) {
    const strategy = reader.object('scoringStrategy');
    const type = strategy?.text('type') ?? 'LeastAllocated';
    if (type !== 'LeastAllocated' && type !== 'MostAllocated' && type !== 'RequestedToCapacityRatio') throw new ConfigError(`${strategy?.path ?? ''}.type: Unsupported value: "${type}": supported values: "LeastAllocated", "MostAllocated", "RequestedToCapacityRatio"`);
    return {
      ignoredResources: reader.texts('ignoredResources'),
      ignoredResourceGroups: reader.texts('ignoredResourceGroups'),
      strategy: type,
      resources: resources(strategy),
      shape: (strategy?.object('requestedToCapacityRatio')?.objects('shape') ?? []).map((point): ShapePoint => ({ utilization: point.number('utilization') ?? 0, score: point.number('score') ?? 0 })),
    };
  },
  NodeResourcesBalancedAllocation: (reader) => ({ resources: resources(reader) }),
};

function resources(reader: Reader | undefined): readonly WeightedResource[] {
  const read = (reader?.objects('resources') ?? []).map((each) => ({ name: each.text('name') ?? '', weight: each.number('weight') ?? 1 }));
  return read.length === 0 ? cpuAndMemory : read;
}
