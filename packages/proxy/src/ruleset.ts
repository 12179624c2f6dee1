/** The table as nftables sees it: chains of rules, maps and sets with their elements. Pure. */
import type { Target } from './endpoints.ts';
import type { ServiceEntry, Table } from './table.ts';

/** Names and texts of nftables' objects; equal rulesets behave the same. */
export interface Ruleset {
  /** Chains that hang on a hook, and those that are jumped to, with their rules. */
  readonly chains: ReadonlyMap<string, readonly string[]>;
  /** Sets of clients that keep an endpoint, by name: for how many seconds. */
  readonly affinitySets: ReadonlyMap<string, number>;
  /** Elements of the fixed maps and sets: key to verdict, or to nothing in a set. */
  readonly elements: ReadonlyMap<ElementsName, ReadonlyMap<string, string>>;
}

export const elementsNames = ['service-ips', 'service-nodeports', 'no-endpoint-services', 'no-endpoint-nodeports', 'cluster-ips', 'nodeport-ips', 'service-ranges', 'hairpins'] as const;
export type ElementsName = (typeof elementsNames)[number];

/** What one port of one service puts into the ruleset. */
export interface Fragment {
  readonly chains: readonly (readonly [string, readonly string[]])[];
  readonly affinitySets: readonly (readonly [string, number])[];
  readonly elements: readonly (readonly [ElementsName, string, string])[];
}

/** Fragments of entries that were seen before are taken from `known`: most entries are the same objects from one table to the next. */
export function ruleset(table: Table, known: WeakMap<ServiceEntry, Fragment> = new WeakMap()): Ruleset {
  const chains = new Map<string, readonly string[]>(fixedChains(table));
  const affinitySets = new Map<string, number>();
  const elements = new Map(elementsNames.map((name) => [name, new Map<string, string>()] as const));
  for (const address of table.nodePortAddresses) elements.get('nodeport-ips')?.set(address, '');
  for (const range of table.serviceRanges) elements.get('service-ranges')?.set(range, '');
  for (const service of table.services) {
    const fragment = known.get(service) ?? fragmentOf(service, table);
    known.set(service, fragment);
    for (const [name, rules] of fragment.chains) chains.set(name, rules);
    for (const [name, seconds] of fragment.affinitySets) affinitySets.set(name, seconds);
    for (const [name, key, value] of fragment.elements) elements.get(name)?.set(key, value);
  }
  return { chains, affinitySets, elements };
}

function fragmentOf(service: ServiceEntry, table: Table): Fragment {
  const chains: (readonly [string, readonly string[]])[] = [];
  const affinitySets: (readonly [string, number])[] = [];
  const elements: (readonly [ElementsName, string, string])[] = service.clusterAddresses.map((address) => ['cluster-ips', address, ''] as const);
  addService(service, {
    table,
    put: (name, key, value = '') => { elements.push([name, key, value]); },
    chain: (name, rules) => { chains.push([name, rules]); },
    affinity: (name, seconds) => { affinitySets.push([name, seconds]); },
  });
  return { chains, affinitySets, elements };
}

interface Sink {
  readonly table: Table;
  put(name: ElementsName, key: string, value?: string): void;
  chain(name: string, rules: readonly string[]): void;
  affinity(name: string, seconds: number): void;
}

function addService(service: ServiceEntry, sink: Sink): void {
  const { id, protocol, port, nodePort } = service;
  const key = (address: string): string => `${address} . ${protocol} . ${port}`;
  if (!service.hasAny) {
    for (const address of [...service.clusterAddresses, ...service.externalAddresses]) sink.put('no-endpoint-services', key(address), 'goto reject-packet');
    if (nodePort !== undefined) sink.put('no-endpoint-nodeports', `${protocol} . ${nodePort}`, 'goto reject-packet');
    return;
  }
  const inside = `service/${id}`;
  if (service.internal.length > 0) {
    sink.chain(inside, [...masquerade(service, sink.table), ...balance(service, service.internal, sink)]);
    for (const address of service.clusterAddresses) sink.put('service-ips', key(address), `goto ${inside}`);
  } else {
    // Kubernetes: a local policy without a local endpoint loses traffic silently, for other nodes may have some.
    for (const address of service.clusterAddresses) sink.put('no-endpoint-services', key(address), 'drop');
  }
  if (nodePort === undefined && service.externalAddresses.length === 0) return;
  const outside = `external/${id}`;
  sink.chain(outside, service.isExternalLocal ? localRules(service, sink) : ['jump mark-for-masquerade', ...balance(service, service.external, sink)]);
  for (const address of service.externalAddresses) sink.put('service-ips', key(address), `goto ${outside}`);
  if (nodePort !== undefined) sink.put('service-nodeports', `${protocol} . ${nodePort}`, `goto ${outside}`);
}

