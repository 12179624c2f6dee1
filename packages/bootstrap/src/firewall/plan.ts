/** Firewalls that the host already has: which of their chains would stop a cluster's packets, and the rules that let them pass. Pure. */

/** A chain that the kernel asks about packets, as nftables lists it. Docker, ufw and firewalld all show here. */
export interface FilterChain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly hook: 'forward' | 'input';
}

/** What `nft -j list ruleset` says, as far as it matters. */
interface Ruleset {
  readonly nftables?: readonly {
    readonly chain?: { readonly family: string; readonly table: string; readonly name: string; readonly type?: string; readonly hook?: string; readonly policy?: string };
    readonly rule?: { readonly family: string; readonly table: string; readonly chain: string; readonly handle: number; readonly comment?: string };
  }[];
}

const ownTable = /^kaji-/;

/** Chains of others that decide on forwarded or incoming packets: those that drop what no rule names, and those with any rules. */
export function restrictingChains(rulesetJson: string): readonly FilterChain[] {
  const { nftables = [] } = JSON.parse(rulesetJson) as Ruleset;
  const withRules = new Set(nftables.flatMap(({ rule }) => (rule === undefined ? [] : [`${rule.family} ${rule.table} ${rule.chain}`])));
  const chains: FilterChain[] = [];
  for (const { chain } of nftables) {
    if (chain === undefined || chain.type !== 'filter' || ownTable.test(chain.table) || (chain.family !== 'ip' && chain.family !== 'inet')) continue;
    const { family, table, name, hook, policy } = chain;
    if (hook !== 'forward' && hook !== 'input') continue;
    if (policy === 'drop' || withRules.has(`${family} ${table} ${name}`)) chains.push({ family, table, name, hook });
  }
  return chains;
}

/** One rule: the chain, and which side of the link it is about. */
export interface Pass {
  readonly chain: FilterChain;
  readonly match: 'iifname' | 'oifname';
}

/** Forwarded packets pass in both directions; incoming ones only where the host serves the cluster, as with a forwarder of DNS. */
export function neededPasses(chains: readonly FilterChain[], options: { readonly servesCluster: boolean }): readonly Pass[] {
  return chains.flatMap((chain): readonly Pass[] => {
    if (chain.hook === 'forward') return [{ chain, match: 'iifname' }, { chain, match: 'oifname' }];
    return options.servesCluster ? [{ chain, match: 'iifname' }] : [];
  });
}

/** For `nft -f -`: each rule before all others of its chain, marked with the cluster's tag. */
export function renderPasses(passes: readonly Pass[], link: string, tag: string): string {
  return passes.map(({ chain: { family, table, name }, match }) => `insert rule ${family} ${quoteName(table)} ${quoteName(name)} ${match} "${link}" accept comment "${tag}"\n`).join('');
}

/** For `nft -f -`: takes every rule with the tag away. */
export function renderRemoval(rulesetJson: string, tag: string): string {
  const { nftables = [] } = JSON.parse(rulesetJson) as Ruleset;
  return nftables.flatMap(({ rule }) => (rule?.comment === tag ? [`delete rule ${rule.family} ${quoteName(rule.table)} ${quoteName(rule.chain)} handle ${rule.handle}\n`] : [])).join('');
}

/** Names that are words of nft's own language must be quoted, and it takes quotes around any. */
const quoteName = (name: string): string => (/^[A-Za-z_][\w-]*$/.test(name) ? name : `"${name}"`);
