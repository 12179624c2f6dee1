/** The subsets of a Service's Endpoints. */
import type { EndpointAddress, EndpointPort, EndpointSubset, Pod, Service } from '@kaji/api/core/v1';
import { isReady } from '../pods.ts';
import { addressesOf, hasEndpoint, hasHostname, isHeadless, targetPort } from '../service-pods.ts';

/** Kubernetes: larger Endpoints are cut off, with an annotation that says so. */
const addressLimit = 1000;

export interface Plan {
  readonly subsets: readonly EndpointSubset[];
  readonly isTruncated: boolean;
}

/** Addresses with the same ports share a subset; everything is sorted, so that equal content is equal text. */
export function plan(service: Service, pods: Iterable<Pod>): Plan {
  const publishes = service.spec.publishNotReadyAddresses === true;
  const family = service.spec.ipFamilies?.[0] === 'IPv6' ? 'IPv6' : 'IPv4';
  /** Each address with all of its ports; the address is keyed with its pod, two pods may share one (host network). */
  const entries = new Map<string, { address: EndpointAddress; isReady: boolean; ports: EndpointPort[] }>();
  for (const pod of pods) {
    if (!hasEndpoint(pod, publishes)) continue;
    const [ip] = addressesOf(pod, family);
    if (ip === undefined) continue;
    const ports = portsOf(service, pod);
    if (ports === undefined) continue;
    entries.set(`${ip} ${pod.metadata.uid ?? ''}`, { address: addressOf(service, pod, ip), isReady: publishes || isReady(pod), ports });
  }
  const groups = new Map<string, { ports: EndpointPort[]; addresses: EndpointAddress[]; notReadyAddresses: EndpointAddress[] }>();
  for (const { address, isReady: ready, ports } of entries.values()) {
    const id = JSON.stringify(ports);
    const group = groups.get(id) ?? { ports, addresses: [], notReadyAddresses: [] };
    (ready ? group.addresses : group.notReadyAddresses).push(address);
    groups.set(id, group);
  }
  return truncate([...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => subset(group)), entries.size);
}

function subset({ ports, addresses, notReadyAddresses }: { readonly ports: EndpointPort[]; readonly addresses: EndpointAddress[]; readonly notReadyAddresses: EndpointAddress[] }): EndpointSubset {
  return {
    ...(addresses.length === 0 ? {} : { addresses: addresses.sort(byAddress) }),
    ...(notReadyAddresses.length === 0 ? {} : { notReadyAddresses: notReadyAddresses.sort(byAddress) }),
    ...(ports.length === 0 ? {} : { ports }),
  };
}

const byAddress = (a: EndpointAddress, b: EndpointAddress): number => (a.ip === b.ip ? ((a.targetRef?.uid ?? '') < (b.targetRef?.uid ?? '') ? -1 : 1) : a.ip < b.ip ? -1 : 1);

function addressOf(service: Service, pod: Pod, ip: string): EndpointAddress {
  return {
    ip,
    ...(hasHostname(pod, service) ? { hostname: pod.spec.hostname } : {}),
    ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
    targetRef: { kind: 'Pod', namespace: pod.metadata.namespace, name: pod.metadata.name, uid: pod.metadata.uid },
  };
}

/** Undefined when the pod answers on none of the Service's ports; a headless Service may have no ports at all. */
function portsOf(service: Service, pod: Pod): EndpointPort[] | undefined {
  const declared = service.spec.ports ?? [];
  if (declared.length === 0) return isHeadless(service) ? [] : undefined;
  const ports = declared.flatMap((port): EndpointPort[] => {
    const number = targetPort(pod, port);
    return number === undefined ? [] : [{ ...((port.name ?? '') === '' ? {} : { name: port.name }), port: number, protocol: port.protocol ?? 'TCP', ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }) }];
  });
  return ports.length === 0 ? undefined : ports;
}

/** Ready addresses stay longest. */
function truncate(subsets: readonly EndpointSubset[], total: number): Plan {
  if (total <= addressLimit) return { subsets, isTruncated: false };
  let room = addressLimit;
  const take = (addresses: EndpointAddress[] | undefined): EndpointAddress[] | undefined => {
    const taken = addresses?.slice(0, room);
    room -= taken?.length ?? 0;
    return taken === undefined || taken.length === 0 ? undefined : taken;
  };
  const ready = subsets.map((one) => take(one.addresses));
  const cut = subsets.map((one, index): EndpointSubset => {
    const addresses = ready[index];
    const notReadyAddresses = take(one.notReadyAddresses);
    return { ...(addresses === undefined ? {} : { addresses }), ...(notReadyAddresses === undefined ? {} : { notReadyAddresses }), ...(one.ports === undefined ? {} : { ports: one.ports }) };
  });
  return { subsets: cut.filter((one) => one.addresses !== undefined || one.notReadyAddresses !== undefined), isTruncated: true };
}
