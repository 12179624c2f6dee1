/** The service proxy of a node: watches Services and EndpointSlices, and keeps the kernel's rules in step. */
import { nodes, type Node, services } from '@kaji/api/core/v1';
import { type EndpointSlice, endpointslices } from '@kaji/api/discovery/v1';
import { servicecidrs } from '@kaji/api/networking/v1';
import { type Runtime, Scope } from '@kaji/base';
import { type Client, Informers } from '@kaji/client';
import type { Host } from '@kaji/host';
import { parseDuration } from '@kaji/schema';
import { type Backend, NftablesBackend } from './backend.ts';
import type { KubeProxyConfiguration } from './configuration.ts';
import { staleFlows } from './stale-flows.ts';
import { serviceNameLabel, type Table, table, TableMemory } from './table.ts';
import { UpdateLoop } from './update-loop.ts';

export interface ServiceProxyParts {
  readonly client: Client;
  readonly host: Host;
  readonly nodeName: string;
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
  #applied: Table | undefined;
  #hasConntrack = true;

  constructor(runtime: Runtime, parts: ServiceProxyParts, configuration: KubeProxyConfiguration) {
    this.#runtime = { ...runtime, log: runtime.log.with({ component: 'proxy' }) };
    this.#parts = parts;
    this.#configuration = configuration;
    this.#informers = new Informers(this.#runtime, parts.client);
    this.#backend = new NftablesBackend(parts.host);
  }

  /** Until the signal. The rules stay: connections and new clients go on without a proxy, as things were. */
  async run(signal: AbortSignal): Promise<void> {
    await using scope = new Scope(signal);
    const loop = new UpdateLoop(this.#runtime, {
      name: 'service rules', minPeriodMs: parseDuration(this.#configuration.nftables.minSyncPeriod ?? '1s') ?? 1000, update: () => this.#update(),
    });
    for (const informer of this.#watched()) informer.subscribe(loop.mark, scope.signal);
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
    const desired = table({
      services: this.#informers.cache(services).all(),
      slicesOf: (service) => slices.by('service', service),
      node: this.#node().cache.get({ namespace: '', name: this.#parts.nodeName }),
      nodeName: this.#parts.nodeName, memory: this.#memory,
      serviceRanges: [...this.#informers.cache(servicecidrs).all()].flatMap(({ spec }) => spec?.cidrs ?? []),
    }, this.#configuration);
    await this.#backend.sync(desired);
    const stale = staleFlows(this.#applied, desired);
    this.#applied = desired;
    await this.#forget(stale);
    log.debug('rules updated', { services: desired.services.length, durationMs: Math.round(clock.monotonic() - startedAtMs) });
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
function trimNode({ metadata, status }: Node): Node {
  const { name, uid, resourceVersion, labels } = metadata;
  return { metadata: { name, uid, resourceVersion, labels }, spec: {}, status: { addresses: status?.addresses } } as Node; // only fewer fields of the same type
}
