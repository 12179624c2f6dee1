/** Services: addresses and node ports are taken from their ranges as the service is written, and given back with it. */
import type { ApiObject } from '@kaji/api';
import { type Service, type ServicePort, services } from '@kaji/api/core/v1';
import type { Random } from '@kaji/base';
import { fieldInvalid, invalid, plainError } from '../invalid.ts';
import type { Reader } from '../reader.ts';
import type { Reservation, Strategy, WriteContext } from '../strategy.ts';
import { AddressRange, familyOf } from './address-range.ts';
import { PortRange } from './port-range.ts';

type ServiceObject = Service & ApiObject;
type Family = 'IPv4' | 'IPv6';

export interface ServiceDoors {
  readonly reader: Reader;
  readonly random: Random;
  /** CIDRs, the primary one first. */
  readonly ranges: readonly string[];
  readonly ports: { readonly first: number; readonly last: number };
}

export function serviceStrategy(doors: ServiceDoors): Strategy<ServiceObject> {
  const allocator = new ServiceAllocator(doors);
  return {
    createsOnUpdate: true,
    prepareForCreate(service) {
      service.status = { loadBalancer: {} };
    },
    prepareForUpdate(service, old) {
      dropByType(service, old);
      patchAllocated(service, old);
    },
    prepareForStatus(service, old) {
      service.spec = old.spec;
    },
    reserve: (service, old, context) => allocator.reserve(service, old, context),
  };
}

