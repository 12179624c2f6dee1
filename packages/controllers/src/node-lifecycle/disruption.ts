/** How fast pods may be driven from lost nodes: the more nodes of a zone are lost, the likelier it is that the fault is not theirs. */
import type { Node } from '@kaji/api/core/v1';
import { conditionOf } from './plan.ts';

/** Kubernetes: --node-eviction-rate, --secondary-node-eviction-rate, --unhealthy-zone-threshold, --large-cluster-size-threshold. */
const rates = { everyMs: 10_000, partlyEveryMs: 100_000 };
const unhealthyShare = 0.55;
const largeZone = 50;

/** `never`: not one node of the cluster is ready, so it is we who cannot see them. Otherwise one node of the zone at a time. */
export type Eviction = 'never' | { readonly everyMs: number };

export const zoneOf = (node: Node): string => `${node.metadata.labels?.['topology.kubernetes.io/region'] ?? ''}/${node.metadata.labels?.['topology.kubernetes.io/zone'] ?? ''}`;

const isReady = (node: Node): boolean => conditionOf(node, 'Ready')?.status === 'True';

export function evictionOf(node: Node, nodes: Iterable<Node>): Eviction {
  let isAnyReady = false;
  let ready = 0;
  let lost = 0;
  const zone = zoneOf(node);
  for (const other of nodes) {
    if (isReady(other)) isAnyReady = true;
    if (zoneOf(other) !== zone) continue;
    if (isReady(other)) ready++;
    else lost++;
  }
  if (!isAnyReady) return 'never';
  const isPartlyLost = ready > 0 && lost > 2 && lost / (ready + lost) >= unhealthyShare;
  if (!isPartlyLost) return { everyMs: rates.everyMs };
  return { everyMs: ready + lost > largeZone ? rates.partlyEveryMs : Infinity };
}
