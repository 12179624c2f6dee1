/** What the cluster's zone answers: decided from Services and EndpointSlices, after the Kubernetes DNS specification and what CoreDNS does where it is silent. */
import type { EndpointSlice } from '@kaji/api/discovery/v1';
import type { Service } from '@kaji/api/core/v1';

/** What the zone is made of. The caches of informers are one; a table of a test another. */
export interface ClusterView {
  hasNamespace(name: string): boolean;
  service(namespace: string, name: string): Service | undefined;
  servicesByAddress(address: string): Iterable<Service>;
  slices(namespace: string, service: string): Iterable<EndpointSlice>;
  slicesByAddress(address: string): Iterable<EndpointSlice>;
}

export type RecordType = 'A' | 'AAAA' | 'SRV' | 'PTR' | 'CNAME' | 'TXT' | 'SOA' | 'NS' | 'OTHER';

export type Data =
  | { readonly type: 'A' | 'AAAA' | 'PTR' | 'CNAME' | 'NS'; readonly data: string }
  | { readonly type: 'TXT'; readonly data: string }
  | { readonly type: 'SRV'; readonly data: { readonly port: number; readonly target: string; readonly priority: number; readonly weight: number } }
  | { readonly type: 'SOA'; readonly data: { readonly mname: string; readonly rname: string; readonly serial: number; readonly refresh: number; readonly retry: number; readonly expire: number; readonly minimum: number } };

export type RecordOf = Data & { readonly name: string; readonly ttl: number };

export type Answer =
  /** Not ours: somebody else must be asked. */
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'found'; readonly answers: readonly RecordOf[]; readonly additionals: readonly RecordOf[]; /** An alias outside the zone, whose addresses are still to be asked for. */ readonly continueAt?: string }
  /** The name exists, with nothing of this type. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'noSuchName' };

export interface ZoneConfig {
  /** `cluster.local` */
  readonly domain: string;
  readonly ttlSeconds: number;
}

const specificationVersion = '1.1.0';
/** Aliases within the cluster may lead to each other; a circle of them ends here. */
const maxAliases = 8;

export const nothing: Answer = { kind: 'nothing' };
export const noSuchName: Answer = { kind: 'noSuchName' };
const elsewhere: Answer = { kind: 'elsewhere' };

/** `name` is in lower case, without the last dot. */
export function answer(view: ClusterView, config: ZoneConfig, name: string, type: RecordType): Answer {
  if (name.endsWith('.in-addr.arpa') || name.endsWith('.ip6.arpa')) return reverse(view, config, name, type);
  const { domain } = config;
  if (name !== domain && !name.endsWith(`.${domain}`)) return elsewhere;
  const labels = name === domain ? [] : name.slice(0, -domain.length - 1).split('.');
  const kind = labels.at(-1);
  if (kind === undefined) return apex(config, type);
  if (labels.length === 1 && kind === 'dns-version') return type === 'TXT' ? found([{ name, ttl: config.ttlSeconds, type, data: specificationVersion }]) : nothing;
  if (kind === 'svc') return ofService(view, config, labels.slice(0, -1), { name, type, aliases: 0 });
  if (kind === 'pod') return ofPod(view, config, labels.slice(0, -1), { name, type });
  return noSuchName;
}

/** Sent beside a negative answer, so that resolvers know how long to believe it. */
export function startOfAuthority({ domain, ttlSeconds }: ZoneConfig): RecordOf {
  return { name: domain, ttl: ttlSeconds, type: 'SOA', data: { mname: `ns.dns.${domain}`, rname: `hostmaster.${domain}`, serial: 1, refresh: 7200, retry: 1800, expire: 86_400, minimum: ttlSeconds } };
}

function apex(config: ZoneConfig, type: RecordType): Answer {
  if (type === 'SOA') return found([startOfAuthority(config)]);
  if (type === 'NS') return found([{ name: config.domain, ttl: config.ttlSeconds, type, data: `ns.dns.${config.domain}` }]);
  return nothing;
}

interface Question {
  readonly name: string;
  readonly type: RecordType;
  readonly aliases: number;
}