/** What a service of another type had and this one does not need is dropped, unless it was changed by hand. */
function dropByType(service: ServiceObject, old: ServiceObject): void {
  const { spec } = service;
  const before = old.spec;
  if (needsAddress(old) && !needsAddress(service)) {
    if (same(spec.clusterIP, before.clusterIP)) delete spec.clusterIP;
    if (same(spec.clusterIPs, before.clusterIPs)) delete spec.clusterIPs;
    if (same(spec.ipFamilies, before.ipFamilies)) delete spec.ipFamilies;
    if (same(spec.ipFamilyPolicy, before.ipFamilyPolicy)) delete spec.ipFamilyPolicy;
  }
  if (!needsAddress(service)) delete spec.internalTrafficPolicy; // it speaks of addresses that are no more
  if (needsPorts(old) && !needsPorts(service) && samePorts(spec.ports, before.ports)) for (const port of spec.ports ?? []) delete port.nodePort;
  if (needsHealthPort(old) && !needsHealthPort(service) && spec.healthCheckNodePort === before.healthCheckNodePort) delete spec.healthCheckNodePort;
  if (before.type === 'LoadBalancer' && spec.type !== 'LoadBalancer') {
    if (same(spec.allocateLoadBalancerNodePorts, before.allocateLoadBalancerNodePorts)) delete spec.allocateLoadBalancerNodePorts;
    if (same(spec.loadBalancerClass, before.loadBalancerClass)) delete spec.loadBalancerClass;
  }
  if (hasExternalPolicy(old) && !hasExternalPolicy(service) && same(spec.externalTrafficPolicy, before.externalTrafficPolicy)) delete spec.externalTrafficPolicy;
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const samePorts = (a: readonly ServicePort[] = [], b: readonly ServicePort[] = []): boolean => same(a.map(({ nodePort }) => nodePort ?? 0), b.map(({ nodePort }) => nodePort ?? 0));
const needsAddress = ({ spec }: ServiceObject): boolean => spec.type !== 'ExternalName';
const needsPorts = ({ spec }: ServiceObject): boolean => spec.type === 'NodePort' || spec.type === 'LoadBalancer';
const needsHealthPort = ({ spec }: ServiceObject): boolean => spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';
const hasExternalPolicy = (service: ServiceObject): boolean => needsPorts(service) || (service.spec.externalIPs ?? []).length > 0;

/** Kubernetes: an update that leaves out what the server has filled in means to keep it. */
function patchAllocated(service: ServiceObject, old: ServiceObject): void {
  const { spec } = service;
  const before = old.spec;
  if (needsAddress(service) && needsAddress(old)) {
    if ((spec.clusterIP ?? '') === '' && before.clusterIP !== undefined) spec.clusterIP = before.clusterIP;
    if ((spec.clusterIPs ?? []).length === 0 && before.clusterIPs !== undefined && (spec.clusterIP === before.clusterIP)) spec.clusterIPs = [...before.clusterIPs];
  }
  if (needsPorts(service) && needsPorts(old)) keepPorts(spec.ports ?? [], before.ports ?? []);
  if (needsHealthPort(service) && needsHealthPort(old) && (spec.healthCheckNodePort ?? 0) === 0 && before.healthCheckNodePort !== undefined) spec.healthCheckNodePort = before.healthCheckNodePort;
  normalizeAddresses(service, old);
  if (spec.ipFamilies === undefined && before.ipFamilies !== undefined && needsAddress(service)) spec.ipFamilies = [...before.ipFamilies];
  if (spec.ipFamilyPolicy === undefined && before.ipFamilyPolicy !== undefined && needsAddress(service)) spec.ipFamilyPolicy = before.ipFamilyPolicy;
}

function keepPorts(ports: ServicePort[], before: readonly ServicePort[]): void {
  const isTaken = new Set(ports.map(({ nodePort }) => nodePort ?? 0));
  for (const port of ports) {
    if ((port.nodePort ?? 0) !== 0) continue;
    const old = before.find((each) => each.port === port.port && each.protocol === port.protocol);
    if (old?.nodePort === undefined || isTaken.has(old.nodePort)) continue;
    port.nodePort = old.nodePort;
    isTaken.add(old.nodePort);
  }
}

/** Kubernetes: clusterIP is the first of clusterIPs; clients may know only the one or the other. */
function normalizeAddresses({ spec }: ServiceObject, old: ServiceObject | undefined): void {
  if (old === undefined) {
    if ((spec.clusterIP ?? '') !== '' && (spec.clusterIPs ?? []).length === 0) spec.clusterIPs = [spec.clusterIP ?? ''];
    return;
  }
  const wasSet = (old.spec.clusterIP ?? '') !== '';
  if (wasSet && (spec.clusterIP ?? '') === '' && same(spec.clusterIPs, old.spec.clusterIPs)) delete spec.clusterIPs;
  else if (wasSet && spec.clusterIP !== old.spec.clusterIP && same(spec.clusterIPs, old.spec.clusterIPs)) spec.clusterIPs = [spec.clusterIP ?? ''];
  else if (!wasSet && (spec.clusterIP ?? '') !== '' && (spec.clusterIPs ?? []).length === 0) spec.clusterIPs = [spec.clusterIP ?? ''];
}

/** The ranges, and what of them is taken. The store is the truth; what is on its way there is held here. */
class ServiceAllocator {
  readonly #doors: ServiceDoors;
  readonly #ranges: ReadonlyMap<Family, AddressRange>;
  readonly #families: readonly Family[];
  readonly #ports: PortRange;
  readonly #pendingAddresses = new Set<string>();
  readonly #pendingPorts = new Set<number>();

  constructor(doors: ServiceDoors) {
    this.#doors = doors;
    this.#families = doors.ranges.map((cidr) => familyOf(cidr));
    this.#ranges = new Map(doors.ranges.map((cidr) => [familyOf(cidr), new AddressRange(cidr, doors.random)]));
    this.#ports = new PortRange(doors.ports.first, doors.ports.last, doors.random);
  }

  reserve(service: ServiceObject, old: ServiceObject | undefined, { isDryRun }: WriteContext): Reservation | undefined {
    const addresses: string[] = [];
    const ports: number[] = [];
    const undo = (): void => {
      for (const address of addresses) this.#pendingAddresses.delete(address);
      for (const port of ports) this.#pendingPorts.delete(port);
    };
    if (old === undefined) normalizeAddresses(service, undefined);
    this.#setFamilies(service, old);
    if (old !== undefined) this.#checkFamilies(service);
    try {
      if (needsAddress(service)) this.#takeAddresses(service, old, isDryRun, addresses);
      if (needsPorts(service)) this.#takePorts(service, old, isDryRun, ports);
    } catch (error) {
      undo();
      throw error;
    }
    return { keep: undo, giveBack: undo }; // once stored, the cache knows it; until then, and if not, this is enough
  }

  #setFamilies({ spec }: ServiceObject, old: ServiceObject | undefined): void {
    if (spec.type === 'ExternalName') return;
    const isHeadless = spec.clusterIP === 'None';
    const isWithoutSelector = isHeadless && Object.keys(spec.selector ?? {}).length === 0;
    if (spec.ipFamilyPolicy === undefined) {
      spec.ipFamilyPolicy = old?.spec.ipFamilyPolicy ?? (isWithoutSelector && (spec.ipFamilies ?? []).length !== 1 ? 'RequireDualStack' : (spec.ipFamilies ?? []).length === 2 || (spec.clusterIPs ?? []).length === 2 ? 'RequireDualStack' : 'SingleStack');
    }
    if ((spec.ipFamilies ?? []).length > 0) {
      if (isWithoutSelector && spec.ipFamilyPolicy !== 'SingleStack' && spec.ipFamilies?.length === 1) spec.ipFamilies = [...spec.ipFamilies, spec.ipFamilies[0] === 'IPv4' ? 'IPv6' : 'IPv4'];
      return;
    }
    const primary = this.#families[0] ?? 'IPv4';
    const given = (spec.clusterIPs ?? []).filter((address) => address !== 'None' && address !== '').map((address) => familyOf(address));
    if (given.length > 0) spec.ipFamilies = given;
    else if (isWithoutSelector && spec.ipFamilyPolicy !== 'SingleStack') spec.ipFamilies = [primary, primary === 'IPv4' ? 'IPv6' : 'IPv4'];
    else spec.ipFamilies = spec.ipFamilyPolicy === 'SingleStack' ? [primary] : [...this.#families];
  }

  /** Kubernetes: only a headless service without a selector may ask for a family that the cluster has not. */
  #checkFamilies({ metadata, spec }: ServiceObject): void {
    if (spec.type === 'ExternalName' || (spec.clusterIP === 'None' && Object.keys(spec.selector ?? {}).length === 0)) return;
    const errors = (spec.ipFamilies ?? []).flatMap((family, index) => (family === '' || this.#families.includes(family) ? [] : [fieldInvalid(`spec.ipFamilies[${index}]`, family, 'not configured on this cluster')]));
    if (spec.ipFamilyPolicy === 'RequireDualStack' && this.#families.length < 2) errors.push(fieldInvalid('spec.ipFamilyPolicy', spec.ipFamilyPolicy, 'this cluster is not configured for dual-stack services'));
    if (errors.length > 0) throw invalid({ group: '', kind: 'Service' }, metadata.name ?? '', errors);
  }

  #takeAddresses(service: ServiceObject, old: ServiceObject | undefined, isDryRun: boolean, taken: string[]): void {
    const { spec } = service;
    if (spec.clusterIP === 'None') {
      spec.clusterIPs = ['None'];
      return;
    }
    const given = [...(spec.clusterIPs ?? [])];
    const families = spec.ipFamilies ?? [];
    for (const [index, family] of families.entries()) {
      if (family === '') continue;
      const range = this.#ranges.get(family);
      if (range === undefined) continue;
      const asked = given[index];
      if (asked !== undefined && asked !== '') {
        if (old?.spec.clusterIPs?.includes(asked) === true || isDryRun) continue;
        this.#claimAddress(service, range, asked, taken, index);
      } else {
        const address = range.pick((candidate) => this.#isAddressTaken(candidate));
        if (address === undefined) throw plainError('no service address is free');
        this.#pendingAddresses.add(address);
        taken.push(address);
        given[index] = address;
      }
    }
    spec.clusterIPs = given;
    if (given[0] !== undefined) spec.clusterIP = given[0];
  }

  #claimAddress(service: ServiceObject, range: AddressRange, address: string, taken: string[], index: number): void {
    const refuse = (why: string): never => {
      const field = fieldInvalid('spec.clusterIPs', service.spec.clusterIPs, `failed to allocate IP ${address}: ${why}`);
      throw invalid({ group: '', kind: 'Service' }, service.metadata.name ?? '', [index === 0 ? field : field]);
    };
    if (!range.contains(address)) refuse(`the provided network does not match the current range`);
    if (this.#isAddressTaken(address)) refuse('provided IP is already allocated');
    this.#pendingAddresses.add(address);
    taken.push(address);
  }

  #isAddressTaken(address: string): boolean {
    if (this.#pendingAddresses.has(address)) return true;
    for (const { spec } of this.#doors.reader.list(services)) if (spec.clusterIPs?.includes(address) === true) return true;
    return false;
  }

  #takePorts(service: ServiceObject, old: ServiceObject | undefined, isDryRun: boolean, taken: number[]): void {
    const { spec } = service;
    const isAllocating = spec.type === 'NodePort' || spec.allocateLoadBalancerNodePorts !== false;
    const mine = new Set((old?.spec.ports ?? []).map(({ nodePort }) => nodePort ?? 0));
    const chosen = new Map<number, string[]>();
    for (const [index, port] of (spec.ports ?? []).entries()) {
      const asked = port.nodePort ?? 0;
      if (asked !== 0) this.#claimPort(service, index, asked, mine, chosen, isDryRun, taken);
    }
    if (isAllocating) for (const port of spec.ports ?? []) if ((port.nodePort ?? 0) === 0) port.nodePort = this.#portFor(port, chosen, taken);
    if (needsHealthPort(service)) this.#takeHealthPort(service, old, isDryRun, taken);
  }

  /** Kubernetes: ports of one number and different protocols share a node port. */
  #portFor(port: ServicePort, chosen: Map<number, string[]>, taken: number[]): number {
    const picked = this.#ports.pick((candidate) => this.#isPortTaken(candidate) || chosen.has(candidate));
    if (picked === undefined) throw plainError('no node port is free');
    this.#pendingPorts.add(picked);
    taken.push(picked);
    chosen.set(picked, [port.protocol ?? 'TCP']);
    return picked;
  }

  #claimPort(service: ServiceObject, index: number, asked: number, mine: ReadonlySet<number>, chosen: Map<number, string[]>, isDryRun: boolean, taken: number[]): void {
    const protocols = chosen.get(asked);
    chosen.set(asked, [...(protocols ?? []), service.spec.ports?.[index]?.protocol ?? 'TCP']);
    if (mine.has(asked) || protocols !== undefined || isDryRun) return;
    const refuse = (why: string): never => {
      throw invalid({ group: '', kind: 'Service' }, service.metadata.name ?? '', [fieldInvalid(`spec.ports[${index}].nodePort`, asked, why)]);
    };
    if (!this.#ports.contains(asked)) refuse(`provided port is not in the valid range. The range of valid ports is ${this.#ports.first}-${this.#ports.last}`);
    if (this.#isPortTaken(asked)) refuse('provided port is already allocated');
    this.#pendingPorts.add(asked);
    taken.push(asked);
  }

  #takeHealthPort({ spec }: ServiceObject, old: ServiceObject | undefined, isDryRun: boolean, taken: number[]): void {
    const asked = spec.healthCheckNodePort ?? 0;
    if (asked !== 0) {
      if (asked === old?.spec.healthCheckNodePort || isDryRun) return;
      if (!this.#ports.contains(asked)) throw plainError(`failed to allocate requested HealthCheck NodePort ${asked}: provided port is not in the valid range. The range of valid ports is ${this.#ports.first}-${this.#ports.last}`);
      if (this.#isPortTaken(asked)) throw plainError(`failed to allocate requested HealthCheck NodePort ${asked}: provided port is already allocated`);
      this.#pendingPorts.add(asked);
      taken.push(asked);
      return;
    }
    const picked = this.#ports.pick((candidate) => this.#isPortTaken(candidate));
    if (picked === undefined) throw plainError('failed to allocate a HealthCheck NodePort');
    this.#pendingPorts.add(picked);
    taken.push(picked);
    spec.healthCheckNodePort = picked;
  }

  #isPortTaken(port: number): boolean {
    if (this.#pendingPorts.has(port)) return true;
    for (const { spec } of this.#doors.reader.list(services)) {
      if (spec.healthCheckNodePort === port || spec.ports?.some(({ nodePort }) => nodePort === port) === true) return true;
    }
    return false;
  }
}
