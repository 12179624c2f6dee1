/** `/stats/summary`: what the node, its pods and their containers use, in the form that metrics-server and others read. */
import type { ContainerStats } from '@kaji/cri';
import { formatTime } from '@kaji/schema';
import { labels } from '../containers/labels.ts';

interface Usage {
  readonly cpu?: { readonly time: string; readonly usageNanoCores: number; readonly usageCoreNanoSeconds: number };
  readonly memory?: { readonly time: string; readonly workingSetBytes: number; readonly usageBytes: number; readonly rssBytes: number; readonly availableBytes?: number; readonly pageFaults: number; readonly majorPageFaults: number };
}

const time = (nanoseconds: number): string => formatTime(Math.floor(nanoseconds / 1e6));

function usageOf({ cpu, memory }: ContainerStats): Usage {
  return {
    ...(cpu === undefined ? {} : { cpu: { time: time(cpu.timestamp), usageNanoCores: cpu.usageNanoCores?.value ?? 0, usageCoreNanoSeconds: cpu.usageCoreNanoSeconds?.value ?? 0 } }),
    ...(memory === undefined ? {} : {
      memory: {
        time: time(memory.timestamp), workingSetBytes: memory.workingSetBytes?.value ?? 0, usageBytes: memory.usageBytes?.value ?? 0, rssBytes: memory.rssBytes?.value ?? 0,
        ...(memory.availableBytes === undefined ? {} : { availableBytes: memory.availableBytes.value }), pageFaults: memory.pageFaults?.value ?? 0, majorPageFaults: memory.majorPageFaults?.value ?? 0,
      },
    }),
  };
}

function sum(usages: readonly Usage[], at: string): Usage {
  const total = (read: (usage: Usage) => number | undefined): number => usages.reduce((whole, usage) => whole + (read(usage) ?? 0), 0);
  return {
    cpu: { time: at, usageNanoCores: total((usage) => usage.cpu?.usageNanoCores), usageCoreNanoSeconds: total((usage) => usage.cpu?.usageCoreNanoSeconds) },
    memory: {
      time: at, workingSetBytes: total((usage) => usage.memory?.workingSetBytes), usageBytes: total((usage) => usage.memory?.usageBytes), rssBytes: total((usage) => usage.memory?.rssBytes),
      pageFaults: total((usage) => usage.memory?.pageFaults), majorPageFaults: total((usage) => usage.memory?.majorPageFaults),
    },
  };
}

export function summary(nodeName: string, startedAt: number, stats: readonly ContainerStats[], now: number): object {
  const byPod = new Map<string, ContainerStats[]>();
  for (const container of stats) {
    const uid = container.attributes?.labels[labels.podUid];
    if (uid !== undefined) byPod.set(uid, [...(byPod.get(uid) ?? []), container]);
  }
  const at = formatTime(now);
  const pods = [...byPod].map(([uid, containers]) => {
    const of = containers[0]?.attributes?.labels ?? {};
    const usages = containers.map(usageOf);
    return {
      podRef: { name: of[labels.podName] ?? '', namespace: of[labels.podNamespace] ?? '', uid },
      containers: containers.map((container, index) => ({ name: container.attributes?.labels[labels.containerName] ?? '', ...usages[index] })),
      ...sum(usages, at),
    };
  });
  return { node: { nodeName, startTime: formatTime(startedAt), ...sum(stats.map(usageOf), at) }, pods };
}
