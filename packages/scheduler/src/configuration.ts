/** KubeSchedulerConfiguration as it is upstream, as far as there is something here that it configures. */
import { ConfigError, Reader } from './config-reader.ts';
import { argumentReaders, defaultArguments, type PluginArguments } from './plugin-arguments.ts';

/** What one extension point (or `multiPoint`: all of them) switches on and off. `*` means all. */
export interface PluginSet {
  readonly enabled: readonly { readonly name: string; readonly weight: number }[];
  readonly disabled: readonly string[];
}

export interface ProfileConfiguration {
  readonly schedulerName: string;
  readonly percentageOfNodesToScore: number;
  /** By extension point. */
  readonly plugins: Readonly<Record<string, PluginSet>>;
  readonly arguments: PluginArguments;
}

export interface LeaderElectionConfiguration {
  readonly leaderElect: boolean;
  readonly resourceName: string;
  readonly resourceNamespace: string;
  readonly leaseDurationMs: number;
  readonly renewDeadlineMs: number;
  readonly retryPeriodMs: number;
}

export interface SchedulerConfiguration {
  readonly profiles: readonly ProfileConfiguration[];
  readonly podInitialBackoffMs: number;
  readonly podMaxBackoffMs: number;
  readonly leaderElection: LeaderElectionConfiguration;
}

const version = 'kubescheduler.config.k8s.io/v1';
const points = ['preEnqueue', 'queueSort', 'preFilter', 'filter', 'postFilter', 'preScore', 'score', 'reserve', 'permit', 'preBind', 'bind', 'postBind', 'multiPoint'];

/** Fills in upstream's defaults. Throws ConfigError. */
export function schedulerConfiguration(value: unknown = { apiVersion: version, kind: 'KubeSchedulerConfiguration' }): SchedulerConfiguration {
  const reader = new Reader(value, '');
  if (reader.text('apiVersion') !== version || reader.text('kind') !== 'KubeSchedulerConfiguration') throw new ConfigError(`no kind "${reader.text('kind') ?? ''}" is registered for version "${reader.text('apiVersion') ?? ''}"; expected KubeSchedulerConfiguration of ${version}`);
  const podInitialBackoffMs = (reader.number('podInitialBackoffSeconds') ?? 1) * 1000;
  const podMaxBackoffMs = (reader.number('podMaxBackoffSeconds') ?? 10) * 1000;
  if (podInitialBackoffMs <= 0) throw new ConfigError('podInitialBackoffSeconds: must be greater than 0');
  if (podMaxBackoffMs < podInitialBackoffMs) throw new ConfigError('podMaxBackoffSeconds: must be greater than or equal to PodInitialBackoffSeconds');
  const percentage = reader.number('percentageOfNodesToScore') ?? 0;
  const profiles = reader.objects('profiles').map((profile) => profileOf(profile, percentage));
  const names = profiles.map(({ schedulerName }) => schedulerName);
  if (new Set(names).size < names.length) throw new ConfigError('profiles: scheduler names must differ');
  return {
    profiles: profiles.length === 0 ? [profileOf(new Reader({}, 'profiles[0]'), percentage)] : profiles,
    podInitialBackoffMs,
    podMaxBackoffMs,
    leaderElection: leaderElectionOf(reader.object('leaderElection') ?? new Reader({}, 'leaderElection')),
  };
}

function profileOf(reader: Reader, percentage: number): ProfileConfiguration {
  const plugins: Record<string, PluginSet> = {};
  const sets = reader.object('plugins');
  for (const point of points) {
    const set = sets?.object(point);
    if (set === undefined) continue;
    plugins[point] = {
      enabled: set.objects('enabled').map((plugin) => ({ name: plugin.text('name') ?? '', weight: plugin.number('weight') ?? 0 })),
      disabled: set.objects('disabled').map((plugin) => plugin.text('name') ?? ''),
    };
  }
  return { schedulerName: reader.text('schedulerName') ?? 'default-scheduler', percentageOfNodesToScore: reader.number('percentageOfNodesToScore') ?? percentage, plugins, arguments: argumentsOf(reader) };
}

function argumentsOf(reader: Reader): PluginArguments {
  const read: Partial<Record<keyof PluginArguments, unknown>> = {};
  for (const entry of reader.objects('pluginConfig')) {
    const name = entry.text('name') ?? '';
    const given = entry.object('args');
    if (given !== undefined && name in argumentReaders) read[name as keyof PluginArguments] = argumentReaders[name as keyof PluginArguments](given); // `in` has just said so
  }
  return { ...defaultArguments, ...read } as PluginArguments; // each reader gives its own plugin's arguments
}

function leaderElectionOf(reader: Reader): LeaderElectionConfiguration {
  return {
    leaderElect: reader.isTrue('leaderElect') ?? true,
    resourceName: reader.text('resourceName') ?? 'kube-scheduler',
    resourceNamespace: reader.text('resourceNamespace') ?? 'kube-system',
    leaseDurationMs: durationMs(reader, 'leaseDuration', 15_000),
    renewDeadlineMs: durationMs(reader, 'renewDeadline', 10_000),
    retryPeriodMs: durationMs(reader, 'retryPeriod', 2000),
  };
}

function durationMs(reader: Reader, name: string, otherwise: number): number {
  const text = reader.text(name);
  if (text === undefined) return otherwise;
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) throw new ConfigError(`${reader.path}.${name}: invalid duration "${text}"`);
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce((sum, [, amount = '', unit = '']) => sum + Number(amount) * (units[unit] ?? 0), 0);
}