/** Labels before `.svc.DOMAIN`: [endpoint or _port._protocol.] service, namespace. */
function ofService(view: ClusterView, config: ZoneConfig, labels: readonly string[], question: Question): Answer {
  const namespace = labels.at(-1);
  const serviceName = labels.at(-2);
  if (namespace === undefined) return nothing;
  if (serviceName === undefined) return view.hasNamespace(namespace) ? nothing : noSuchName;
  const service = view.service(namespace, serviceName);
  if (service === undefined) return noSuchName;
  const before = labels.slice(0, -2);
  const { spec } = service;
  if (spec?.type === 'ExternalName') return before.length > 0 ? noSuchName : alias(view, config, spec.externalName ?? '', question);
  const [first = '', second = ''] = before;
  const isPort = before.length === 2 && first.startsWith('_') && second.startsWith('_');
  if (before.length > 1 && !isPort) return noSuchName;
  const filter = isPort ? { port: first.slice(1), protocol: second.slice(1) } : undefined;
  if (isHeadless(service)) return ofHeadless(view, config, service, { ...question, filter, endpoint: before.length === 1 ? first : undefined });
  if (before.length === 1) return noSuchName;
  return ofClusterAddress(config, service, { ...question, filter });
}

interface PortFilter {
  readonly port: string;
  readonly protocol: string;
}

const matches = (filter: PortFilter | undefined, port: { readonly name?: string | undefined; readonly protocol?: string | undefined }): boolean => filter === undefined || ((port.name ?? '') === filter.port && (port.protocol ?? 'TCP').toLowerCase() === filter.protocol);

function ofClusterAddress(config: ZoneConfig, service: Service, { name, type, filter }: Question & { readonly filter: PortFilter | undefined }): Answer {
  const ports = (service.spec?.ports ?? []).filter((port) => matches(filter, port));
  if (filter !== undefined && ports.length === 0) return noSuchName;
  const addresses = addressesOf(service);
  if (type === 'A' || type === 'AAAA') return orNothing(addressRecords(name, addresses, type, config.ttlSeconds));
  if (type !== 'SRV') return nothing;
  const target = serviceName(service, config);
  const answers = ports.map((port): RecordOf => ({ name, ttl: config.ttlSeconds, type, data: { port: port.port, target, priority: 0, weight: weightOf(ports.length) } }));
  return answers.length === 0 ? nothing : found(answers, bothFamilies(target, addresses, config.ttlSeconds));
}

interface HeadlessQuestion extends Question {
  readonly filter: PortFilter | undefined;
  /** The name of one endpoint. */
  readonly endpoint: string | undefined;
}

function ofHeadless(view: ClusterView, config: ZoneConfig, service: Service, { name, type, filter, endpoint }: HeadlessQuestion): Answer {
  const { ttlSeconds } = config;
  const own = serviceName(service, config);
  const addresses: string[] = [];
  const answers: RecordOf[] = [];
  const additionals: RecordOf[] = [];
  for (const slice of view.slices(service.metadata.namespace ?? '', service.metadata.name ?? '')) {
    const ports = (slice.ports ?? []).filter((port) => matches(filter, port));
    if (filter !== undefined && ports.length === 0) continue;
    for (const each of slice.endpoints ?? []) {
      if (each.conditions?.ready === false) continue;
      for (const address of each.addresses) {
        const host = hostOf(each.hostname, address);
        if (endpoint !== undefined && endpoint !== host) continue;
        addresses.push(address);
        const target = `${host}.${own}`;
        for (const port of ports) if (port.port !== undefined) answers.push({ name, ttl: ttlSeconds, type: 'SRV', data: { port: port.port, target, priority: 0, weight: 0 } });
        additionals.push(...bothFamilies(target, [address], ttlSeconds));
      }
    }
  }
  if (addresses.length === 0) return noSuchName;
  if (type === 'A' || type === 'AAAA') return orNothing(addressRecords(name, [...new Set(addresses)], type, ttlSeconds));
  if (type !== 'SRV' || answers.length === 0) return nothing;
  return found(answers.map((record) => (record.type === 'SRV' ? { ...record, data: { ...record.data, weight: weightOf(answers.length) } } : record)), additionals);
}

/** Kubernetes: a CNAME; its target is followed, in this zone or outside. */
function alias(view: ClusterView, config: ZoneConfig, target: string, { name, type, aliases }: Question): Answer {
  const canonical = target.toLowerCase().replace(/\.$/, '');
  const record: RecordOf = { name, ttl: config.ttlSeconds, type: 'CNAME', data: canonical };
  if (type === 'CNAME' || (type !== 'A' && type !== 'AAAA')) return found([record]);
  if (!canonical.endsWith(`.${config.domain}`)) return { ...found([record]), continueAt: canonical };
  const suffix = `.svc.${config.domain}`;
  if (aliases >= maxAliases || !canonical.endsWith(suffix)) return found([record]);
  const next = ofService(view, config, canonical.slice(0, -suffix.length).split('.'), { name: canonical, type, aliases: aliases + 1 });
  return next.kind === 'found' ? { ...next, answers: [record, ...next.answers] } : found([record]);
}

