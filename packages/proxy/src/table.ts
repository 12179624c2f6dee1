/** What this node does with traffic to services: a pure function of Services, EndpointSlices and the node. */
import type { Node, Service, ServicePort } from '@kaji/api/core/v1';
import type { EndpointSlice } from '@kaji/api/discovery/v1';
import type { KubeProxyConfiguration } from './configuration.ts';
import { type Place, type Targets, targetsOf } from './endpoints.ts';

export type Protocol = 'tcp' | 'udp' | 'sctp';

/** One port of one service. */
export interface ServiceEntry extends Targets {
  /** `namespace/name/protocol/port`: unique, and readable in the kernel's tables. */
  readonly id: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly clusterAddresses: readonly string[];
  /** External addresses and those of load balancers. */
  readonly externalAddresses: readonly string[];
  readonly nodePort: number | undefined;
  readonly isExternalLocal: boolean;
  /** For how long a client keeps its endpoint; undefined when it need not. */
  readonly affinitySeconds: number | undefined;
}

export interface Table {
  readonly services: readonly ServiceEntry[];
  /** Where cluster addresses are taken from: what is in there and nobody's is rejected. */
  readonly serviceRanges: readonly string[];
  /** Addresses (or ranges of local addresses) that answer node ports. */
  readonly nodePortAddresses: readonly string[];
  readonly podRange: string;
  readonly masqueradeBit: number;
  readonly masqueradesAll: boolean;
}

export interface TableInput {
  readonly services: Iterable<Service>;
  /** Slices by `namespace/name` of their service. */
  readonly slicesOf: (service: string) => Iterable<EndpointSlice>;
  readonly node: Node | undefined;
  readonly nodeName: string;
  readonly serviceRanges: readonly string[];
  /** What the last table was made from: a service that is the same object with the same slices need not be looked at again. */
  readonly memory?: TableMemory;
}

interface Known {
  readonly service: Service;
  readonly slices: readonly EndpointSlice[];
  readonly entries: readonly ServiceEntry[];
}

/** Entries by service, from one table to the next. Belongs to one node and one configuration. */
export class TableMemory {
  #known = new Map<string, Known>();
  #place = '';

  /** What is known of services; nothing when the node's place has changed. */
  begin(place: Place): ReadonlyMap<string, Known> {
    const text = `${place.nodeName}/${place.zone}`;
    if (text !== this.#place) this.#known = new Map();
    this.#place = text;
    return this.#known;
  }

  end(next: Map<string, Known>): void {
    this.#known = next;
  }
}

/** The label under which a slice names its service. */
export const serviceNameLabel = 'kubernetes.io/service-name';
/** Kubernetes: services with this label are some other proxy's. */
const proxyNameLabel = 'service.kubernetes.io/service-proxy-name';
const zoneLabel = 'topology.kubernetes.io/zone';
const defaultAffinitySeconds = 10_800;

export function table(input: TableInput, configuration: KubeProxyConfiguration): Table {
  const place = { nodeName: input.nodeName, zone: input.node?.metadata.labels?.[zoneLabel] ?? '' };
  const before = input.memory?.begin(place);
  const known = new Map<string, Known>();
  for (const service of input.services) {
    if (!isProxied(service)) continue;
    const name = `${service.metadata.namespace ?? ''}/${service.metadata.name ?? ''}`;
    const slices = [...input.slicesOf(name)];
    const last = before?.get(name);
    known.set(name, last !== undefined && last.service === service && isSame(last.slices, slices) ? last : { service, slices, entries: entriesOf(service, name, { slices, place }) });
  }
  input.memory?.end(known);
  const services = [...known.values()].flatMap(({ entries }) => entries);
  services.sort((a, b) => (a.id < b.id ? -1 : 1));
  const { nodePortAddresses = [], nftables, clusterCIDR = '' } = configuration;
  const isPrimary = nodePortAddresses.length === 0 || nodePortAddresses.includes('primary');
  return {
    services, serviceRanges: input.serviceRanges.filter(isIPv4), podRange: clusterCIDR.split(',').find(isIPv4) ?? '',
    nodePortAddresses: isPrimary ? internalAddresses(input.node) : nodePortAddresses.filter(isIPv4),
    masqueradeBit: nftables.masqueradeBit ?? 14, masqueradesAll: nftables.masqueradeAll ?? false,
  };
}

const isSame = (left: readonly object[], right: readonly object[]): boolean => left.length === right.length && left.every((each, index) => each === right[index]);

const entriesOf = (service: Service, name: string, { slices, place }: { readonly slices: readonly EndpointSlice[]; readonly place: Place }): readonly ServiceEntry[] =>
  (service.spec.ports ?? []).map((port) => entry(service, port, { name, targets: targetsOf(service.spec, port, slices, place) }));

const isIPv4 = (address: string): boolean => /^\d+(\.\d+){3}(\/\d+)?$/.test(address);

const internalAddresses = (node: Node | undefined): readonly string[] =>
  (node?.status?.addresses ?? []).filter(({ type, address }) => type === 'InternalIP' && isIPv4(address)).map(({ address }) => address);

function isProxied({ metadata, spec }: Service): boolean {
  return spec.type !== 'ExternalName' && spec.clusterIP !== undefined && spec.clusterIP !== '' && spec.clusterIP !== 'None' && metadata.labels?.[proxyNameLabel] === undefined;
}

function entry({ spec, status }: Service, port: ServicePort, { name, targets }: { readonly name: string; readonly targets: Targets }): ServiceEntry {
  const protocol = (port.protocol ?? 'TCP').toLowerCase() as Protocol; // the API takes only these three
  const balanced = (status?.loadBalancer?.ingress ?? []).filter(({ ipMode }) => ipMode !== 'Proxy').flatMap(({ ip }) => (ip === undefined ? [] : [ip]));
  const isAffine = spec.sessionAffinity === 'ClientIP';
  return {
    ...targets, id: `${name}/${protocol}/${port.port}`, protocol, port: port.port,
    clusterAddresses: (spec.clusterIPs !== undefined && spec.clusterIPs.length > 0 ? spec.clusterIPs : [spec.clusterIP ?? '']).filter(isIPv4),
    externalAddresses: [...new Set([...spec.externalIPs ?? [], ...balanced])].filter(isIPv4),
    nodePort: port.nodePort === undefined || port.nodePort === 0 ? undefined : port.nodePort,
    isExternalLocal: spec.externalTrafficPolicy === 'Local',
    affinitySeconds: isAffine ? spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? defaultAffinitySeconds : undefined,
  };
}
