/** What a Service's linked fields say of each other, and what of an update goes without saying. Pure. */
import type { ApiObject } from '@kaji/api';
import type { Service, ServicePort } from '@kaji/api/core/v1';

export type ServiceObject = Service & ApiObject;
export type Family = 'IPv4' | 'IPv6';

export const hasAddress = ({ spec }: ServiceObject): boolean => spec.type !== 'ExternalName';
export const isHeadless = ({ spec }: ServiceObject): boolean => spec.clusterIP === 'None';
export const hasNodePorts = ({ spec }: ServiceObject): boolean => spec.type === 'NodePort' || spec.type === 'LoadBalancer';
export const hasHealthPort = ({ spec }: ServiceObject): boolean => spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';
const hasExternalPolicy = (service: ServiceObject): boolean => hasNodePorts(service) || (service.spec.type === 'ClusterIP' && (service.spec.externalIPs ?? []).length > 0);

/** Whether ports without a node port are given one. */
export const wantsNodePorts = ({ spec }: ServiceObject): boolean => spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);

export const nodePortsOf = ({ spec }: ServiceObject): readonly number[] => (spec.ports ?? []).map(({ nodePort = 0 }) => nodePort).filter((port) => port !== 0);

const sameList = (a: readonly string[] = [], b: readonly string[] = []): boolean => a.length === b.length && a.every((value, index) => value === b[index]);
export const sameAddresses = (a: ServiceObject, b: ServiceObject): boolean => sameList(a.spec.clusterIPs, b.spec.clusterIPs);
export const sameFamilies = (a: ServiceObject, b: ServiceObject): boolean => sameList(a.spec.ipFamilies, b.spec.ipFamilies);

/** Kubernetes: an update that leaves out what the server has filled in means to keep it. */
export function keepAllocated(service: ServiceObject, old: ServiceObject): void {
  const { spec } = service;
  const before = old.spec;
  if (hasAddress(service) && hasAddress(old)) {
    if ((spec.clusterIP ?? '') === '' && before.clusterIP !== undefined) spec.clusterIP = before.clusterIP;
    if ((spec.clusterIPs ?? []).length === 0 && (before.clusterIPs ?? []).length > 0) spec.clusterIPs = [...before.clusterIPs ?? []];
  }
  if (wantsNodePorts(service) && wantsNodePorts(old)) keepPorts(spec.ports ?? [], before.ports ?? []);
  if (hasHealthPort(service) && hasHealthPort(old) && (spec.healthCheckNodePort ?? 0) === 0 && before.healthCheckNodePort !== undefined) spec.healthCheckNodePort = before.healthCheckNodePort;
}

/** Ports are told apart by their names; a node port that stays with another port is not given twice. */
function keepPorts(ports: readonly ServicePort[], before: readonly ServicePort[]): void {
  const stays = new Set(ports.map(({ nodePort = 0 }) => nodePort).filter((nodePort) => nodePort !== 0 && before.some((old) => old.nodePort === nodePort)));
  for (const port of ports) {
    if ((port.nodePort ?? 0) !== 0) continue;
    const kept = before.findLast(({ name = '' }) => name === (port.name ?? ''))?.nodePort;
    if (kept !== undefined && !stays.has(kept)) port.nodePort = kept;
  }
}

/** Kubernetes: clusterIP is the first of clusterIPs; clients may know only the one or the other. */
export function linkAddresses(service: ServiceObject, old: ServiceObject | undefined): void {
  const { spec } = service;
  const address = spec.clusterIP ?? '';
  if (old === undefined) {
    if (address !== '' && (spec.clusterIPs ?? []).length === 0) spec.clusterIPs = [address];
    return;
  }
  const before = old.spec.clusterIP ?? '';
  if ((spec.clusterIPs ?? []).length === 0 && (old.spec.clusterIPs ?? []).length > 0 && address === before) spec.clusterIPs = [...old.spec.clusterIPs ?? []];
  if (address === before || !sameAddresses(service, old)) return;
  if (address === '') delete spec.clusterIPs;
  else spec.clusterIPs = [address];
}

/** What a Service of another type had and this one does not need is dropped, unless it was changed by hand. */
export function dropByType(service: ServiceObject, old: ServiceObject): void {
  const { spec } = service;
  const before = old.spec;
  if (hasAddress(old) && !hasAddress(service)) {
    if (spec.clusterIP === before.clusterIP && sameAddresses(service, old)) {
      delete spec.clusterIP;
      delete spec.clusterIPs;
    }
    if (sameFamilies(service, old)) delete spec.ipFamilies;
    if (spec.ipFamilyPolicy === before.ipFamilyPolicy) delete spec.ipFamilyPolicy;
  }
  const known = new Set(nodePortsOf(old));
  if (hasNodePorts(old) && !hasNodePorts(service) && nodePortsOf(service).every((port) => known.has(port))) for (const port of spec.ports ?? []) delete port.nodePort;
  if (hasHealthPort(old) && !hasHealthPort(service) && spec.healthCheckNodePort === before.healthCheckNodePort) delete spec.healthCheckNodePort;
  if (before.type === 'LoadBalancer' && spec.type !== 'LoadBalancer') {
    if (spec.allocateLoadBalancerNodePorts === before.allocateLoadBalancerNodePorts) delete spec.allocateLoadBalancerNodePorts;
    if (spec.loadBalancerClass === before.loadBalancerClass) delete spec.loadBalancerClass;
  }
  if (hasExternalPolicy(old) && !hasExternalPolicy(service) && spec.externalTrafficPolicy === before.externalTrafficPolicy) delete spec.externalTrafficPolicy;
  // A balancer that is taken down counts as gone.
  if (spec.type !== 'LoadBalancer') service.status = { ...service.status, loadBalancer: {} };
}
