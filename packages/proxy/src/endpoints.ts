/** Which endpoints of a service take traffic on this node: readiness, termination, traffic policies and hints. */
import type { ServicePort, ServiceSpec } from '@kaji/api/core/v1';
import type { EndpointSlice } from '@kaji/api/discovery/v1';

/** Where traffic is sent. */
export interface Target {
  readonly address: string;
  readonly port: number;
  /** On this node. */
  readonly isLocal: boolean;
}

interface Candidate extends Target {
  readonly isReady: boolean;
  readonly isServing: boolean;
  readonly isTerminating: boolean;
  readonly zones: readonly string[];
  readonly nodes: readonly string[];
}

/** This node, as topology sees it. */
export interface Place {
  readonly nodeName: string;
  readonly zone: string;
}

export interface Targets {
  /** For traffic to cluster addresses. */
  readonly internal: readonly Target[];
  /** For traffic from outside. */
  readonly external: readonly Target[];
  /** What traffic from outside reaches when it comes from this node or its pods: the policy is about sources that would be lost. */
  readonly cluster: readonly Target[];
  /** Some endpoint takes traffic, perhaps on another node. */
  readonly hasAny: boolean;
}

export function targetsOf(spec: ServiceSpec, port: ServicePort, slices: Iterable<EndpointSlice>, place: Place): Targets {
  const candidates = candidatesOf(port, slices, place.nodeName);
  const available = usable(candidates.filter(fitsTopology(spec, candidates, place)), candidates);
  const local = usable(candidates.filter(({ isLocal }) => isLocal), candidates.filter(({ isLocal }) => isLocal));
  const hasAny = candidates.some(({ isReady, isServing, isTerminating }) => isReady || (isServing && isTerminating));
  return {
    internal: spec.internalTrafficPolicy === 'Local' ? local : available,
    external: spec.externalTrafficPolicy === 'Local' ? local : available,
    cluster: available, hasAny,
  };
}

function candidatesOf(port: ServicePort, slices: Iterable<EndpointSlice>, nodeName: string): readonly Candidate[] {
  const byAddress = new Map<string, Candidate>();
  for (const slice of slices) {
    if ((slice.addressType as string) !== 'IPv4') continue;
    const match = slice.ports?.find(({ name, protocol }) => (name ?? '') === (port.name ?? '') && (protocol ?? 'TCP') === (port.protocol ?? 'TCP'));
    if (match?.port === undefined) continue;
    for (const { addresses, conditions, nodeName: on, hints } of slice.endpoints ?? []) {
      const [address] = addresses;
      if (address === undefined) continue;
      const isReady = conditions?.ready ?? true;
      byAddress.set(`${address}:${match.port}`, {
        address, port: match.port, isLocal: on === nodeName, isReady, isServing: conditions?.serving ?? isReady, isTerminating: conditions?.terminating ?? false,
        zones: hints?.forZones?.map(({ name }) => name) ?? [], nodes: hints?.forNodes?.map(({ name }) => name) ?? [],
      });
    }
  }
  return [...byAddress.values()].sort((a, b) => (a.address === b.address ? a.port - b.port : a.address < b.address ? -1 : 1));
}

/** The ready ones; where there is none, those that still serve while they end. */
function usable(preferred: readonly Candidate[], all: readonly Candidate[]): readonly Target[] {
  const ready = preferred.filter(({ isReady }) => isReady);
  const chosen = ready.length > 0 ? ready : all.filter(({ isServing, isTerminating }) => isServing && isTerminating);
  return chosen.map(({ address, port, isLocal }) => ({ address, port, isLocal }));
}

/** Kubernetes: hints count only when every ready endpoint has them and one is for this node or zone; else all would be sent nowhere. */
function fitsTopology(spec: ServiceSpec, candidates: readonly Candidate[], { nodeName, zone }: Place): (candidate: Candidate) => boolean {
  if (spec.internalTrafficPolicy === 'Local' && spec.externalTrafficPolicy === 'Local') return () => true;
  const ready = candidates.filter(({ isReady }) => isReady);
  if (ready.length > 0 && ready.every(({ nodes }) => nodes.length > 0) && ready.some(({ nodes }) => nodes.includes(nodeName))) return ({ nodes }) => nodes.includes(nodeName);
  if (zone !== '' && ready.length > 0 && ready.every(({ zones }) => zones.length > 0) && ready.some(({ zones }) => zones.includes(zone))) return ({ zones }) => zones.includes(zone);
  return () => true;
}
