/** `/metrics/resource`: what metrics-server reads, in the Prometheus text format. */
import type { ContainerStats } from '@kaji/cri';
import { labels } from '../containers/labels.ts';

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
  readonly atMs: number;
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

function family(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[], value: (sample: Sample) => number): string {
  const lines = samples.map((sample) => {
    const pairs = Object.entries(sample.labels).map(([key, text]) => `${key}="${escaped(text)}"`).join(',');
    return `${name}${pairs === '' ? '' : `{${pairs}}`} ${value(sample)} ${sample.atMs}`;
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n');
}

export function resourceMetrics(stats: readonly ContainerStats[], now: number): string {
  const containers = stats.flatMap((container): Sample[] => {
    const of = container.attributes?.labels;
    if (of?.[labels.podUid] === undefined) return [];
    return [{
      labels: { container: of[labels.containerName] ?? '', namespace: of[labels.podNamespace] ?? '', pod: of[labels.podName] ?? '' },
      cpuSeconds: (container.cpu?.usageCoreNanoSeconds?.value ?? 0) / 1e9, memoryBytes: container.memory?.workingSetBytes?.value ?? 0,
      atMs: Math.floor((container.cpu?.timestamp ?? now * 1e6) / 1e6),
    }];
  });
  const pods = new Map<string, Sample>();
  for (const { labels: { namespace = '', pod = '' }, cpuSeconds, memoryBytes, atMs } of containers) {
    const sum = pods.get(`${namespace}/${pod}`);
    pods.set(`${namespace}/${pod}`, { labels: { namespace, pod }, cpuSeconds: (sum?.cpuSeconds ?? 0) + cpuSeconds, memoryBytes: (sum?.memoryBytes ?? 0) + memoryBytes, atMs });
  }
  const total = (read: (sample: Sample) => number): number => containers.reduce((sum, sample) => sum + read(sample), 0);
  const node: Sample = { labels: {}, cpuSeconds: total((sample) => sample.cpuSeconds), memoryBytes: total((sample) => sample.memoryBytes), atMs: now };
  const levels: readonly (readonly [level: string, samples: readonly Sample[]])[] = [['container', containers], ['node', [node]], ['pod', [...pods.values()]]];
  return levels.map(([level, samples]) =>
    family(`${level}_cpu_usage_seconds_total`, 'counter', `CPU time used by the ${level}, in core seconds`, samples, (sample) => sample.cpuSeconds)
    + family(`${level}_memory_working_set_bytes`, 'gauge', `Memory in use by the ${level}, in bytes`, samples, (sample) => sample.memoryBytes)).join('');
}
