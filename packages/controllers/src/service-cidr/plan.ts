/** What becomes of a range of service addresses: ready, held while addresses need it, or let go. */
import { type ApiObject, rangeContains, rangesOverlap } from '@kaji/api';
import type { Condition } from '@kaji/api/meta/v1';
import type { IPAddress, ServiceCIDR } from '@kaji/api/networking/v1';

export type Range = ServiceCIDR & ApiObject;
export type Address = IPAddress & ApiObject;

export const finalizer = 'networking.k8s.io/service-cidr-finalizer';
const managerLabel = 'ipaddress.kubernetes.io/managed-by';
const manager = 'ipallocator.k8s.io';

/** Kubernetes: for so long every server may still give addresses out of a range that is being deleted. */
export const deletionGraceMs = 10_000;

export const isOfServices = ({ metadata }: Address): boolean => metadata.labels?.[managerLabel] === manager;

/** Every range that an address can be of. */
export const rangesOf = (address: string, ranges: Iterable<Range>): readonly Range[] => [...ranges].filter(({ spec }) => (spec.cidrs ?? []).some((cidr) => rangeContains(cidr, address)));

export const overlapping = ({ spec }: Range, ranges: Iterable<Range>): readonly Range[] =>
  [...ranges].filter((other) => (other.spec.cidrs ?? []).some((cidr) => (spec.cidrs ?? []).some((own) => rangesOverlap(own, cidr))));

const prefixLength = (cidr: string): number => Number(cidr.split('/')[1]);

/** Whether no address is lost with a range: all of it lies in others, or nobody has an address that only it holds. */
export function canGo(range: Range, ranges: readonly Range[], addresses: Iterable<Address>): boolean {
  const others = ranges.filter(({ metadata }) => metadata.name !== range.metadata.name);
  const isCovered = (range.spec.cidrs ?? []).every((cidr) => others.some(({ spec }) => (spec.cidrs ?? []).some((other) => rangesOverlap(other, cidr) && prefixLength(other) <= prefixLength(cidr))));
  if (isCovered) return true;
  for (const address of addresses) {
    const holders = isOfServices(address) ? rangesOf(address.metadata.name ?? '', ranges) : [];
    if (holders.length === 1 && holders[0]?.metadata.name === range.metadata.name) return false;
  }
  return true;
}

export type Wanted = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

export const readyCondition: Wanted = { type: 'Ready', status: 'True', reason: '', message: 'Kubernetes Service CIDR is ready' };
export const heldCondition: Wanted = { type: 'Ready', status: 'False', reason: 'Terminating', message: 'There are still IPAddresses referencing the ServiceCIDR, please remove them or create a new ServiceCIDR' };

export function hasCondition({ status }: Range, wanted: Wanted): boolean {
  const current = status?.conditions?.find(({ type }) => type === wanted.type);
  return current?.status === wanted.status && (current.reason ?? '') === wanted.reason && (current.message ?? '') === wanted.message;
}
