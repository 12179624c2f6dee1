/** Endpoints that somebody else keeps, as slices. */
import type { EndpointAddress, Endpoints } from '@kaji/api/core/v1';
import type { Endpoint } from '@kaji/api/discovery/v1';
import type { SliceContent } from '../endpoint-slice/plan.ts';

/** Kubernetes: upstream's default of --mirroring-max-endpoints-per-subset. */
const addressesPerSubset = 1000;

export function desired(endpoints: Endpoints): readonly SliceContent[] {
  const groups = new Map<string, { addressType: 'IPv4' | 'IPv6'; ports: SliceContent['ports']; endpoints: Endpoint[] }>();
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of endpoints.subsets ?? []) {
    const slicePorts = ports.map((port) => ({ name: port.name ?? '', port: port.port, protocol: port.protocol ?? 'TCP', ...(port.appProtocol === undefined ? {} : { appProtocol: port.appProtocol }) }));
    const all = [...addresses.map((address) => [address, true] as const), ...notReadyAddresses.map((address) => [address, false] as const)].slice(0, addressesPerSubset);
    for (const [address, ready] of all) {
      const addressType = address.ip.includes(':') ? 'IPv6' : 'IPv4';
      const id = `${addressType} ${JSON.stringify(slicePorts)}`;
      const group = groups.get(id) ?? { addressType, ports: slicePorts, endpoints: [] };
      group.endpoints.push(endpointOf(address, ready));
      groups.set(id, group);
    }
  }
  return [...groups.values()];
}

const endpointOf = ({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean): Endpoint => ({
  addresses: [ip],
  conditions: { ready },
  ...((hostname ?? '') === '' ? {} : { hostname }),
  ...(nodeName === undefined ? {} : { nodeName }),
  ...(targetRef === undefined ? {} : { targetRef }),
});
