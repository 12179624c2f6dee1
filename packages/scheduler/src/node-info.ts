/** A node and the pods on it, summed up. Immutable: with a pod more or less it is another value, so a snapshot is a list of them. */
import type { Node, Pod } from '@kaji/api/core/v1';
import { type HostPort, hostPortsOf } from '@kaji/api/placement';
import { normalizedImageName } from './image-name.ts';
import { add, type Amounts, amountsOf, requestsOf, scoredRequestsOf } from './requests.ts';

export class NodeInfo {
  readonly node: Node;
  readonly pods: readonly Pod[];
  readonly allocatable: ReadonlyMap<string, number>;
  /** What the pods ask for, and the same with assumptions for those that do not say. */
  readonly requested: ReadonlyMap<string, number>;
  readonly scoredRequested: ReadonlyMap<string, number>;
  readonly usedPorts: readonly HostPort[];
  /** Bytes by normalised name. */
  readonly images: ReadonlyMap<string, number>;

  private constructor(parts: Omit<NodeInfo, 'name' | 'withNode' | 'withPod' | 'withoutPod'>) {
    this.node = parts.node;
    this.pods = parts.pods;
    this.allocatable = parts.allocatable;
    this.requested = parts.requested;
    this.scoredRequested = parts.scoredRequested;
    this.usedPorts = parts.usedPorts;
    this.images = parts.images;
  }

  static of(node: Node, pods: readonly Pod[] = []): NodeInfo {
    const empty = new NodeInfo({ node, pods: [], allocatable: amountsOf(node.status?.allocatable), requested: new Map(), scoredRequested: new Map(), usedPorts: [], images: imagesOf(node) });
    return pods.reduce((info, pod) => info.withPod(pod), empty);
  }

  get name(): string {
    return this.node.metadata.name ?? '';
  }

  withNode(node: Node): NodeInfo {
    return new NodeInfo({ ...this, node, allocatable: amountsOf(node.status?.allocatable), images: imagesOf(node) });
  }

  withPod(pod: Pod): NodeInfo {
    return new NodeInfo({
      ...this,
      pods: [...this.pods, pod],
      requested: sum(this.requested, requestsOf(pod), 1),
      scoredRequested: sum(this.scoredRequested, scoredRequestsOf(pod), 1),
      usedPorts: [...this.usedPorts, ...hostPortsOf(pod)],
    });
  }

  withoutPod(uid: string): NodeInfo {
    const gone = this.pods.find((pod) => pod.metadata.uid === uid);
    if (gone === undefined) return this;
    const pods = this.pods.filter((pod) => pod !== gone);
    return new NodeInfo({
      ...this,
      pods,
      requested: sum(this.requested, requestsOf(gone), -1),
      scoredRequested: sum(this.scoredRequested, scoredRequestsOf(gone), -1),
      usedPorts: hostPortsOf(gone).length === 0 ? this.usedPorts : pods.flatMap(hostPortsOf),
    });
  }
}

function sum(amounts: ReadonlyMap<string, number>, more: Amounts, sign: 1 | -1): Amounts {
  const total = new Map(amounts);
  add(total, more, sign);
  return total;
}

function imagesOf(node: Node): ReadonlyMap<string, number> {
  const images = new Map<string, number>();
  for (const image of node.status?.images ?? []) for (const name of image.names ?? []) images.set(normalizedImageName(name), Number(image.sizeBytes ?? 0));
  return images;
}
