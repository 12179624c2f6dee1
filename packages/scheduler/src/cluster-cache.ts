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
  /** Pods that wait for others to leave a node, by uid. */
  readonly #nominated = new Map<string, { readonly pod: Pod; readonly node: string }>();
  #snapshot: Snapshot | undefined;

  /** Made anew only after a change. */
  snapshot(): Snapshot {
    this.#snapshot ??= { nodes: [...this.#nodes.values()], imageNodes: countImages(this.#nodes.values()), nominated: this.#nominatedByNode() };
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
    const known = this.#placed.get(pod.metadata.uid ?? '');
    const isSame = known?.isAssumed === false && known.node === pod.spec.nodeName && known.pod.metadata.generation === pod.metadata.generation && known.pod.metadata.deletionTimestamp === pod.metadata.deletionTimestamp;
    if (isSame) return; // a status that changed takes no room
    this.#place(pod, pod.spec.nodeName ?? '', false);
  }

  /** Counts the pod on the node from now on, until the API shows it there or `forget`. */
  assume(pod: Pod, node: string): void {
    this.#place(pod, node, true);
  }

  /** Keeps the node's room for the pod from those that matter less; an empty name ends that. */
  nominate(pod: Pod, node: string): void {
    const uid = pod.metadata.uid ?? '';
    if (this.#nominated.get(uid)?.node === node) return;
    if (node === '') this.#nominated.delete(uid);
    else this.#nominated.set(uid, { pod, node });
    this.#snapshot = undefined;
  }

  /** Takes back an assumption; what the API has shown stays. */
  forget(uid: string): void {
    if (this.#placed.get(uid)?.isAssumed === true) this.removePod(uid);
  }

  isAssumed(uid: string): boolean {
    return this.#placed.get(uid)?.isAssumed === true;
  }

  /** Wherever it was: on a node, or waiting for one. */
  removePod(uid: string): void {
    if (this.#nominated.delete(uid)) this.#snapshot = undefined;
    const placed = this.#placed.get(uid);
    if (placed === undefined) return;
    this.#placed.delete(uid);
    this.#homeless.get(placed.node)?.delete(uid);
    const info = this.#nodes.get(placed.node);
    if (info !== undefined) this.#nodes.set(placed.node, info.withoutPod(uid));
    this.#snapshot = undefined;
  }

  #nominatedByNode(): ReadonlyMap<string, readonly Pod[]> {
    const byNode = new Map<string, Pod[]>();
    for (const { pod, node } of this.#nominated.values()) byNode.set(node, [...(byNode.get(node) ?? []), pod]);
    return byNode;
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