/** Sources outside the pods' range would have their answers come from an address that they did not ask. */
function masquerade({ clusterAddresses }: ServiceEntry, { masqueradesAll, podRange }: Table): readonly string[] {
  if (masqueradesAll) return ['jump mark-for-masquerade'];
  if (podRange === '') return [];
  return [`ip daddr { ${clusterAddresses.join(', ')} } ip saddr != ${podRange} jump mark-for-masquerade`];
}

/** Kubernetes: with a local policy, only what comes from elsewhere stays on the node; pods and the node itself reach every endpoint. */
function localRules(service: ServiceEntry, sink: Sink): readonly string[] {
  const everywhere = `cluster/${service.id}`;
  sink.chain(everywhere, balance(service, service.cluster, sink));
  return [
    ...(sink.table.podRange === '' ? [] : [`ip saddr ${sink.table.podRange} goto ${everywhere}`]),
    'fib saddr type local jump mark-for-masquerade',
    `fib saddr type local goto ${everywhere}`,
    ...(service.external.length === 0 ? ['drop'] : balance(service, service.external, sink)),
  ];
}

function balance(service: ServiceEntry, targets: readonly Target[], sink: Sink): readonly string[] {
  for (const { address, isLocal } of targets) if (isLocal) sink.put('hairpins', `${address} . ${address}`);
  return service.affinitySeconds === undefined ? [spread(service, targets)] : remember(service, targets, { sink, seconds: service.affinitySeconds });
}

function spread({ protocol }: ServiceEntry, targets: readonly Target[]): string {
  const [only] = targets;
  if (only === undefined) return 'drop';
  if (targets.length === 1) return `meta l4proto ${protocol} dnat to ${only.address}:${only.port}`;
  return `meta l4proto ${protocol} dnat ip to numgen random mod ${targets.length} map { ${targets.map(({ address, port }, index) => `${index} : ${address} . ${port}`).join(', ')} }`;
}

/** A set of clients for each endpoint: who is in one goes there again, for as long as it comes often enough. */
function remember(service: ServiceEntry, targets: readonly Target[], { sink, seconds }: { readonly sink: Sink; readonly seconds: number }): readonly string[] {
  const ends = targets.map((target) => {
    // The time is part of the name: a set cannot change it.
    const suffix = `${seconds}s/${service.id}/${target.address}/${target.port}`;
    sink.affinity(`affinity/${suffix}`, seconds);
    sink.chain(`endpoint/${suffix}`, [`update @affinity/${suffix} { ip saddr }`, `meta l4proto ${service.protocol} dnat to ${target.address}:${target.port}`]);
    return suffix;
  });
  return [
    ...ends.map((suffix) => `ip saddr @affinity/${suffix} goto endpoint/${suffix}`),
    ends.length === 1 ? `goto endpoint/${ends[0]}` : `numgen random mod ${ends.length} vmap { ${ends.map((suffix, index) => `${index} : goto endpoint/${suffix}`).join(', ')} }`,
  ];
}

function fixedChains({ masqueradeBit, serviceRanges }: Table): readonly (readonly [string, readonly string[]])[] {
  const mark = `0x${(2 ** masqueradeBit).toString(16)}`;
  const checks = ['ct state new ip daddr @nodeport-ips meta l4proto . th dport vmap @no-endpoint-nodeports', 'ct state new ip daddr . meta l4proto . th dport vmap @no-endpoint-services'];
  const unknown = ['ct state new ip daddr @cluster-ips goto reject-packet', ...(serviceRanges.length === 0 ? [] : ['ct state new ip daddr @service-ranges goto reject-packet'])];
  return [
    ['reject-packet', ['meta l4proto tcp reject with tcp reset', 'reject']],
    ['mark-for-masquerade', [`meta mark set meta mark or ${mark}`]],
    ['services', ['ip daddr . meta l4proto . th dport vmap @service-ips', 'ip daddr @nodeport-ips meta l4proto . th dport vmap @service-nodeports']],
    ['nat-prerouting', ['type nat hook prerouting priority dstnat; policy accept;', 'jump services']],
    ['nat-output', ['type nat hook output priority -100; policy accept;', 'jump services']],
    ['nat-postrouting', [
      'type nat hook postrouting priority srcnat; policy accept;',
      'ip saddr . ip daddr @hairpins ct status dnat masquerade',
      `meta mark & ${mark} == ${mark} meta mark set meta mark xor ${mark} masquerade fully-random`,
    ]],
    ['filter-input', ['type filter hook input priority filter; policy accept;', ...checks]],
    ['filter-forward', ['type filter hook forward priority filter; policy accept;', ...checks, ...unknown]],
    ['filter-output', ['type filter hook output priority filter; policy accept;', ...checks, ...unknown]],
  ];
}
