/** Which remembered UDP flows lead nowhere: without a handshake nothing else would tell the kernel that an endpoint is gone. Pure. */
import type { ServiceEntry, Table } from './table.ts';

/** Arguments for `conntrack --delete`, one list a command. */
export function staleFlows(before: Table | undefined, after: Table): readonly (readonly string[])[] {
  if (before === undefined) return [];
  const wanted = new Map(after.services.map((service) => [service.id, service]));
  return before.services.filter(({ protocol }) => protocol === 'udp').flatMap((service) => flowsOf(service, wanted.get(service.id)));
}

function flowsOf(before: ServiceEntry, after: ServiceEntry | undefined): readonly (readonly string[])[] {
  if (before === after) return [];
  const addresses = (service: ServiceEntry): ReadonlySet<string> => new Set([...service.internal, ...service.external, ...service.cluster].map(({ address }) => address));
  const still = after === undefined ? new Set<string>() : addresses(after);
  const gone = [...addresses(before)].filter((address) => !still.has(address));
  return gone.flatMap((endpoint) => [
    ...[...before.clusterAddresses, ...before.externalAddresses].map((address) => ['--proto', 'udp', '--orig-dst', address, '--dst-nat', endpoint]),
    ...(before.nodePort === undefined ? [] : [['--proto', 'udp', '--dport', String(before.nodePort), '--dst-nat', endpoint]]),
  ]);
}
