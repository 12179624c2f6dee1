/** The node ports of Services. Which ones are taken, the Services tell: there is nothing beside them that could be wrong after a crash. */
import type { ApiObject } from '@kaji/api';
import { type Service, type ServicePort, services } from '@kaji/api/core/v1';
import type { Random } from '@kaji/base';
import { fieldInvalid, internalError, invalid, plainError } from '../invalid.ts';
import type { Reader } from '../reader.ts';
import { PortRange } from './port-range.ts';
import { hasHealthPort, hasNodePorts, nodePortsOf, type ServiceObject, wantsNodePorts } from './service-fields.ts';

export interface PortDoors {
  readonly reader: Reader;
  readonly random: Random;
  readonly ports: { readonly first: number; readonly last: number };
  /** Until when the Services are followed. */
  readonly signal: AbortSignal;
}

const outside = ({ first, last }: PortRange): string => `provided port is not in the valid range. The range of valid ports is ${first}-${last}`;
const isAllocated = 'provided port is already allocated';
/** Kubernetes: a dry run gives ports from here on, which none can be. */
const firstDryPort = 32769;

export class ServicePorts {
  readonly #doors: PortDoors;
  readonly #range: PortRange;
  /** Of writes on their way. */
  readonly #pending = new Set<number>();
  /** How many Services have a port; made when it is first asked for. */
  #used: Map<number, number> | undefined;

  constructor(doors: PortDoors) {
    this.#doors = doors;
    this.#range = new PortRange(doors.ports.first, doors.ports.last, doors.random);
  }

  begin(isDryRun: boolean): PortOperation {
    return new PortOperation(this, isDryRun);
  }

  /** Why a port cannot be taken. Takes it otherwise. */
  claim(port: number): string | undefined {
    if (!this.#range.contains(port)) return outside(this.#range);
    if (this.isTaken(port)) return isAllocated;
    this.#pending.add(port);
    return undefined;
  }

  next(): number | undefined {
    const port = this.#range.pick((candidate) => this.isTaken(candidate));
    if (port !== undefined) this.#pending.add(port);
    return port;
  }

  isTaken(port: number): boolean {
    return this.#pending.has(port) || (this.#counts().get(port) ?? 0) > 0;
  }

  settle(ports: readonly number[]): void {
    for (const port of ports) this.#pending.delete(port);
  }

  #counts(): ReadonlyMap<number, number> {
    if (this.#used !== undefined) return this.#used;
    const used = new Map<number, number>();
    const count = (service: Service & ApiObject | undefined, by: number): void => {
      for (const port of service === undefined ? [] : portsOf(service)) used.set(port, (used.get(port) ?? 0) + by);
    };
    const { reader, signal } = this.#doors;
    for (const service of reader.list(services)) count(service, 1);
    reader.subscribe(services, ({ object, previous }) => {
      count(previous, -1);
      count(object, 1);
    }, signal);
    return this.#used = used;
  }
}

const portsOf = (service: ServiceObject): readonly number[] => [...new Set([...nodePortsOf(service), ...(service.spec.healthCheckNodePort === undefined ? [] : [service.spec.healthCheckNodePort])])];

/** The ports of one write. */
export class PortOperation {
  readonly taken: number[] = [];
  readonly #ports: ServicePorts;
  readonly #isDryRun: boolean;

  constructor(ports: ServicePorts, isDryRun: boolean) {
    this.#ports = ports;
    this.#isDryRun = isDryRun;
  }

  /** Why not. */
  #claim(port: number): string | undefined {
    const why = this.#isDryRun ? (this.taken.includes(port) || this.#ports.isTaken(port) ? isAllocated : undefined) : this.#ports.claim(port);
    if (why === undefined) this.taken.push(port);
    return why;
  }

  #next(): number | undefined {
    const port = this.#isDryRun ? (this.taken.length === 0 ? firstDryPort : Math.max(...this.taken) + 1) : this.#ports.next();
    if (port !== undefined) this.taken.push(port);
    return port;
  }

  allocate(service: ServiceObject): void {
    if (hasNodePorts(service)) this.#allocatePorts(service);
    if (hasHealthPort(service)) this.#allocateHealthPort(service);
  }

  /** Kubernetes: ports of one number and different protocols share a node port. */
  #allocatePorts(service: ServiceObject): void {
    const ports = service.spec.ports ?? [];
    const given = new Map<number, number>();
    ports.forEach((port, index) => {
      if ((port.nodePort ?? 0) === 0 && !wantsNodePorts(service)) return;
      const shared = given.get(port.port);
      if (shared !== undefined) {
        if ((port.nodePort ?? 0) === 0) port.nodePort = shared;
        else if (port.nodePort !== shared) this.#require(service, index, port.nodePort ?? 0);
        return;
      }
      const asked = ports.find((other) => other.port === port.port && (other.nodePort ?? 0) !== 0)?.nodePort;
      if (asked !== undefined) this.#require(service, index, asked);
      port.nodePort = asked ?? this.#any();
      given.set(port.port, port.nodePort);
    });
  }

  #require({ metadata }: ServiceObject, index: number, port: number): void {
    const why = this.#claim(port);
    if (why !== undefined) throw invalid({ group: '', kind: 'Service' }, metadata.name ?? '', [fieldInvalid(`spec.ports[${index}].nodePort`, port, why)]);
  }

  #any(): number {
    const port = this.#next();
    if (port === undefined) throw internalError('failed to allocate a nodePort: range is full');
    return port;
  }

  #allocateHealthPort({ spec }: ServiceObject): void {
    const asked = spec.healthCheckNodePort ?? 0;
    if (asked === 0) {
      const port = this.#next();
      if (port === undefined) throw internalError('failed to allocate a HealthCheck NodePort 0: range is full');
      spec.healthCheckNodePort = port;
      return;
    }
    const why = this.#claim(asked);
    if (why !== undefined) throw internalError(`failed to allocate requested HealthCheck NodePort ${asked}: ${why}`);
  }

  reallocate(service: ServiceObject, old: ServiceObject): void {
    if (hasNodePorts(service)) this.#reallocatePorts(service, new Set(nodePortsOf(old)));
    if (hasHealthPort(service) && !hasHealthPort(old)) this.#allocateHealthPort(service);
  }

  #reallocatePorts(service: ServiceObject, before: ReadonlySet<number>): void {
    const seen: ServicePort[] = [];
    (service.spec.ports ?? []).forEach((port, index) => {
      const asked = port.nodePort ?? 0;
      if (asked === 0 && !wantsNodePorts(service)) return;
      if (asked === 0) port.nodePort = this.#any();
      else if (!before.has(asked) && !seen.some(({ nodePort }) => nodePort === asked)) this.#require(service, index, asked);
      if (seen.some(({ nodePort, protocol }) => nodePort === port.nodePort && protocol === port.protocol)) throw plainError(`duplicate nodePort: {${port.protocol ?? ''} ${port.nodePort ?? 0}}`);
      seen.push(port);
    });
  }
}
