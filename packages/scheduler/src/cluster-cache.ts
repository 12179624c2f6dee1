/** Nodes and their pods as the scheduler believes them to be: what the API shows, plus pods it has just decided about. */
import type { Node, Pod } from '@kaji/api/core/v1';
import { type Snapshot } from './framework.ts';
import { NodeInfo } from './node-info.ts';

interface Placed {
  readonly pod: Pod;
  readonly node: string;
  /** Decided, and not yet seen in the API. */
  readonly isAssumed: boolean;
}

export class ClusterCache {
  readonly #nodes = new Map<string, NodeInfo>();
  readonly #placed = new Map<string, Placed>();
  /** Pods on nodes not known (yet). */
  readonly #homeless = new Map<string, Set<string>>();
  #snapshot: Snapshot | undefined;

  /** Made anew only after a change. */
  snapshot(): Snapshot {
    this.#snapshot ??= { nodes: [...this.#nodes.values()], imageNodes: countImages(this.#nodes.values()) };
    return this.#snapshot;
  }

  setNode(node: Node): void {
    const name = node.metadata.name ?? '';
    const known = this.#nodes.get(name);
    const pods = [...(this.#homeless.get(name) ?? [])].flatMap((uid) => this.#placed.get(uid)?.pod ?? []);
    this.#homeless.delete(name);
    this.#nodes.set(name, known === undefined ? NodeInfo.of(node, pods) : known.withNode(node));
    this.#snapshot = undefined;
  }

  removeNode(name: string): void {
    const pods = this.#nodes.get(name)?.pods ?? [];
    this.#nodes.delete(name);
    if (pods.length > 0) this.#homeless.set(name, new Set(pods.map(({ metadata }) => metadata.uid ?? '')));
    this.#snapshot = undefined;
  }

  /** A pod that the API shows on a node. */
  setPod(pod: Pod): void {
    this.#place(pod, pod.spec.nodeName ?? '', false);
  }

  /** Counts the pod on the node from now on, until the API shows it there or `forget`. */
  assume(pod: Pod, node: string): void {
    this.#place(pod, node, true);
  }

  /** Takes back an assumption; what the API has shown stays. */
  forget(uid: string): void {
    if (this.#placed.get(uid)?.isAssumed === true) this.removePod(uid);
  }

  isAssumed(uid: string): boolean {
    return this.#placed.get(uid)?.isAssumed === true;
  }

  removePod(uid: string): void {
    const placed = this.#placed.get(uid);
    if (placed === undefined) return;
    this.#placed.delete(uid);
    this.#homeless.get(placed.node)?.delete(uid);
    const info = this.#nodes.get(placed.node);
    if (info !== undefined) this.#nodes.set(placed.node, info.withoutPod(uid));
    this.#snapshot = undefined;
  }

  #place(pod: Pod, node: string, isAssumed: boolean): void {
    const uid = pod.metadata.uid ?? '';
    this.removePod(uid);
    this.#placed.set(uid, { pod, node, isAssumed });
    const info = this.#nodes.get(node);
    if (info === undefined) this.#homeless.set(node, (this.#homeless.get(node) ?? new Set()).add(uid));
    else this.#nodes.set(node, info.withPod(pod));
    this.#snapshot = undefined;
  }
}

function countImages(nodes: Iterable<NodeInfo>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { images } of nodes) for (const name of images.keys()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
