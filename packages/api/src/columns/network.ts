/** Columns of Services and of what stands behind them. */
import type { Endpoints } from '../core/v1/endpoints.ts';
import type { Service } from '../core/v1/service.ts';
import type { EndpointSlice } from '../discovery/v1/endpoint-slice.ts';
import type { Column } from '../resource.ts';
import { ageColumn, firstThree, labelText, nameColumn } from './cells.ts';

export const serviceColumns: readonly Column<Service>[] = [
  nameColumn,
  { name: 'Type', type: 'string', value: ({ spec }) => spec.type ?? '' },
  { name: 'Cluster-IP', type: 'string', value: ({ spec }) => spec.clusterIPs?.[0] ?? '<none>' },
  { name: 'External-IP', type: 'string', value: externalText },
  { name: 'Port(s)', type: 'string', value: portsText },
  ageColumn,
  { name: 'Selector', type: 'string', isWide: true, value: ({ spec }) => labelText(spec.selector) },
];

export const endpointsColumns: readonly Column<Endpoints>[] = [
  nameColumn,
  { name: 'Endpoints', type: 'string', value: endpointsText },
  ageColumn,
];

export const endpointSliceColumns: readonly Column<EndpointSlice>[] = [
  nameColumn,
  { name: 'AddressType', type: 'string', value: ({ addressType }) => addressType },
  { name: 'Ports', type: 'string', value: ({ ports }) => firstThree((ports ?? []).map((port) => (port.port === undefined ? (port.name ?? '*') : String(port.port)))) },
  { name: 'Endpoints', type: 'string', value: ({ endpoints }) => firstThree((endpoints ?? []).flatMap((endpoint) => endpoint.addresses ?? [])) },
  ageColumn,
];

function externalText({ spec, status }: Service): string {
  const external = spec.externalIPs ?? [];
  switch (spec.type) {
    case 'ExternalName': return spec.externalName ?? '';
    case 'ClusterIP':
    case 'NodePort': return external.length === 0 ? '<none>' : external.join(',');
    case 'LoadBalancer': {
      const given = (status?.loadBalancer?.ingress ?? []).map((ingress) => ingress.ip ?? ingress.hostname ?? '').filter((address) => address !== '');
      const all = [...[...new Set(given)].sort(), ...external];
      return all.length === 0 ? '<pending>' : all.join(',');
    }
    default: return '<unknown>';
  }
}

function portsText({ spec }: Service): string {
  const ports = (spec.ports ?? []).map((port) => `${port.port}${(port.nodePort ?? 0) > 0 ? `:${port.nodePort ?? 0}` : ''}/${port.protocol ?? ''}`);
  return ports.length === 0 ? '<none>' : ports.join(',');
}

function endpointsText({ subsets = [] }: Endpoints): string {
  if (subsets.length === 0) return '<none>';
  const all = subsets.flatMap(({ addresses = [], ports = [] }) => (ports.length === 0 ? addresses.map(({ ip }) => ip) : ports.flatMap(({ port }) => addresses.map(({ ip }) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)))));
  return all.length > 3 ? `${all.slice(0, 3).join(',')} + ${all.length - 3} more...` : all.join(',');
}
