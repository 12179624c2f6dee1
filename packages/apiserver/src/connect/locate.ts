// Where a pod's node, a pod or a Service's endpoint is reached. Pure, in upstream's words.
import { ApiError, badRequest, notFound } from '@kaji/api';
import { endpoints, type Node, nodes, type Pod, pods, services } from '@kaji/api/core/v1';
import type { Random } from '@kaji/base';
import type { Reader } from '../registry/reader.ts';

export interface Location {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: string;
  /** It is a kubelet: we show it our certificate and check its own. */
  readonly isKubelet: boolean;
}

export const addressOf = ({ scheme, host, port }: Location): string => `${scheme}://${host.includes(':') ? `[${host}]` : host}${port === '' ? '' : `:${port}`}`;

interface Identifier {
  readonly scheme: string;
  readonly name: string;
  readonly port: string;
}

/** `name`, `name:port` or `scheme:name:port`. */
function split(id: string, what: string): Identifier {
  const parts = id.split(':');
  const [scheme = '', name = '', port = ''] = parts.length === 3 ? parts : ['', ...parts];
  if (parts.length > 3 || name === '' || !['', 'http', 'https'].includes(scheme)) throw badRequest(`invalid ${what} request ${JSON.stringify(id)}`);
  return { scheme, name, port };
}

const schemeOf = (scheme: string): 'http' | 'https' => (scheme === 'https' ? 'https' : 'http');

/** Kubernetes: internal addresses before names, which only some networks resolve. */
const preferredAddresses = ['InternalIP', 'Hostname', 'InternalDNS', 'ExternalDNS', 'ExternalIP'];

export function kubeletOf(reader: Reader, nodeName: string): Location {
  const node = reader.get(nodes, '', nodeName);
  if (node === undefined) throw notFound(nodes, nodeName);
  return { scheme: 'https', host: nodeAddress(node, nodeName), port: String(node.status?.daemonEndpoints?.kubeletEndpoint?.Port ?? 10250), isKubelet: true };
}

function nodeAddress(node: Node, name: string): string {
  for (const type of preferredAddresses) {
    const found = (node.status?.addresses ?? []).find((address) => address.type === type);
    if (found !== undefined) return found.address;
  }
  throw new ApiError('', `no preferred addresses found; known addresses: ${name}`);
}

export function podLocation(reader: Reader, namespace: string, id: string): Location {
  const { scheme, name, port } = split(id, 'pod');
  const pod = reader.get(pods, namespace, name);
  if (pod === undefined) throw notFound(pods, name);
  const first = (pod.spec?.containers ?? []).flatMap((container) => container.ports ?? [])[0]?.containerPort;
  const host = pod.status?.podIPs?.[0]?.ip ?? '';
  if (!isReachable(host)) throw badRequest('address not allowed');
  return { scheme: schemeOf(scheme), host, port: port === '' && first !== undefined ? String(first) : port, isKubelet: false };
}

export function nodeLocation(reader: Reader, id: string): Location {
  const { scheme, name, port } = split(id, 'node');
  const kubelet = kubeletOf(reader, name);
  if (isAddress(kubelet.host) && !isReachable(kubelet.host)) throw badRequest('address not allowed');
  return port === '' || port === kubelet.port ? kubelet : { scheme: schemeOf(scheme), host: kubelet.host, port, isKubelet: false };
}

export function serviceLocation(reader: Reader, random: Random, namespace: string, id: string): Location {
  const { scheme, name, port } = split(id, 'service');
  const service = reader.get(services, namespace, name);
  if (service === undefined) throw notFound(services, name);
  let portName = port;
  if (/^[+-]?\d+$/.test(port)) {
    const declared = (service.spec?.ports ?? []).find((one) => one.port === Number(port));
    if (declared === undefined) throw unavailable(`no service port ${Number(port)} found for service ${JSON.stringify(name)}`);
    portName = declared.name ?? '';
  }
  const found = reader.get(endpoints, namespace, name);
  if (found === undefined || (found.subsets ?? []).length === 0) throw unavailable(`no endpoints available for service ${JSON.stringify(name)}`);
  // Only addresses that belong to pods: an Endpoints object could name any host that the server reaches.
  const targets = (found.subsets ?? []).flatMap((subset) => {
    const own = (subset.ports ?? []).find((one) => (one.name ?? '') === portName);
    if (own === undefined) return [];
    return (subset.addresses ?? []).filter(({ ip, targetRef }) => isPodAddress(reader, ip, targetRef)).map(({ ip }) => ({ host: ip, port: String(own.port) }));
  });
  const target = targets[Math.floor(random() * targets.length)];
  if (target === undefined) throw unavailable(`no endpoints available for service ${JSON.stringify(id)}`);
  return { scheme: schemeOf(scheme), ...target, isKubelet: false };
}

function isPodAddress(reader: Reader, ip: string, reference: { readonly kind?: string | undefined; readonly namespace?: string | undefined; readonly name?: string | undefined; readonly uid?: string | undefined } | undefined): boolean {
  if (reference?.kind !== 'Pod') return false;
  const pod = reader.get(pods, reference.namespace ?? '', reference.name ?? '');
  if (pod === undefined || (reference.uid !== undefined && reference.uid !== '' && pod.metadata.uid !== reference.uid)) return false;
  return (pod.status?.podIPs ?? []).some((one) => one.ip === ip);
}

const unavailable = (message: string): ApiError => new ApiError('ServiceUnavailable', message);

const ipv4 = /^\d{1,3}(\.\d{1,3}){3}$/;
const isAddress = (host: string): boolean => ipv4.test(host) || host.includes(':');

/** A global unicast address: not this machine, not everybody, not the link. */
function isReachable(ip: string): boolean {
  if (ipv4.test(ip)) {
    const [first = 0, second = 0] = ip.split('.').map(Number);
    return first !== 0 && first !== 127 && first < 224 && !(first === 169 && second === 254);
  }
  return ip.includes(':') && ip !== '::' && ip !== '::1' && !/^(ff|fe[89ab])/i.test(ip);
}

/** The container meant: the named one, or the only one. */
export function containerOf(pod: Pod & { metadata: { name?: string | undefined } }, asked: string): string {
  const { name = '' } = pod.metadata;
  const containers = pod.spec?.containers ?? [];
  const { initContainers = [], ephemeralContainers = [] } = pod.spec ?? {};
  const names = [...initContainers, ...containers, ...ephemeralContainers].map((container) => container.name);
  if (asked !== '') {
    if (!names.includes(asked)) throw badRequest(`container ${asked} is not valid for pod ${name}`);
    return asked;
  }
  if (containers.length === 0) throw badRequest(`a container name must be specified for pod ${name}`);
  if (containers.length > 1) throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${names.join(' ')}]`);
  return containers[0]?.name ?? '';
}
