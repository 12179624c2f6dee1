/** The slices a Service should have, and how to get there from those it has with few writes. */
import type { Pod, Service } from '@kaji/api/core/v1';
import type { Endpoint, EndpointPort, EndpointSlice } from '@kaji/api/discovery/v1';
import { isDeepEqual } from '@kaji/schema';
import { isReady, isTerminating } from '../pods.ts';
import { addressesOf, hasEndpoint, hasHostname, isHeadless, targetPort } from '../service-pods.ts';

/** Kubernetes: upstream's default of --max-endpoints-per-slice. */
const endpointsPerSlice = 100;

export const managedByLabel = 'endpointslice.kubernetes.io/managed-by';
export const serviceNameLabel = 'kubernetes.io/service-name';
export const headlessLabel = 'service.kubernetes.io/headless';
export const triggerAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time';

/** A slice without the parts that the store gives it. */
export interface SliceContent {
  readonly addressType: 'IPv4' | 'IPv6';
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

export interface SliceUpdate {
  readonly slice: EndpointSlice;
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

export interface Plan {
  readonly create: readonly SliceContent[];
  readonly update: readonly SliceUpdate[];
  readonly remove: readonly EndpointSlice[];
}

/** All endpoints of a Service, grouped by address family and by the ports they answer on. */
export function desired(service: Service, pods: Iterable<Pod>, zoneOf: (node: string) => string | undefined): readonly SliceContent[] {
  const families = (service.spec.ipFamilies ?? ['IPv4']).filter((family): family is 'IPv4' | 'IPv6' => family === 'IPv4' || family === 'IPv6');
  const groups = new Map<string, { addressType: 'IPv4' | 'IPv6'; ports: readonly EndpointPort[]; endpoints: Endpoint[] }>();
  for (const pod of pods) {
    if (!hasEndpoint(pod, true)) continue;
    const ports = portsOf(service, pod);
    for (const family of families) {
      const addresses = addressesOf(pod, family);
      if (addresses.length === 0) continue;
      const id = `${family} ${JSON.stringify(ports)}`;
      const group = groups.get(id) ?? { addressType: family, ports, endpoints: [] };
      group.endpoints.push(endpointOf(service, pod, addresses, zoneOf));
      groups.set(id, group);
    }
  }
  // A Service without endpoints has one empty slice of each family, so that watchers can tell "none" from "not yet".
  for (const family of families) if (![...groups.values()].some((group) => group.addressType === family)) groups.set(family, { addressType: family, ports: [], endpoints: [] });
  return [...groups.values()];
}

function portsOf(service: Service, pod: Pod): readonly EndpointPort[] {
  return (service.spec.ports ?? []).flatMap((port) => {
    const number = targetPort(pod, port);
    if (number === undefined) return [];
    return [{ name: port.name ?? '', port: number, protocol: port.protocol ?? 'TCP', ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }) }];
  });
}

function endpointOf(service: Service, pod: Pod, addresses: readonly string[], zoneOf: (node: string) => string | undefined): Endpoint {
  const serving = isReady(pod);
  const terminating = isTerminating(pod);
  const node = pod.spec.nodeName;
  const zone = node === undefined ? undefined : zoneOf(node);
  return {
    addresses: [...addresses],
    conditions: { ready: service.spec.publishNotReadyAddresses === true || (serving && !terminating), serving, terminating },
    ...(hasHostname(pod, service) ? { hostname: pod.spec.hostname } : {}),
    ...(node === undefined || node === '' ? {} : { nodeName: node }),
    targetRef: { kind: 'Pod', namespace: pod.metadata.namespace, name: pod.metadata.name, uid: pod.metadata.uid },
    ...(zone === undefined || zone === '' ? {} : { zone }),
  };
}

/** Labels that a slice of this Service has: the Service's own, and those that make it a slice of it. */
export function labelsOf(service: Service, manager: string): Record<string, string> {
  const { [headlessLabel]: _, ...own } = service.metadata.labels ?? {};
  return { ...own, ...(isHeadless(service) ? { [headlessLabel]: '' } : {}), [serviceNameLabel]: service.metadata.name ?? '', [managedByLabel]: manager };
}

const idOf = (endpoint: Endpoint): string => `${endpoint.targetRef?.uid ?? ''} ${endpoint.addresses.join(',')}`;

/** Endpoints stay in the slice they are in; new ones fill slices that change anyway, then those with room, then new slices. */
export function plan(wanted: readonly SliceContent[], existing: readonly EndpointSlice[], labels: Readonly<Record<string, string>>): Plan {
  const result: Draft = { create: [], update: [], remove: [] };
  const left = new Set(existing);
  for (const content of wanted) {
    const matching = existing.filter((slice) => left.has(slice) && slice.addressType === content.addressType && isDeepEqual(slice.ports ?? [], content.ports));
    for (const slice of matching) left.delete(slice);
    arrange(content, matching, labels, result);
  }
  result.remove.push(...left);
  return reuse(result);
}

interface Draft {
  create: SliceContent[];
  update: SliceUpdate[];
  remove: EndpointSlice[];
}

/** A slice that nobody needs any more takes the content of one that would have to be made: watchers never see none. */
function reuse({ create, update, remove }: Draft): Plan {
  const plan: Draft = { create: [], update: [...update], remove: [...remove] };
  for (const content of create) {
    const index = plan.remove.findIndex((slice) => slice.addressType === content.addressType && slice.metadata.deletionTimestamp === undefined);
    const [slice] = index < 0 ? [] : plan.remove.splice(index, 1);
    if (slice === undefined) plan.create.push(content);
    else plan.update.push({ slice, ports: content.ports, endpoints: content.endpoints });
  }
  return plan;
}

function arrange(content: SliceContent, slices: readonly EndpointSlice[], labels: Readonly<Record<string, string>>, result: Draft): void {
  const missing = new Map(content.endpoints.map((endpoint) => [idOf(endpoint), endpoint]));
  const kept = slices.map((slice) => {
    const endpoints = (slice.endpoints ?? []).flatMap((endpoint) => {
      const id = idOf(endpoint);
      const next = missing.get(id);
      missing.delete(id);
      return next === undefined ? [] : [next];
    });
    return { slice, endpoints, hasChanged: !isDeepEqual(endpoints, slice.endpoints ?? []) || !isDeepEqual(slice.metadata.labels ?? {}, labels) };
  });
  const added = [...missing.values()];
  for (const entry of kept.toSorted((a, b) => Number(b.hasChanged) - Number(a.hasChanged) || b.endpoints.length - a.endpoints.length)) {
    const room = Math.min(added.length, endpointsPerSlice - entry.endpoints.length);
    if (room <= 0) continue;
    entry.endpoints.push(...added.splice(0, room));
    entry.hasChanged = true;
  }
  let lives = 0;
  for (const { slice, endpoints, hasChanged } of kept) {
    const isSpare = endpoints.length === 0 && (content.endpoints.length > 0 || lives > 0);
    if (isSpare) result.remove.push(slice);
    else {
      lives++;
      if (hasChanged) result.update.push({ slice, ports: content.ports, endpoints });
    }
  }
  while (added.length > 0) result.create.push({ ...content, endpoints: added.splice(0, endpointsPerSlice) });
  if (content.endpoints.length === 0 && slices.length === 0) result.create.push(content);
}
