/** Registers the node, and keeps its status and its lease current. */
import { type Lease, leases } from '@kaji/api/coordination/v1';
import { type Node, nodes, type NodeStatus, type Taint } from '@kaji/api/core/v1';
import { ApiError, isReason } from '@kaji/api';
import { Backoff, type Runtime, sleep } from '@kaji/base';
import type { Client } from '@kaji/client';
import { formatMicroTime } from '@kaji/schema';
import type { Recorder, Subject } from '../events.ts';
import { isNews, isOverruled, newNode, type NodeDescription, type NodeHealth, nodeLabels, nodeStatus } from './node-status.ts';

export interface NodeAgentParts {
  readonly runtime: Runtime;
  readonly client: Client;
  readonly recorder: Recorder;
  describe(): Promise<NodeDescription>;
  health(): Promise<NodeHealth>;
}

export interface NodeAgentConfig {
  readonly nodeName: string;
  readonly updateMs: number;
  /** How often a status that has not changed is written all the same. */
  readonly reportMs: number;
  readonly leaseSeconds: number;
  readonly registers: boolean;
  readonly taints: readonly Taint[];
  readonly providerId: string;
}

const leaseNamespace = 'kube-node-lease';
/** Kubernetes: a lease is renewed after a quarter of its time. */
const renewShare = 0.25;

export class NodeAgent {
  readonly #parts: NodeAgentParts;
  readonly #config: NodeAgentConfig;
  #written: { readonly status: NodeStatus; readonly at: number } | undefined;
  #node: Node | undefined;
  #wake: (() => void) | undefined;
  /** Since the last look began. */
  #isPoked = false;

  constructor(parts: NodeAgentParts, config: NodeAgentConfig) {
    this.#parts = parts;
    this.#config = config;
  }

  get node(): Node | undefined {
    return this.#node;
  }

  get subject(): Subject {
    // Kubernetes: events about a node name it as its uid, too
    return { kind: 'Node', apiVersion: 'v1', namespace: '', name: this.#config.nodeName, uid: this.#config.nodeName };
  }

  /** Looks at the node's health at once. */
  poke(): void {
    this.#isPoked = true;
    this.#wake?.();
  }

  async runStatus(signal: AbortSignal): Promise<void> {
    const { runtime } = this.#parts;
    const backoff = new Backoff({ initialMs: 200, maxMs: 7000, jitter: 0.2 }, runtime.random.stream('node status'));
    while (!signal.aborted) {
      let delayMs = this.#config.updateMs;
      this.#isPoked = false;
      try {
        await this.#update();
        backoff.reset();
      } catch (error) {
        runtime.log.warn('cannot write the status of the node', { reason: error instanceof Error ? error.message : String(error) });
        delayMs = backoff.next();
      }
      if (!this.#isPoked) await this.#pause(delayMs, signal);
    }
  }

  async runLease(signal: AbortSignal): Promise<void> {
    const { runtime } = this.#parts;
    const backoff = new Backoff({ initialMs: 200, maxMs: 7000 }, runtime.random.stream('node lease'));
    let lease: Lease | undefined;
    while (!signal.aborted) {
      let delayMs = this.#config.leaseSeconds * 1000 * renewShare;
      try {
        lease = await this.#renew(lease);
        backoff.reset();
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        lease = undefined;
        delayMs = backoff.next();
      }
      await sleep(runtime.clock, delayMs, signal).catch(() => undefined); // an abort ends the loop
    }
  }

  async #pause(delayMs: number, signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const end = (): void => { stop.abort(); };
    signal.addEventListener('abort', end, { once: true });
    this.#wake = end;
    await sleep(this.#parts.runtime.clock, delayMs, stop.signal).catch(() => undefined); // woken early
    this.#wake = undefined;
    signal.removeEventListener('abort', end);
  }

  async #update(): Promise<void> {
    const { client, runtime } = this.#parts;
    const [description, health] = await Promise.all([this.#parts.describe(), this.#parts.health()]);
    // Kubernetes: a node that was deleted is not registered again before the kubelet starts anew, but one that somebody made in its place is served
    if (this.#node !== undefined) this.#node = await client.get(nodes, { namespace: '', name: this.#config.nodeName });
    const now = runtime.clock.now();
    const wanted = nodeStatus(description, health, this.#node?.status, now);
    if (this.#node === undefined) {
      this.#node = await this.#register(description, wanted);
      this.#note(undefined, wanted);
    }
    const written = this.#written;
    const isCurrent = written !== undefined && !isNews(written.status, wanted) && !isOverruled(this.#node.status, wanted);
    if (isCurrent && now - written.at < this.#config.reportMs) return;
    const previous = this.#node.status;
    const { conditions, addresses, ...rest } = wanted;
    this.#node = await client.patch(nodes, { namespace: '', name: this.#config.nodeName }, {
      type: 'strategic', subresource: 'status', body: { status: { ...rest, conditions, addresses: [...(addresses ?? []), { $patch: 'replace' }] } },
    });
    if (written !== undefined) this.#note(previous, wanted);
    this.#written = { status: wanted, at: now };
  }

  async #register(description: NodeDescription, status: NodeStatus): Promise<Node> {
    const { client } = this.#parts;
    const key = { namespace: '', name: this.#config.nodeName };
    if (this.#config.registers) {
      try {
        return await client.create(nodes, newNode(description, status, { taints: [...this.#config.taints], providerId: this.#config.providerId }));
      } catch (error) {
        if (!isReason(error, 'AlreadyExists')) throw error;
      }
    }
    const existing = await client.get(nodes, key);
    const labels = Object.fromEntries(Object.entries(nodeLabels(description)).filter(([name, value]) => existing.metadata.labels?.[name] !== value));
    return Object.keys(labels).length === 0 ? existing : client.patch(nodes, key, { type: 'strategic', body: { metadata: { labels } } });
  }

  #note(before: NodeStatus | undefined, after: NodeStatus): void {
    const ready = (status: NodeStatus | undefined): string | undefined => status?.conditions?.find((condition) => condition.type === 'Ready')?.status;
    const { nodeName } = this.#config;
    if (ready(before) === ready(after)) return;
    if (ready(after) === 'True') this.#parts.recorder.record(this.subject, 'Normal', 'NodeReady', `Node ${nodeName} status is now: NodeReady`);
    else if (before !== undefined) this.#parts.recorder.record(this.subject, 'Normal', 'NodeNotReady', `Node ${nodeName} status is now: NodeNotReady`);
  }

  async #renew(lease: Lease | undefined): Promise<Lease> {
    const { client, runtime } = this.#parts;
    const { nodeName, leaseSeconds } = this.#config;
    const renewTime = formatMicroTime(runtime.clock.now());
    const spec = { holderIdentity: nodeName, leaseDurationSeconds: leaseSeconds, renewTime };
    const current = lease ?? (await this.#existingLease());
    if (current !== undefined) return client.update(leases, { ...current, apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', spec: { ...current.spec, ...spec } });
    // a node that is not registered (yet, or any more) has no lease
    const { uid = '' } = (await client.get(nodes, { namespace: '', name: nodeName })).metadata;
    const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name: nodeName, uid }];
    return client.create(leases, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: nodeName, namespace: leaseNamespace, ownerReferences }, spec });
  }

  async #existingLease(): Promise<Lease | undefined> {
    try {
      return await this.#parts.client.get(leases, { namespace: leaseNamespace, name: this.#config.nodeName });
    } catch (error) {
      if (isReason(error, 'NotFound')) return undefined;
      throw error;
    }
  }
}
