// The Service through which pods reach this server, and where it leads. Pure.
import type { ApiObject } from '@kaji/api';
import { endpoints, services } from '@kaji/api/core/v1';
import { endpointslices } from '@kaji/api/discovery/v1';
import { ipaddresses, servicecidrs } from '@kaji/api/networking/v1';
import { formatTime } from '@kaji/schema';
import { recordOf } from '../registry/core/service-addresses.ts';
import type { Seed } from '../registry/parts.ts';

/** The first address of a range: `10.96.0.1` of `10.96.0.0/12`. */
export function firstAddress(cidr: string): string {
  const [base = ''] = cidr.split('/');
  if (base.includes(':')) return base.endsWith('::') ? `${base}1` : base.replace(/[^:]*$/, (last) => (Number.parseInt(last === '' ? '0' : last, 16) + 1).toString(16));
  const bytes = base.split('.').map(Number);
  const [first = 0, second = 0, third = 0, fourth = 0] = bytes;
  const next = ((first * 256 + second) * 256 + third) * 256 + fourth + 1;
  return [next / 2 ** 24, next / 2 ** 16, next / 2 ** 8, next].map((part) => Math.floor(part) % 256).join('.');
}

const familyOf = (address: string): string => (address.includes(':') ? 'IPv6' : 'IPv4');

export function kubernetesService(range: string, securePort: number): Seed {
  const clusterIP = firstAddress(range);
  const service = {
    apiVersion: 'v1', kind: 'Service',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: {
      clusterIP, clusterIPs: [clusterIP], type: 'ClusterIP', sessionAffinity: 'None', ipFamilies: [familyOf(clusterIP)], ipFamilyPolicy: 'SingleStack', internalTrafficPolicy: 'Cluster',
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: securePort }],
    },
    status: { loadBalancer: {} },
  };
  return { resource: services, object: service satisfies ApiObject };
}

/** Keeps the Service's address for it. */
export const kubernetesAddress = (range: string): Seed => ({ resource: ipaddresses, object: recordOf({ metadata: { name: 'kubernetes', namespace: 'default' } }, firstAddress(range)) });

/** The ranges that services get their addresses of, as an object: proxies refuse what lies in them and leads nowhere. */
export function kubernetesServiceCidr(ranges: readonly string[], nowMs: number): Seed {
  const ready = { type: 'Ready', status: 'True', reason: '', message: 'Kubernetes Service CIDR is ready', lastTransitionTime: formatTime(nowMs) };
  const object = {
    apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: { name: 'kubernetes', finalizers: ['networking.k8s.io/service-cidr-finalizer'] },
    spec: { cidrs: [...ranges] }, status: { conditions: [ready] },
  };
  return { resource: servicecidrs, object: object satisfies ApiObject };
}

/** Endpoints in both forms, the old one marked so that nobody mirrors it. */
export function kubernetesEndpoints(address: string, port: number): readonly Seed[] {
  const metadata = { name: 'kubernetes', namespace: 'default' };
  const oldForm = {
    apiVersion: 'v1', kind: 'Endpoints', metadata: { ...metadata, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: [{ ip: address }], ports: [{ name: 'https', port, protocol: 'TCP' }] }],
  };
  const slice = {
    apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { ...metadata, labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: familyOf(address), endpoints: [{ addresses: [address], conditions: { ready: true } }], ports: [{ name: 'https', port, protocol: 'TCP' }],
  };
  return [{ resource: endpoints, object: oldForm satisfies ApiObject }, { resource: endpointslices, object: slice satisfies ApiObject }];
}
