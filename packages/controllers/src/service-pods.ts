/** How a Service sees pods: which it selects, by which address and port. Shared by both kinds of endpoints. */
import type { Pod, Service, ServicePort } from '@kaji/api/core/v1';
import type { CacheView, Key } from '@kaji/client';
import { keyOf } from '@kaji/client';
import { isFinished, isTerminating } from './pods.ts';

export const selects = (service: Service, labels: Readonly<Record<string, string>> | undefined): boolean => {
  const wanted = Object.entries(service.spec.selector ?? {});
  return wanted.length > 0 && wanted.every(([name, value]) => labels?.[name] === value);
};

/** Services whose pods a change may touch: those that select the pod as it is or as it was. */
export function* servicesOf(services: CacheView<Service>, pod: Pod, previous: Pod | undefined): Iterable<Key> {
  for (const service of services.inNamespace(pod.metadata.namespace ?? '')) {
    if (selects(service, pod.metadata.labels) || (previous !== undefined && selects(service, previous.metadata.labels))) yield keyOf(service);
  }
}

/** Whether anything that endpoints show differs. Most pod updates (probes' times, counts) do not matter to Services. */
export function matters(pod: Pod, previous: Pod): boolean {
  const shown = (one: Pod): string => JSON.stringify([
    one.metadata.deletionTimestamp !== undefined, one.status?.podIPs, one.status?.podIP, one.spec.nodeName, one.spec.hostname, one.spec.subdomain, one.metadata.labels, isFinished(one),
    one.status?.conditions?.find((condition) => condition.type === 'Ready')?.status,
  ]);
  return shown(pod) !== shown(previous);
}

export const isHeadless = (service: Service): boolean => service.spec.clusterIP === 'None' || (service.spec.clusterIP ?? '') === '';

/** Kubernetes: finished pods and pods without an address have no endpoint; terminating ones only where asked for. */
export const hasEndpoint = (pod: Pod, includesTerminating: boolean): boolean => !isFinished(pod) && ((pod.status?.podIP ?? '') !== '' || (pod.status?.podIPs ?? []).length > 0) && (includesTerminating || !isTerminating(pod));

export const hasHostname = (pod: Pod, service: Service): boolean => (pod.spec.hostname ?? '') !== '' && pod.spec.subdomain === service.metadata.name;

/** The number behind a service's target port on this pod; undefined when the pod has no port of that name. */
export function targetPort(pod: Pod, port: ServicePort): number | undefined {
  const target = port.targetPort;
  if (typeof target === 'number') return target === 0 ? port.port : target;
  if (target === undefined || target === '') return port.port;
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? []).filter((container) => container.restartPolicy === 'Always')];
  for (const container of containers) {
    const found = (container.ports ?? []).find((candidate) => candidate.name === target && (candidate.protocol ?? 'TCP') === (port.protocol ?? 'TCP'));
    if (found !== undefined) return found.containerPort;
  }
  return undefined;
}

export const addressesOf = (pod: Pod, family: 'IPv4' | 'IPv6'): readonly string[] => {
  const all = pod.status?.podIPs?.map((entry) => entry.ip) ?? (pod.status?.podIP === undefined ? [] : [pod.status.podIP]);
  return all.filter((address) => address.includes(':') === (family === 'IPv6'));
};
