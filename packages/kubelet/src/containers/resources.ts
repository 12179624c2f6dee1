/** Requests and limits, turned into what the kernel understands. */
import type { Container, Pod, PodStatus } from '@kaji/api/core/v1';
import type { LinuxContainerResources } from '@kaji/cri';
import { quantityMilliValue, quantityValue } from '@kaji/schema';
import { isSidecar } from '../pod-worker/pod-view.ts';

type QosClass = NonNullable<PodStatus['qosClass']>;

const computed = ['cpu', 'memory'] as const;

/** Kubernetes: cpu.shares of one whole CPU, and the least the kernel takes. */
const sharesPerCpu = 1024;
const minShares = 2;
const maxShares = 262144;
/** The kernel's least quota, in microseconds. */
const minQuotaMicros = 1000;

const milli = (text: string | undefined): number => (text === undefined ? 0 : Number(quantityMilliValue(text)));
const whole = (text: string | undefined): number => (text === undefined ? 0 : Number(quantityValue(text)));

export const milliCpu = milli;
export const byteCount = whole;

export function qosClass(pod: Pod): QosClass {
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  let isGuaranteed = true;
  let hasAny = false;
  for (const { resources } of containers) {
    for (const name of computed) {
      const request = milli(resources?.requests?.[name]);
      const limit = milli(resources?.limits?.[name]);
      if (request > 0 || limit > 0) hasAny = true;
      if (limit === 0 || (resources?.requests?.[name] !== undefined && request !== limit)) isGuaranteed = false;
    }
  }
  if (!hasAny) return 'BestEffort';
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}

export const sharesOf = (milliCpus: number): number => (milliCpus === 0 ? minShares : Math.min(maxShares, Math.max(minShares, Math.floor((milliCpus * sharesPerCpu) / 1000))));

/** In microseconds per period; 0 is no limit. */
export const quotaOf = (milliCpus: number, periodMicros: number): number => (milliCpus === 0 ? 0 : Math.max(minQuotaMicros, Math.floor((milliCpus * periodMicros) / 1000)));

export interface ResourceSettings {
  readonly cpuCfsQuota: boolean;
  readonly cpuCfsQuotaPeriodMicros: number;
  readonly nodeMemoryBytes: number;
}

export function containerResources(pod: Pod, container: Container, settings: ResourceSettings): LinuxContainerResources {
  const { requests, limits } = container.resources ?? {};
  // Kubernetes: a limit without a request is a request, too
  const request = requests?.['cpu'] ?? limits?.['cpu'];
  const memoryLimit = whole(limits?.['memory']);
  return {
    cpuShares: sharesOf(milli(request)),
    cpuPeriod: settings.cpuCfsQuotaPeriodMicros,
    cpuQuota: settings.cpuCfsQuota ? quotaOf(milli(limits?.['cpu']), settings.cpuCfsQuotaPeriodMicros) : 0,
    memoryLimitInBytes: memoryLimit,
    oomScoreAdj: oomScoreAdj(pod, container, settings.nodeMemoryBytes),
    ...(memoryLimit === 0 ? {} : { memorySwapLimitInBytes: memoryLimit }),
  };
}

/** Kubernetes: who asked for little of the node's memory is killed first; guaranteed pods last. */
export function oomScoreAdj(pod: Pod, container: Container, nodeMemoryBytes: number): number {
  if ((pod.spec.priority ?? 0) >= 2_000_000_000) return -997;
  switch (qosClass(pod)) {
    case 'Guaranteed': return -997;
    case 'BestEffort': return 1000;
    case 'Burstable': {
      const request = whole(container.resources?.requests?.['memory'] ?? container.resources?.limits?.['memory']);
      const score = 1000 - Math.floor((1000 * request) / nodeMemoryBytes);
      return Math.min(999, Math.max(2, score));
    }
  }
}

/** The pod as a whole, for its own cgroup. Undefined: not limited. */
export interface PodResources {
  readonly cpuShares: number;
  readonly cpuQuotaMicros: number | undefined;
  readonly memoryLimitBytes: number | undefined;
}

export function podResources(pod: Pod, settings: ResourceSettings): PodResources {
  const cpuRequest = podTotal(pod, (container) => milli(container.resources?.requests?.['cpu'] ?? container.resources?.limits?.['cpu'])) + milli(pod.spec.overhead?.['cpu']);
  const cpuLimit = podLimit(pod, 'cpu', milli);
  const memoryLimit = podLimit(pod, 'memory', whole);
  return {
    cpuShares: sharesOf(cpuRequest),
    cpuQuotaMicros: cpuLimit === undefined || !settings.cpuCfsQuota ? undefined : quotaOf(cpuLimit, settings.cpuCfsQuotaPeriodMicros),
    memoryLimitBytes: memoryLimit,
  };
}

/** Only where every container has a limit does the pod. */
function podLimit(pod: Pod, name: string, read: (text: string | undefined) => number): number | undefined {
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  if (containers.some((container) => container.resources?.limits?.[name] === undefined)) return undefined;
  return podTotal(pod, (container) => read(container.resources?.limits?.[name])) + read(pod.spec.overhead?.[name]);
}

/** Containers and sidecars together, or the largest moment of initialisation, where that is more. */
export function podTotal(pod: Pod, of: (container: Container) => number): number {
  let sidecars = 0;
  let peak = 0;
  for (const container of pod.spec.initContainers ?? []) {
    if (isSidecar(container)) {
      sidecars += of(container);
      peak = Math.max(peak, sidecars);
    } else {
      peak = Math.max(peak, sidecars + of(container));
    }
  }
  return Math.max(peak, sidecars + pod.spec.containers.reduce((sum, container) => sum + of(container), 0));
}
