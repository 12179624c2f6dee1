/** Puts a profile's plugins together from its configuration. */
import type { Client } from '@kaji/client';
import { ConfigError } from './config-reader.ts';
import type { PluginSet, ProfileConfiguration } from './configuration.ts';
import type { Plugin, Profile, WeightedPlugin } from './framework.ts';
import { plugins as known } from './plugins/index.ts';

const nothing: PluginSet = { enabled: [], disabled: [] };

export function profileOf(configuration: ProfileConfiguration, client: Client): Profile {
  const made = new Map(known.map((declaration) => [declaration.name, declaration.make(configuration.arguments, client)]));
  const multiPoint = merge(known, configuration.plugins['multiPoint'] ?? nothing, 'multiPoint');
  const at = (point: string, has: (plugin: Plugin) => boolean): readonly WeightedPlugin[] => {
    const candidates = multiPoint.filter(({ name }) => has(pluginOf(made, name)));
    return merge(candidates, configuration.plugins[point] ?? nothing, point).map(({ name, weight }) => ({ plugin: pluginOf(made, name), weight }));
  };
  const only = (point: string, has: (plugin: Plugin) => boolean): readonly Plugin[] => at(point, has).map(({ plugin }) => plugin);
  const profile: Omit<Profile, 'all'> = {
    schedulerName: configuration.schedulerName,
    percentageOfNodesToScore: configuration.percentageOfNodesToScore,
    preEnqueue: only('preEnqueue', ({ preEnqueue }) => preEnqueue !== undefined),
    preFilter: only('preFilter', ({ preFilter }) => preFilter !== undefined),
    filter: only('filter', ({ filter }) => filter !== undefined),
    postFilter: only('postFilter', ({ postFilter }) => postFilter !== undefined),
    preScore: only('preScore', ({ preScore }) => preScore !== undefined),
    score: at('score', ({ score }) => score !== undefined).map(({ plugin, weight }) => ({ plugin, weight: weight === 0 ? 1 : weight })),
    reserve: only('reserve', ({ reserve }) => reserve !== undefined),
    permit: only('permit', ({ permit }) => permit !== undefined),
    preBind: only('preBind', ({ preBind }) => preBind !== undefined),
    bind: only('bind', ({ bind }) => bind !== undefined),
    postBind: only('postBind', ({ postBind }) => postBind !== undefined),
  };
  const sorting = only('queueSort', ({ compare }) => compare !== undefined);
  if (sorting.length !== 1) throw new ConfigError(`profile "${configuration.schedulerName}" needs one queueSort plugin, and has ${sorting.length}`);
  if (profile.bind.length === 0) throw new ConfigError(`profile "${configuration.schedulerName}" needs a bind plugin`);
  return { ...profile, all: [...made.values()].filter((plugin) => multiPoint.some(({ name }) => name === plugin.name) || sorting.includes(plugin)) };
}

interface Weighted {
  readonly name: string;
  readonly weight: number;
}

/** What is there by default, less what is disabled, with what is enabled set (its weight) or added at the end. */
function merge(defaults: readonly Weighted[], { enabled, disabled }: PluginSet, point: string): readonly Weighted[] {
  for (const { name } of enabled) if (!known.some((declaration) => declaration.name === name)) throw new ConfigError(`plugins.${point}.enabled: there is no plugin "${name}" in this version`);
  const kept = disabled.includes('*') ? [] : defaults.filter(({ name }) => !disabled.includes(name));
  const set = kept.map((plugin) => enabled.find(({ name }) => name === plugin.name) ?? plugin);
  const added = enabled.filter(({ name }) => !kept.some((plugin) => plugin.name === name));
  const weightOf = ({ name, weight }: Weighted): number => (weight === 0 ? (known.find((declaration) => declaration.name === name)?.weight ?? 0) : weight);
  return [...set, ...added].map((plugin) => ({ name: plugin.name, weight: weightOf(plugin) }));
}

function pluginOf(made: ReadonlyMap<string, Plugin>, name: string): Plugin {
  const plugin = made.get(name);
  if (plugin === undefined) throw new ConfigError(`there is no plugin "${name}" in this version`);
  return plugin;
}
