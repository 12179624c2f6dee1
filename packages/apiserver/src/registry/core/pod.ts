/** Pods: pending at first, of a quality of service, deleted gracefully where a kubelet runs them. */
import type { ApiObject } from '@kaji/api';
import type { Container, Pod, PodSpec } from '@kaji/api/core/v1';
import { compareQuantities, dns1123LabelErrors, formatTime, isDeepEqual } from '@kaji/schema';
import type { Strategy } from '../strategy.ts';
import { applyLabelKeys } from './label-keys.ts';
import { podWarnings } from './pod-warnings.ts';

type PodObject = Pod & ApiObject;

export const podStrategy: Strategy<PodObject> = {
  hasGeneration: true,
  prepareForCreate(pod, { nowMs }) {
    pod.status = { phase: 'Pending', qosClass: qosClassOf(pod.spec) };
    if ((pod.spec.schedulingGates ?? []).length > 0) {
      pod.status.conditions = [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated', message: 'Scheduling is blocked due to non-empty scheduling gates', lastTransitionTime: formatTime(nowMs) }];
    }
    dropUnserved(pod.spec);
    applyLabelKeys(pod.spec, pod.metadata.labels ?? {});
  },
  prepareForUpdate(pod, old, { subresource }) {
    dropUnserved(pod.spec);
    switch (subresource) {
      case 'ephemeralcontainers': {
        const { ephemeralContainers } = pod.spec;
        pod.spec = { ...old.spec, ...(ephemeralContainers === undefined ? {} : { ephemeralContainers }) };
        keepOwned(pod, old);
        return;
      }
      case 'resize':
        pod.spec = { ...old.spec, ...(pod.spec.resources === undefined ? {} : { resources: pod.spec.resources }), containers: resized(pod.spec.containers, old.spec.containers), ...(old.spec.initContainers === undefined ? {} : { initContainers: resized(pod.spec.initContainers ?? [], old.spec.initContainers) }) };
        keepOwned(pod, old);
        return;
      default:
    }
  },
  prepareForStatus(pod, old) {
    const status = pod.status ??= {};
    if (status.qosClass === undefined && old.status?.qosClass !== undefined) status.qosClass = old.status.qosClass;
    delete pod.metadata.deletionTimestamp;
    if (old.metadata.ownerReferences === undefined) delete pod.metadata.ownerReferences;
    else pod.metadata.ownerReferences = old.metadata.ownerReferences;
    keepObservedGenerations(pod, old);
  },
  warnings(pod, old) {
    if (old !== undefined) return [];
    const errors = dns1123LabelErrors(pod.metadata.name ?? '');
    const named = errors.length === 0 ? [] : [`metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [${errors.join(' ')}]`];
    return [...named, ...podWarnings(pod, '')];
  },
  /** Kubernetes: what no kubelet runs, and what is over, goes at once. */
  gracePeriod({ spec, status }, options) {
    let seconds = options.gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 0;
    if ((spec.nodeName ?? '') === '' || status?.phase === 'Failed' || status?.phase === 'Succeeded') seconds = 0;
    if (seconds < 0) seconds = 1;
    options.gracePeriodSeconds = seconds;
    return seconds;
  },
  isNewGeneration: (pod, old) => !isDeepEqual(pod.spec, old.spec),
};

/** What subresources of a pod leave alone. */
function keepOwned(pod: PodObject, old: PodObject): void {
  const { labels, annotations, ownerReferences, finalizers } = old.metadata;
  for (const [name, value] of Object.entries({ labels, annotations, ownerReferences, finalizers })) {
    if (value === undefined) delete (pod.metadata as Record<string, unknown>)[name];
    else (pod.metadata as Record<string, unknown>)[name] = value;
  }
}

/** The old containers with the resources and resize policies asked for. */
function resized(wanted: readonly Container[], old: readonly Container[]): Container[] {
  return old.map((container) => {
    const named = wanted.find(({ name }) => name === container.name);
    return named === undefined ? container : { ...container, resources: named.resources, ...(named.resizePolicy === undefined ? {} : { resizePolicy: named.resizePolicy }) } as Container;
  });
}

/** Kubernetes: fields of features that are off are dropped in silence. */
function dropUnserved(spec: PodSpec): void {
  delete spec.schedulingGroup;
  for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
    if (container.lifecycle?.stopSignal === undefined) continue;
    delete container.lifecycle.stopSignal;
    if (Object.keys(container.lifecycle).length === 0) delete container.lifecycle;
  }
}

function keepObservedGenerations(pod: PodObject, old: PodObject): void {
  const status = pod.status ?? {};
  if (status.observedGeneration === undefined && old.status?.observedGeneration !== undefined) status.observedGeneration = old.status.observedGeneration;
  for (const condition of status.conditions ?? []) {
    const before = old.status?.conditions?.find(({ type }) => type === condition.type);
    if (condition.observedGeneration === undefined && before?.observedGeneration !== undefined) condition.observedGeneration = before.observedGeneration;
  }
}

const computing = ['cpu', 'memory'] as const;

/** Guaranteed: every container's limits equal its requests, for processor and memory; BestEffort: none names any. */
export function qosClassOf(spec: PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  const lists = spec.resources === undefined ? containers.map(({ resources }) => resources ?? {}) : [spec.resources];
  const isSet = (quantity: string | undefined): boolean => quantity !== undefined && compareQuantities(quantity, '0') > 0;
  const isAny = lists.some(({ requests, limits }) => computing.some((name) => isSet(requests?.[name]) || isSet(limits?.[name])));
  if (!isAny) return 'BestEffort';
  const isWhole = lists.every(({ requests, limits }) => computing.every((name) => {
    const limit = limits?.[name];
    return limit !== undefined && isSet(limit) && compareQuantities(requests?.[name] ?? limit, limit) === 0;
  }));
  return isWhole ? 'Guaranteed' : 'Burstable';
}
