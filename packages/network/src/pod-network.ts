/** Keeps a node's part of the pod network as the Node objects say: the CNI configuration, the masquerade rule, the routes. */
import { type Node, nodes } from '@kaji/api/core/v1';
import type { Runtime } from '@kaji/base';
import { type Client, Informer } from '@kaji/client';
import type { Host } from '@kaji/host';
import { cniFileName, renderCniConfig } from './cni.ts';
import { masqueradeTable, renderMasquerade } from './masquerade.ts';
import { desiredRoutes, parseRoutes, podRangesOf, routeChanges, routeProtocol } from './routes.ts';

export interface PodNetworkConfig {
  /** The node this runs on; undefined beside an API server, which only needs the routes to pods. */
  readonly nodeName: string | undefined;
  /** The range of all pods of the cluster. */
  readonly podRange: string;
  readonly cniDirectory: string;
  readonly mtu: number;
}

export class PodNetwork {
  readonly #runtime: Runtime;
  readonly #client: Client;
  readonly #host: Host;
  readonly #config: PodNetworkConfig;
  #cniText: string | undefined;
  #hasMasquerade = false;

  constructor(runtime: Runtime, doors: { readonly client: Client; readonly host: Host }, config: PodNetworkConfig) {
    this.#runtime = runtime;
    this.#client = doors.client;
    this.#host = doors.host;
    this.#config = config;
  }

  /** Runs until the signal. The kernel's state stays as it is then: pods go on talking. */
  async run(signal: AbortSignal): Promise<void> {
    const informer = new Informer<Node>(this.#runtime, this.#client, nodes, { transform: trim });
    const running = informer.run(signal);
    let wake = Promise.withResolvers<undefined>();
    informer.subscribe((change) => {
      // Heartbeats change a Node often and its routes never: they are told apart here, before anything is run.
      if (change.type !== 'updated' || fingerprint(change.object) !== fingerprint(change.previous)) wake.resolve(undefined);
    }, signal);
    signal.addEventListener('abort', () => { wake.resolve(undefined); }, { once: true });
    try {
      await informer.synced(signal);
      while (!signal.aborted) {
        await this.#sync([...informer.cache.all()]);
        await wake.promise;
        wake = Promise.withResolvers();
      }
    } finally {
      await running;
    }
  }

  /** Takes away what `run` left in the kernel. */
  async cleanup(): Promise<void> {
    await this.#host.processes.run(['nft', 'delete', 'table', 'ip', masqueradeTable]);
    await this.#host.processes.run(['ip', 'route', 'flush', 'proto', String(routeProtocol)]);
  }

  async #sync(all: readonly Node[]): Promise<void> {
    const { nodeName, podRange } = this.#config;
    if (nodeName !== undefined) {
      if (!this.#hasMasquerade) {
        await this.#host.processes.check(['nft', '-f', '-'], { input: renderMasquerade(podRange) });
        this.#hasMasquerade = true;
      }
      const self = all.find((node) => node.metadata.name === nodeName);
      if (self !== undefined) await this.#writeCni(podRangesOf(self));
    }
    const actual = parseRoutes(await this.#host.processes.check(['ip', '-4', 'route', 'show', 'proto', String(routeProtocol)]));
    const changes = routeChanges(desiredRoutes(all, nodeName), actual);
    if (changes.length === 0) return;
    await this.#host.processes.check(['ip', '-batch', '-'], { input: `${changes.join('\n')}\n` });
    this.#runtime.log.info('changed routes to pods', { changes });
  }

  /** containerd watches the directory: the node's runtime is ready for pods once the file is there. */
  async #writeCni(podRanges: readonly string[]): Promise<void> {
    if (podRanges.length === 0) return; // the node has not been given its range yet
    const text = renderCniConfig({ podRanges, mtu: this.#config.mtu });
    if (text === this.#cniText) return;
    const path = `${this.#config.cniDirectory}/${cniFileName}`;
    if ((await this.#host.files.readText(path)) !== text) {
      await this.#host.files.makeDirectory(this.#config.cniDirectory);
      await this.#host.files.write(path, text, { mode: 0o644, isAtomic: true });
    }
    this.#cniText = text;
  }
}

/** What of a Node matters here; the rest, such as its list of images, is not kept. */
function trim(node: Node): Node {
  const { status, ...rest } = node;
  return status?.addresses === undefined ? rest : { ...rest, status: { addresses: status.addresses } };
}

function fingerprint(node: Node): string {
  return JSON.stringify([podRangesOf(node), node.status?.addresses]);
}
