/** The addresses of Services: from the ranges that ServiceCIDR objects open, each kept by an IPAddress object of its name. */
import type { ApiObject } from '@kaji/api';
import { type IPAddress, ipaddresses, type ServiceCIDR, servicecidrs } from '@kaji/api/networking/v1';
import type { Random } from '@kaji/base';
import type { Companion } from '../companions.ts';
import { fieldInvalid, internalError, invalid } from '../invalid.ts';
import type { Reader } from '../reader.ts';
import { AddressRange, canonicalAddress } from './address-range.ts';
import { familyOf, staysDualStack } from './service-families.ts';
import { type Family, hasAddress, isHeadless, type ServiceObject } from './service-fields.ts';

const notReady = 'allocator not ready';
const noRange = 'the provided network does not match the current range';

/** Labels that say whose an IPAddress is. */
const familyLabel = 'ipaddress.kubernetes.io/ip-family';
const managerLabel = 'ipaddress.kubernetes.io/managed-by';
const manager = 'ipallocator.k8s.io';

export interface AddressDoors {
  readonly reader: Reader;
  readonly random: Random;
  /** Those of the server's configuration: they count until the object `kubernetes` says the same. */
  readonly ranges: readonly string[];
}

/** What a write of a Service takes and gives back, and whom it must be told. */
interface Taken {
  readonly addresses: string[];
  readonly companions: Companion[];
}

interface Opened {
  readonly range: AddressRange;
  readonly isReady: boolean;
}

const isReady = ({ metadata, status }: ServiceCIDR & ApiObject): boolean =>
  metadata.deletionTimestamp === undefined && (status?.conditions?.find(({ type }) => type === 'Ready')?.status ?? 'True') === 'True';

export class ServiceAddresses {
  readonly #doors: AddressDoors;
  /** Of writes on their way. What is stored, its IPAddress tells. */
  readonly #pending = new Set<string>();
  readonly #ranges = new Map<string, AddressRange>();

  constructor(doors: AddressDoors) {
    this.#doors = doors;
  }

  /** Takes what a new Service needs. Everything that was taken is in `taken`, also when this throws. */
  allocate(service: ServiceObject, isDryRun: boolean, taken: Taken): void {
    const { spec } = service;
    if (!hasAddress(service) || isHeadless(service)) return;
    const families = spec.ipFamilies ?? [];
    const addresses = families.map((_, index) => spec.clusterIPs?.[index] ?? '');
    spec.clusterIPs = addresses;
    families.forEach((family, index) => {
      addresses[index] = this.#take(service, family as Family, addresses[index] ?? '', isDryRun, taken); // checked before
      if (index === 0) spec.clusterIP = addresses[index];
    });
  }

  /** What a change of a Service takes and gives back. */
  reallocate(service: ServiceObject, old: ServiceObject, isDryRun: boolean, taken: Taken): void {
    if (staysDualStack(service, old)) return;
    if (!hasAddress(old)) {
      if (hasAddress(service)) this.allocate(service, isDryRun, taken);
      return;
    }
    const before = old.spec.clusterIPs ?? [];
    if (before[0] === 'None') return;
    if (!hasAddress(service)) {
      taken.companions.push(...before.map(release));
      return;
    }
    const [families, oldFamilies] = [service.spec.ipFamilies ?? [], old.spec.ipFamilies ?? []];
    if (oldFamilies.length === 1 && families.length === 2) {
      const addresses = [...service.spec.clusterIPs ?? [], ''].slice(0, 2);
      service.spec.clusterIPs = addresses;
      addresses[1] = this.#take(service, families[1] as Family, addresses[1] ?? '', isDryRun, taken); // checked before
    }
    if (oldFamilies.length === 2 && families.length === 1 && before[1] !== undefined) taken.companions.push(release(before[1]));
  }

  /** What goes with a Service that is deleted. */
  released({ spec }: ServiceObject): Companion[] {
    return (spec.clusterIPs ?? []).filter((address) => address !== 'None' && address !== '').map(release);
  }

