/** Routes to the pods of other nodes: decided from Node objects, compared with what the kernel has, applied as commands. */
import type { Node } from '@kaji/api/core/v1';

export interface Route {
  /** A node's pod range. */
  readonly destination: string;
  /** That node's address. */
  readonly via: string;
}

/** The kernel marks our routes with this protocol number, so that nobody else's are ever touched. */
export const routeProtocol = 142;

/** One route for each pod range of each other node that has an address. `self` is undefined where no node runs, as beside the API server. */
export function desiredRoutes(nodes: Iterable<Node>, self: string | undefined): readonly Route[] {
  const routes: Route[] = [];
  for (const node of nodes) {
    const via = node.status?.addresses?.find((address) => address.type === 'InternalIP')?.address;
    if (node.metadata.name === self || via === undefined) continue;
    for (const destination of podRangesOf(node)) routes.push({ destination, via });
  }
  return routes.sort((left, right) => (left.destination < right.destination ? -1 : 1));
}

/** IPv4 ranges only: the network has no IPv6 yet. */
export function podRangesOf(node: Node): readonly string[] {
  const { podCIDRs, podCIDR } = node.spec ?? {};
  const ranges = podCIDRs !== undefined && podCIDRs.length > 0 ? podCIDRs : podCIDR === undefined || podCIDR === '' ? [] : [podCIDR];
  return ranges.filter((range) => !range.includes(':'));
}

/** What `ip -4 route show proto 142` says. */
export function parseRoutes(text: string): readonly Route[] {
  const routes: Route[] = [];
  for (const line of text.split('\n')) {
    const match = /^(\S+) via (\S+)/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) routes.push({ destination: match[1], via: match[2] });
  }
  return routes;
}

/** Lines for `ip -batch -` that turn the routes there are into those there should be. Empty when nothing differs. */
export function routeChanges(desired: readonly Route[], actual: readonly Route[]): readonly string[] {
  const wanted = new Map(desired.map((route) => [route.destination, route.via]));
  const present = new Map(actual.map((route) => [route.destination, route.via]));
  const lines: string[] = [];
  for (const destination of present.keys()) if (!wanted.has(destination)) lines.push(`route del ${destination} proto ${routeProtocol}`);
  for (const [destination, via] of wanted) if (present.get(destination) !== via) lines.push(`route replace ${destination} via ${via} proto ${routeProtocol}`);
  return lines;
}
