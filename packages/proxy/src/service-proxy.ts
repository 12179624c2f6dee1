/** The service proxy of a node: watches Services and EndpointSlices, and keeps the kernel's rules in step. */
import { nodes, type Node, services } from '@kaji/api/core/v1';
import { type EndpointSlice, endpointslices } from '@kaji/api/discovery/v1';
import { servicecidrs } from '@kaji/api/networking/v1';
import { type Runtime, Scope } from '@kaji/base';
import { type Client, EventRecorder, Informers } from '@kaji/client';
import type { Host } from '@kaji/host';
import { parseDuration } from '@kaji/schema';
import { type Backend, NftablesBackend } from './backend.ts';
import type { KubeProxyConfiguration } from './configuration.ts';
import { type HealthAnswer, isHealthy, proxyAnswer, type ProxyHealth, serviceAnswer, type ServiceHealth, servicesHealth } from './health.ts';
import { HealthPorts, type OpenPort, type WantedPort } from './health-server.ts';
import { staleFlows } from './stale-flows.ts';
import { serviceNameLabel, type Table, table, TableMemory } from './table.ts';
import { UpdateLoop } from './update-loop.ts';

export interface ServiceProxyParts {
  readonly client: Client;
  readonly host: Host;
  readonly nodeName: string;
  /** How ports for health checks are opened. */
  readonly openPort: OpenPort;
}

/** Only slices of services; headless ones have no address to proxy. */
const sliceSelector = `${serviceNameLabel},!service.kubernetes.io/headless`;

export class ServiceProxy {
  readonly #runtime: Runtime;
  readonly #parts: ServiceProxyParts;
  readonly #configuration: KubeProxyConfiguration;
  readonly #informers: Informers;
  readonly #backend: Backend;
  readonly #memory = new TableMemory();
  readonly #ports: HealthPorts;
  readonly #events: EventRecorder;
  #health: ProxyHealth = { updatedAtMs: undefined, pendingSinceMs: undefined };
  #applied: Table | undefined;
  #hasConntrack = true;

  constructor(runtime: Runtime, parts: ServiceProxyParts, configuration: KubeProxyConfiguration) {
    this.#runtime = { ...runtime, log: runtime.log.with({ component: 'proxy' }) };
    this.#parts = parts;
    this.#configuration = configuration;
    this.#informers = new Informers(this.#runtime, parts.client);
    this.#backend = new NftablesBackend(parts.host);
    this.#ports = new HealthPorts(parts.openPort);
    this.#events = new EventRecorder(this.#runtime, parts.client, { component: 'kube-proxy', host: parts.nodeName });
  }

