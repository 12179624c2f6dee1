/** What load balancers are told: which Services have endpoints on this node, and whether this proxy keeps up. Pure. */
import type { Node } from '@kaji/api/core/v1';
import type { EndpointSlice } from '@kaji/api/discovery/v1';
import type { TableInput } from './table.ts';

/** A Service whose external traffic stays on the node: balancers ask each node on its port of its own. */
export interface ServiceHealth {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
  readonly localEndpoints: number;
}

/** Whether the rules follow what the API says. Times are milliseconds of the wall clock. */
export interface ProxyHealth {
  /** Undefined until the rules were written for the first time. */
  readonly updatedAtMs: number | undefined;
  /** Since when a change waits to be written; undefined when none does. */
  readonly pendingSinceMs: number | undefined;
}

export interface HealthAnswer {
  readonly status: 200 | 503;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Kubernetes: twice the period of upstream's full synchronization. */
const healthTimeoutMs = 60_000;
/** Kubernetes: how the cluster autoscaler marks a node that it is about to remove. */
const toBeDeletedTaint = 'ToBeDeletedByClusterAutoscaler';

export function servicesHealth({ services, slicesOf, nodeName }: Pick<TableInput, 'services' | 'slicesOf' | 'nodeName'>): readonly ServiceHealth[] {
  const all: ServiceHealth[] = [];
  for (const { metadata, spec } of services) {
    const port = spec.healthCheckNodePort ?? 0;
    if (port === 0 || spec.type !== 'LoadBalancer' || spec.externalTrafficPolicy !== 'Local') continue;
    const [namespace, name] = [metadata.namespace ?? '', metadata.name ?? ''];
    all.push({ namespace, name, port, localEndpoints: readyAddresses(slicesOf(`${namespace}/${name}`), nodeName).size });
  }
  return all;
}

/** Kubernetes: endpoints that end do not count, though they take traffic when no other is left: balancers shall look elsewhere. */
function readyAddresses(slices: Iterable<EndpointSlice>, nodeName: string): ReadonlySet<string> {
  const addresses = new Set<string>();
  for (const { addressType, endpoints } of slices) {
    if ((addressType as string) !== 'IPv4') continue;
    for (const { addresses: [address], conditions, nodeName: on } of endpoints ?? []) {
      if (address !== undefined && on === nodeName && (conditions?.ready ?? true)) addresses.add(address);
    }
  }
  return addresses;
}

/** Healthy while it starts, too. */
export const isHealthy = ({ updatedAtMs, pendingSinceMs }: ProxyHealth, nowMs: number): boolean => updatedAtMs === undefined || pendingSinceMs === undefined || nowMs - pendingSinceMs < healthTimeoutMs;

const jsonHeaders = { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' };

/** The answer on a Service's own port, whatever the path. */
export function serviceAnswer({ namespace, name, localEndpoints }: ServiceHealth, serviceProxyHealthy: boolean): HealthAnswer {
  return {
    status: localEndpoints > 0 && serviceProxyHealthy ? 200 : 503,
    headers: { ...jsonHeaders, 'x-load-balancing-endpoint-weight': String(localEndpoints) },
    body: JSON.stringify({ service: { namespace, name }, localEndpoints, serviceProxyHealthy }, undefined, '\t'),
  };
}

/** `/healthz`: whether balancers may send anything here; a node that is going away says no. `/livez`: whether the proxy works. Undefined for other paths. */
export function proxyAnswer(path: string, health: ProxyHealth, { node, nowMs }: { readonly node: Node | undefined; readonly nowMs: number }): HealthAnswer | undefined {
  if (path !== '/healthz' && path !== '/livez') return undefined;
  const healthy = isHealthy(health, nowMs);
  const nodeEligible = node !== undefined && node.metadata.deletionTimestamp === undefined && !(node.spec.taints ?? []).some(({ key }) => key === toBeDeletedTaint);
  const isGood = healthy && (path === '/livez' || nodeEligible);
  const rules = health.updatedAtMs === undefined ? undefined : { lastUpdated: instant(health.updatedAtMs), healthy };
  // Kubernetes: a healthy proxy's last update is now, as when it wrote its rules over and over.
  const lastUpdated = isGood ? instant(nowMs) : rules?.lastUpdated ?? '0001-01-01T00:00:00Z';
  return {
    status: isGood ? 200 : 503, headers: jsonHeaders,
    body: JSON.stringify({ lastUpdated, currentTime: instant(nowMs), ...(path === '/healthz' ? { nodeEligible } : {}), healthy, ...(rules === undefined ? {} : { status: { IPv4: rules } }) }),
  };
}

const instant = (ms: number): string => new Date(ms).toISOString();
