/** Gives each node its part of the pod range, once and for good. */
import { nodes } from '@kaji/api/core/v1';
import { type Controller, watch } from '../controller.ts';
import { allocate, parsePodRange } from './plan.ts';

export interface NodeIpamOptions {
  readonly podCidr: string;
  /** Prefix length of a node's part; upstream's default is 24. */
  readonly nodePrefix: number;
}

export function nodeIpamController({ podCidr, nodePrefix }: NodeIpamOptions): Controller {
  const range = parsePodRange(podCidr, nodePrefix);
  /** Given away here and perhaps not in the cache yet, by node. */
  const given = new Map<string, string>();
  return {
    name: 'node-ipam-controller',
    component: 'cidrAllocator',
    watches: [watch(nodes, 'self')],
    concurrency: 1,
    async reconcile(key, { client, caches, events }) {
      const cache = caches.of(nodes);
      const node = cache.get(key);
      if (node === undefined) given.delete(key.name);
      if (node === undefined || (node.spec.podCIDR ?? '') !== '') return 'done';
      const taken = new Set(given.values());
      for (const other of cache.all()) for (const cidr of other.spec.podCIDRs ?? []) taken.add(cidr);
      const cidr = given.get(key.name) ?? allocate(range, taken);
      if (cidr === undefined) {
        events.event(node, 'Normal', 'CIDRNotAvailable', `Node ${key.name} status is now: CIDRNotAvailable`);
        return { retryAfterMs: 60_000 };
      }
      given.set(key.name, cidr);
      await client.patch(nodes, key, { type: 'strategic', body: { spec: { podCIDR: cidr, podCIDRs: [cidr] } } });
      return 'done';
    },
  };
}