  /** Until the signal. The rules stay: connections and new clients go on without a proxy, as things were. */
  async run(signal: AbortSignal): Promise<void> {
    await using _ports = this.#ports; // closed after the loop that opens them has ended
    await using scope = new Scope(signal);
    const loop = new UpdateLoop(this.#runtime, {
      name: 'service rules', minPeriodMs: parseDuration(this.#configuration.nftables.minSyncPeriod ?? '1s') ?? 1000, update: () => this.#update(),
    });
    const changed = (): void => {
      this.#health = { ...this.#health, pendingSinceMs: this.#health.pendingSinceMs ?? this.#runtime.clock.now() };
      loop.mark();
    };
    for (const informer of this.#watched()) informer.subscribe(changed, scope.signal);
    await this.#openPorts([]);
    scope.run('events', (inner) => this.#events.run(inner));
    scope.run('informers', (inner) => this.#informers.run(inner));
    // A server without ServiceCIDRs only loses the rejection of addresses that are nobody's: the others are what is waited for.
    await Promise.all(this.#watched().slice(0, 3).map((informer) => informer.synced(scope.signal))).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    if (signal.aborted) return;
    scope.run('rules', (inner) => loop.run(inner));
    await scope.join();
  }

  #watched(): readonly { subscribe(handle: () => void, signal?: AbortSignal): void; synced(signal?: AbortSignal): Promise<void> }[] {
    return [this.#informers.of(services), this.#slices(), this.#node(), this.#informers.of(servicecidrs)];
  }

  #slices(): ReturnType<typeof Informers.prototype.of<EndpointSlice>> {
    return this.#informers.of(endpointslices, { labelSelector: sliceSelector, indexes: { service: serviceOf } });
  }

  #node(): ReturnType<typeof Informers.prototype.of<Node>> {
    return this.#informers.of(nodes, { fieldSelector: `metadata.name=${this.#parts.nodeName}`, shape: 'place', transform: trimNode });
  }

  async #update(): Promise<void> {
    const { clock, log } = this.#runtime;
    const startedAtMs = clock.monotonic();
    const slices = this.#slices().cache;
    const seen = { services: this.#informers.cache(services).all(), slicesOf: (service: string) => slices.by('service', service), nodeName: this.#parts.nodeName };
    const desired = table({
      ...seen, node: this.#self(), memory: this.#memory,
      serviceRanges: [...this.#informers.cache(servicecidrs).all()].flatMap(({ spec }) => spec?.cidrs ?? []),
    }, this.#configuration);
    await this.#backend.sync(desired);
    const stale = staleFlows(this.#applied, desired);
    this.#applied = desired;
    await this.#forget(stale);
    this.#health = { updatedAtMs: clock.now(), pendingSinceMs: undefined };
    await this.#openPorts(servicesHealth({ ...seen, services: this.#informers.cache(services).all() }));
    log.debug('rules updated', { services: desired.services.length, durationMs: Math.round(clock.monotonic() - startedAtMs) });
  }

  #self(): Node | undefined {
    return this.#node().cache.get({ namespace: '', name: this.#parts.nodeName });
  }

  async #openPorts(wanted: readonly ServiceHealth[]): Promise<void> {
    const { clock, log } = this.#runtime;
    const [, address = '', port = ''] = /^(.*):(\d+)$/.exec(this.#configuration.healthzBindAddress ?? '') ?? [];
    const answer = (path: string): HealthAnswer | undefined => proxyAnswer(path, this.#health, { node: this.#self(), nowMs: clock.now() });
    const failed = await this.#ports.sync([
      ...(port === '' ? [] : [{ name: '', address, port: Number(port), answer }]),
      ...wanted.map((health): WantedPort => ({ name: `${health.namespace}/${health.name}`, address: '0.0.0.0', port: health.port, answer: () => serviceAnswer(health, isHealthy(this.#health, clock.now())) })),
    ]);
    for (const { wanted: { name, port: taken }, error } of failed) {
      log.warn('no port for health checks', { port: taken, service: name, error: String(error) });
      const service = this.#informers.cache(services).get({ namespace: name.replace(/\/.*/s, ''), name: name.replace(/^.*\//s, '') });
      if (service !== undefined) this.#events.record(services, service, { type: 'Warning', reason: 'FailedToStartServiceHealthcheck', message: `node ${this.#parts.nodeName} failed to start healthcheck "${name}" on port ${taken}: ${String(error)}` });
    }
  }

  async #forget(flows: readonly (readonly string[])[]): Promise<void> {
    for (const flow of flows) {
      if (!this.#hasConntrack) return;
      try {
        // It ends with 1 when there was nothing to delete.
        await this.#parts.host.processes.run(['conntrack', '--delete', ...flow]);
      } catch (error) {
        this.#hasConntrack = false;
        this.#runtime.log.warn('conntrack is missing: UDP clients of endpoints that are gone must wait until the kernel forgets them', { error: String(error) });
      }
    }
  }
}

function serviceOf({ metadata }: EndpointSlice): readonly string[] {
  const name = metadata.labels?.[serviceNameLabel];
  return name === undefined ? [] : [`${metadata.namespace ?? ''}/${name}`];
}

/** A node's status changes often, and nothing here depends on most of it. */
function trimNode({ metadata, spec, status }: Node): Node {
  const { name, uid, resourceVersion, labels, deletionTimestamp } = metadata;
  return { metadata: { name, uid, resourceVersion, labels, deletionTimestamp }, spec: { taints: spec.taints }, status: { addresses: status?.addresses } } as Node; // only fewer fields of the same type
}