  /** The write is over: stored, or not to be. */
  settle({ addresses }: Taken): void {
    for (const address of addresses) this.#pending.delete(address);
  }

  #take(service: ServiceObject, family: Family, asked: string, isDryRun: boolean, taken: Taken): string {
    const opened = this.#opened().filter(({ range }) => range.family === family);
    const address = isDryRun ? tryOut(service, opened[0], asked) : asked === '' ? this.#next(service, opened) : this.#claim(service, opened, asked);
    if (isDryRun) return address;
    this.#pending.add(address);
    taken.addresses.push(address);
    taken.companions.push({ resource: ipaddresses, object: recordOf(service, address) });
    return address;
  }

  #claim(service: ServiceObject, opened: readonly Opened[], address: string): string {
    const canonical = canonicalAddress(address);
    if (!opened.some(({ range, isReady: isOpen }) => isOpen && range.contains(canonical))) throw refusal(service, `failed to allocate IP ${address}: ${noRange}`);
    if (this.#isTaken(canonical)) throw refusal(service, `failed to allocate IP ${address}: provided IP is already allocated`);
    return address;
  }

  #next(service: ServiceObject, opened: readonly Opened[]): string {
    for (const { range, isReady: isOpen } of opened) {
      const address = isOpen ? range.pick((candidate) => this.#isTaken(candidate), this.#doors.random) : undefined;
      if (address !== undefined) return address;
    }
    throw internalError(`failed to allocate a serviceIP for Service ${JSON.stringify(service.metadata.name ?? '')}: range is full`);
  }

  #isTaken(address: string): boolean {
    return this.#pending.has(address) || this.#doors.reader.get(ipaddresses, '', address) !== undefined;
  }

  /** Every range, open while one of its ServiceCIDRs is ready. */
  #opened(): readonly Opened[] {
    const open = new Map<string, boolean>();
    for (const each of this.#doors.reader.list(servicecidrs)) for (const cidr of each.spec.cidrs ?? []) open.set(cidr, open.get(cidr) === true || isReady(each));
    if (open.size === 0) for (const cidr of this.#doors.ranges) open.set(cidr, true);
    return [...open].map(([cidr, isOpen]) => ({ range: this.#rangeOf(cidr), isReady: isOpen }));
  }

  #rangeOf(cidr: string): AddressRange {
    let range = this.#ranges.get(cidr);
    if (range === undefined) this.#ranges.set(cidr, range = new AddressRange(cidr));
    return range;
  }
}

const release = (address: string): Companion => ({ resource: ipaddresses, name: canonicalAddress(address) });

const refusal = ({ metadata, spec }: ServiceObject, why: string): Error => invalid({ group: '', kind: 'Service' }, metadata.name ?? '', [fieldInvalid('spec.clusterIPs', spec.clusterIPs, why)]);

/** Kubernetes: a dry run looks at one range only and gives the address of its network. */
function tryOut(service: ServiceObject, opened: Opened | undefined, asked: string): string {
  const prefix = asked === '' ? 'failed to allocate IP' : `failed to allocate IP ${asked}`;
  if (opened?.isReady !== true) throw refusal(service, `${prefix}: ${notReady}`);
  const { range } = opened;
  if (asked === '') return range.base;
  if (!range.contains(canonicalAddress(asked))) throw refusal(service, `${prefix}: the provided IP (${asked}) is not in the valid range. The range of valid IPs is ${range.cidr}`);
  return asked;
}

/** The IPAddress that keeps an address for a Service. */
export const recordOf = ({ metadata }: ApiObject, address: string): IPAddress & ApiObject => ({
  apiVersion: 'networking.k8s.io/v1', kind: 'IPAddress',
  metadata: { name: canonicalAddress(address), labels: { [familyLabel]: familyOf(address), [managerLabel]: manager } },
  spec: { parentRef: { group: '', resource: 'services', namespace: metadata.namespace ?? '', name: metadata.name ?? '' } },
});
