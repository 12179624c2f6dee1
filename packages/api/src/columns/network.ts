/** Columns of Services and of what stands behind them. */
import type { Endpoints } from '../core/v1/endpoints.ts';
import type { Service } from '../core/v1/service.ts';
import type { EndpointSlice } from '../discovery/v1/endpoint-slice.ts';
import type { IngressClass } from '../networking/v1/ingress-class.ts';
import type { Ingress } from '../networking/v1/ingress.ts';
import type { IPAddress } from '../networking/v1/ip-address.ts';
import type { NetworkPolicy } from '../networking/v1/network-policy.ts';
import type { ServiceCIDR } from '../networking/v1/service-cidr.ts';
import type { Column } from '../resource.ts';
import { ageColumn, firstThree, labelText, nameColumn, selectorText } from './cells.ts';

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

export const ingressColumns: readonly Column<Ingress>[] = [
  nameColumn,
  { name: 'Class', type: 'string', value: ({ spec }) => spec.ingressClassName ?? '<none>' },
  { name: 'Hosts', type: 'string', value: hostsText },
  { name: 'Address', type: 'string', value: ({ status }) => [...new Set((status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname ?? '').filter((address) => address !== ''))].sort().join(',') },
  { name: 'Ports', type: 'string', value: ({ spec }) => ((spec.tls ?? []).length === 0 ? '80' : '80, 443') },
  ageColumn,
];

export const ingressClassColumns: readonly Column<IngressClass>[] = [
  { ...nameColumn, value: ({ metadata }) => `${metadata.name ?? ''}${metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true' ? ' (default)' : ''}` },
  { name: 'Controller', type: 'string', value: ({ spec }) => spec.controller ?? '' },
  { name: 'Parameters', type: 'string', value: ({ spec: { parameters } }) => (parameters === undefined ? '<none>' : `${parameters.kind}${parameters.apiGroup === undefined ? '' : `.${parameters.apiGroup}`}/${parameters.name}`) },
  ageColumn,
];

export const networkPolicyColumns: readonly Column<NetworkPolicy>[] = [
  nameColumn,
  { name: 'Pod-Selector', type: 'string', value: ({ spec }) => selectorText(spec.podSelector) },
  ageColumn,
];

export const serviceCidrColumns: readonly Column<ServiceCIDR>[] = [
  nameColumn,
  { name: 'CIDRs', type: 'string', value: ({ spec }) => (spec.cidrs ?? []).join(',') },
  ageColumn,
];

/** Kubernetes: rows have an age, for which there is no heading. */
export const ipAddressColumns: readonly Column<IPAddress>[] = [
  nameColumn,
  { name: 'ParentRef', type: 'string', value: parentText },
  { ...ageColumn, isUnnamed: true },
];

const mostHosts = 3;

function hostsText({ spec: { rules = [] } }: Ingress): string {
  const hosts: string[] = [];
  let isCut = false;
  for (const { host = '' } of rules) {
    if (hosts.length === mostHosts) isCut = true;
    else if (host !== '') hosts.push(host);
  }
  if (hosts.length === 0) return '*';
  return isCut ? `${hosts.join(',')} + ${rules.length - mostHosts} more...` : hosts.join(',');
}

function parentText({ spec: { parentRef } }: IPAddress): string {
  if (parentRef === undefined) return '<none>';
  const { group = '', resource, namespace = '', name } = parentRef;
  return `${(group === '' ? resource : `${resource}.${group}`).toLowerCase()}${namespace === '' ? '' : `/${namespace}`}/${name}`;
}

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
