/** resolv.conf and /etc/hosts of a pod. */
import type { Pod } from '@kaji/api/core/v1';
import type { DNSConfig } from '@kaji/cri';
import { isHostNetwork } from '../pod-worker/pod-view.ts';

/** Limits of the resolver in glibc, which Kubernetes checks. */
const maxServers = 3;
const maxSearches = 32;
const maxSearchCharacters = 2048;

export interface DnsSettings {
  readonly clusterDns: readonly string[];
  readonly clusterDomain: string;
  /** The node's own resolv.conf. */
  readonly nodeResolvConf: string;
}

interface Resolver {
  readonly servers: readonly string[];
  readonly searches: readonly string[];
  readonly options: readonly string[];
}

export function parseResolvConf(text: string): Resolver {
  const servers: string[] = [];
  let searches: string[] = [];
  let options: string[] = [];
  for (const line of text.split('\n')) {
    const [keyword, ...words] = line.trim().split(/\s+/);
    if (keyword === 'nameserver' && words[0] !== undefined) servers.push(words[0]);
    else if (keyword === 'search' || keyword === 'domain') searches = words.map((word) => (word === '.' ? word : word.replace(/\.$/, '')));
    else if (keyword === 'options') options = words;
  }
  return { servers, searches, options };
}

export function podDns(pod: Pod, settings: DnsSettings): DNSConfig {
  const base = baseOf(pod, settings, parseResolvConf(settings.nodeResolvConf));
  const own = pod.spec.dnsConfig;
  const servers = unique([...base.servers, ...(own?.nameservers ?? [])]);
  const searches = unique([...base.searches, ...(own?.searches ?? [])]);
  return { servers: servers.slice(0, maxServers), searches: fitting(searches), options: mergeOptions(base.options, own?.options ?? []) };
}

function baseOf(pod: Pod, { clusterDns, clusterDomain }: DnsSettings, node: Resolver): Resolver {
  const policy = pod.spec.dnsPolicy ?? 'ClusterFirst';
  if (policy === 'None') return { servers: [], searches: [], options: [] };
  const usesCluster = policy === 'ClusterFirstWithHostNet' || (policy === 'ClusterFirst' && !isHostNetwork(pod));
  if (!usesCluster || clusterDns.length === 0) return node;
  const searches = clusterDomain === '' ? [] : [`${pod.metadata.namespace ?? ''}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain];
  return { servers: clusterDns, searches: [...searches, ...node.searches], options: ['ndots:5'] };
}

const unique = (words: readonly string[]): string[] => [...new Set(words)];

function fitting(searches: readonly string[]): string[] {
  const fit: string[] = [];
  let characters = 0;
  for (const search of searches.slice(0, maxSearches)) {
    characters += search.length + (fit.length === 0 ? 0 : 1);
    if (characters > maxSearchCharacters) break;
    fit.push(search);
  }
  return fit;
}

type Option = NonNullable<NonNullable<Pod['spec']['dnsConfig']>['options']>[number];

function mergeOptions(base: readonly string[], own: readonly Option[]): string[] {
  const merged = new Map(base.map((option) => [option.split(':')[0] ?? option, option]));
  for (const { name = '', value } of own) merged.set(name, value === undefined ? name : `${name}:${value}`);
  return [...merged.values()];
}

/** What a pod calls itself, and the domain it is in, if any. */
export function hostnameOf(pod: Pod, clusterDomain: string): { readonly hostname: string; readonly domain: string } {
  if (pod.spec.hostnameOverride !== undefined) return { hostname: pod.spec.hostnameOverride, domain: '' };
  const given = pod.spec.hostname ?? '';
  // Kubernetes: a name longer than the kernel takes is cut
  const hostname = (given === '' ? (pod.metadata.name ?? '') : given).slice(0, 63).replace(/[-.]+$/, '');
  const subdomain = pod.spec.subdomain ?? '';
  return { hostname, domain: subdomain === '' ? '' : `${subdomain}.${pod.metadata.namespace ?? ''}.svc.${clusterDomain}` };
}

export function hostsFile(pod: Pod, options: { readonly podIps: readonly string[]; readonly clusterDomain: string; readonly nodeHosts: string }): string {
  const { hostname, domain } = hostnameOf(pod, options.clusterDomain);
  const own = isHostNetwork(pod)
    ? `# Kubernetes-managed hosts file (host network).\n${options.nodeHosts}`
    : [
        '# Kubernetes-managed hosts file.', '127.0.0.1\tlocalhost', '::1\tlocalhost ip6-localhost ip6-loopback',
        'fe00::0\tip6-localnet', 'fe00::0\tip6-mcastprefix', 'fe00::1\tip6-allnodes', 'fe00::2\tip6-allrouters',
        ...options.podIps.map((ip) => (domain === '' ? `${ip}\t${hostname}` : `${ip}\t${hostname}.${domain}\t${hostname}`)), '',
      ].join('\n');
  const aliases = pod.spec.hostAliases ?? [];
  if (aliases.length === 0) return own;
  return `${own}\n# Entries added by HostAliases.\n${aliases.map(({ ip, hostnames }) => `${ip}\t${(hostnames ?? []).join('\t')}\n`).join('')}`;
}
