/** Whether Services and the objects that keep their addresses agree, and what is to be done where they do not. Pure. */
import { type ApiObject, rangeContains } from '@kaji/api';
import type { Service } from '@kaji/api/core/v1';
import type { IPAddress, ServiceCIDR } from '@kaji/api/networking/v1';
import { parseTime } from '@kaji/schema';

export type ServiceObject = Service & ApiObject;
export type Address = IPAddress & ApiObject;

const familyLabel = 'ipaddress.kubernetes.io/ip-family';
const managerLabel = 'ipaddress.kubernetes.io/managed-by';
const manager = 'ipallocator.k8s.io';

/** Kubernetes: a Service whose address is kept may still be on its way for so long; one that changes its type, too. */
const onItsWayMs = 60_000;
const settlingMs = 5_000;

export interface Note {
  readonly reason: string;
  readonly message: string;
}

const familyOf = (address: string): 'IPv4' | 'IPv6' => (address.includes(':') ? 'IPv6' : 'IPv4');
const ofService = ({ metadata }: ServiceObject): string => `for Service ${metadata.namespace ?? ''}/${metadata.name ?? ''}`;
const ofParent = ({ spec: { parentRef } }: Address): string => `for Service ${parentRef.namespace ?? ''}/${parentRef.name}`;

export const addressesOf = ({ spec }: ServiceObject): readonly string[] => (spec.type === 'ExternalName' || spec.clusterIP === 'None' || (spec.clusterIP ?? '') === '' ? [] : spec.clusterIPs ?? []);

export const newAddress = (name: string, { metadata: { namespace = '', name: parent = '' } }: ServiceObject): Address =>
  ({ metadata: { name, labels: { [familyLabel]: familyOf(name), [managerLabel]: manager } }, spec: { parentRef: { resource: 'services', namespace, name: parent } } });

export const isOfServices = ({ spec: { parentRef } }: Address): boolean => (parentRef.group ?? '') === '' && parentRef.resource === 'services';

/** `make` where nothing keeps the address, `remake` where something else does. */
export interface ServiceRepair {
  readonly kind: 'none' | 'make' | 'remake';
  readonly note?: Note;
}

export interface Found {
  readonly address: Address | undefined;
  /** The Service that the address is said to be of, where that is another one. */
  readonly holder: ServiceObject | undefined;
  readonly ranges: Iterable<ServiceCIDR>;
}

/** What is done about one address of a Service. */
export function serviceRepair(service: ServiceObject, name: string, { address, holder, ranges }: Found): ServiceRepair {
  const family = familyOf(name);
  const wrong: ServiceRepair = { kind: 'remake', note: { reason: 'ClusterIPNotAllocated', message: `the ClusterIP [${family}]: ${name} ${ofService(service)} has a wrong reference; repairing` } };
  if (!isInside(name, ranges)) return { kind: 'none', note: { reason: 'ClusterIPOutOfRange', message: `Cluster IP [${family}]: ${name} is not within any configured Service CIDR; please recreate service` } };
  if (address === undefined) return { kind: 'make', note: { reason: 'ClusterIPNotAllocated', message: `Cluster IP [${family}]: ${name} is not allocated; repairing` } };
  if (!isOfServices(address)) return wrong;
  const { namespace, name: parent } = address.spec.parentRef;
  if (namespace !== service.metadata.namespace || parent !== service.metadata.name) {
    if (holder === undefined) return wrong;
    if (holder.spec.clusterIPs?.includes(name) === true) return { kind: 'none', note: { reason: 'ClusterIPAlreadyAllocated', message: `Cluster IP [${family}]:${name} was assigned to multiple services; please recreate service` } };
  }
  const { labels = {} } = address.metadata;
  return { kind: labels[managerLabel] === manager && labels[familyLabel] === family ? 'none' : 'remake' };
}

function isInside(address: string, ranges: Iterable<ServiceCIDR>): boolean {
  for (const { spec } of ranges) if (spec.cidrs?.some((cidr) => rangeContains(cidr, address)) === true) return true;
  return false;
}

export type AddressRepair = { readonly kind: 'none' } | { readonly kind: 'later'; readonly delayMs: number } | { readonly kind: 'delete'; readonly note: Note };

/** What is done about an address that the server gave out. `service` is the one it is said to be of. */
export function addressRepair(address: Address, service: ServiceObject | undefined, nowMs: number): AddressRepair {
  const { metadata: { name = '', labels, creationTimestamp = '' }, spec: { parentRef } } = address;
  if (labels?.[managerLabel] !== manager) return { kind: 'none' };
  const { group = '', resource, namespace = '', name: parent } = parentRef;
  if (!isOfServices(address)) return { kind: 'delete', note: { reason: 'IPAddressNotAllocated', message: `IPAddress ${name} appears to have been modified, not referencing a Service &ParentReference{Group:${group},Resource:${resource},Namespace:${namespace},Name:${parent},}: cleaning up` } };
  const created = parseTime(creationTimestamp) ?? 0;
  const ageMs = nowMs - created;
  if (service === undefined) {
    if (ageMs <= onItsWayMs) return { kind: 'later', delayMs: onItsWayMs - ageMs + 1 };
    return { kind: 'delete', note: { reason: 'IPAddressNotAllocated', message: `IPAddress: ${name} ${ofParent(address)} appears to have leaked: cleaning up` } };
  }
  if (service.spec.clusterIPs?.includes(name) === true) return { kind: 'none' };
  if (service.spec.type === 'ExternalName' && ageMs < onItsWayMs) return { kind: 'later', delayMs: onItsWayMs - ageMs };
  if (created > (parseTime(service.metadata.creationTimestamp ?? '') ?? 0) && ageMs < settlingMs) return { kind: 'later', delayMs: settlingMs };
  return { kind: 'delete', note: { reason: 'IPAddressWrongReference', message: `IPAddress: ${name} ${ofParent(address)} has a wrong reference; cleaning up` } };
}