/** `10-244-0-5.NAMESPACE.pod.DOMAIN`: the address is in the name; whether such a pod exists is not looked at. */
function ofPod(view: ClusterView, config: ZoneConfig, labels: readonly string[], { name, type }: { readonly name: string; readonly type: RecordType }): Answer {
  const [dashed = '', namespace] = labels.length === 1 ? [undefined, labels[0]] : labels;
  if (labels.length === 0) return nothing;
  if (labels.length > 2 || namespace === undefined || !view.hasNamespace(namespace)) return noSuchName;
  if (labels.length === 1) return nothing;
  const address = /^\d{1,3}(?:-\d{1,3}){3}$/.test(dashed) ? dashed.replaceAll('-', '.') : dashed.replaceAll('-', ':');
  if (!isIPv4(address) && !/^[0-9a-f:]*:[0-9a-f:]*$/.test(address)) return noSuchName;
  return type === 'A' || type === 'AAAA' ? orNothing(addressRecords(name, [address], type, config.ttlSeconds)) : nothing;
}

function reverse(view: ClusterView, config: ZoneConfig, name: string, type: RecordType): Answer {
  const address = addressOfReverse(name);
  if (address === undefined) return elsewhere;
  const targets = new Set<string>();
  for (const service of view.servicesByAddress(address)) targets.add(serviceName(service, config));
  if (targets.size === 0) {
    for (const slice of view.slicesByAddress(address)) {
      const service = slice.metadata.labels?.['kubernetes.io/service-name'];
      for (const each of slice.endpoints ?? []) if (service !== undefined && each.addresses.includes(address)) targets.add(`${hostOf(each.hostname, address)}.${service}.${slice.metadata.namespace ?? ''}.svc.${config.domain}`);
    }
  }
  if (targets.size === 0) return elsewhere;
  return type === 'PTR' ? found([...targets].map((data) => ({ name, ttl: config.ttlSeconds, type, data }))) : nothing;
}

function addressOfReverse(name: string): string | undefined {
  const parts = name.split('.').slice(0, -2).reverse();
  if (name.endsWith('.in-addr.arpa')) return isIPv4(parts.join('.')) ? parts.join('.') : undefined;
  if (parts.length !== 32 || !parts.every((part) => /^[0-9a-f]$/.test(part))) return undefined;
  return compressIPv6(parts.join('').match(/.{4}/g) ?? []);
}

/** The form that Kubernetes stores: no leading zeros, the longest run of zero groups left out. */
function compressIPv6(groups: readonly string[]): string {
  const plain = groups.map((group) => group.replace(/^0{1,3}/, ''));
  let best = { start: -1, length: 1 };
  for (let start = 0; start < plain.length; start++) {
    let length = 0;
    while (plain[start + length] === '0') length++;
    if (length > best.length) best = { start, length };
  }
  if (best.start < 0) return plain.join(':');
  return `${plain.slice(0, best.start).join(':')}::${plain.slice(best.start + best.length).join(':')}`;
}

const isHeadless = (service: Service): boolean => service.spec?.clusterIP === 'None';
const addressesOf = (service: Service): readonly string[] => service.spec?.clusterIPs ?? (service.spec?.clusterIP === undefined || service.spec.clusterIP === '' ? [] : [service.spec.clusterIP]);
const serviceName = (service: Service, { domain }: ZoneConfig): string => `${service.metadata.name ?? ''}.${service.metadata.namespace ?? ''}.svc.${domain}`;
const hostOf = (hostname: string | undefined, address: string): string => (hostname === undefined || hostname === '' ? address.replaceAll(/[.:]/g, '-') : hostname);
const isIPv4 = (text: string): boolean => /^(?:\d{1,3}\.){3}\d{1,3}$/.test(text) && text.split('.').every((part) => Number(part) < 256);
/** CoreDNS shares 100 among the answers. */
const weightOf = (count: number): number => Math.max(1, Math.floor(100 / count));

function addressRecords(name: string, addresses: readonly string[], type: 'A' | 'AAAA', ttl: number): readonly RecordOf[] {
  return addresses.filter((address) => address.includes(':') === (type === 'AAAA')).map((data) => ({ name, ttl, type, data }));
}

const bothFamilies = (name: string, addresses: readonly string[], ttl: number): readonly RecordOf[] => [...addressRecords(name, addresses, 'A', ttl), ...addressRecords(name, addresses, 'AAAA', ttl)];
const found = (answers: readonly RecordOf[], additionals: readonly RecordOf[] = []): Answer & { kind: 'found' } => ({ kind: 'found', answers, additionals });
const orNothing = (answers: readonly RecordOf[]): Answer => (answers.length === 0 ? nothing : found(answers));
