/** Lets a cluster's packets pass the host's firewalls, and takes that back. */
import type { Host } from '@kaji/host';
import { hostLink, hostTable } from '../namespaces/plan.ts';
import type { ClusterSettings } from '../settings.ts';
import { neededPasses, renderPasses, renderRemoval, restrictingChains } from './plan.ts';

const legacyChains = ['FORWARD'] as const;

/** Opens every firewall that is there. Gives the names of the tables that were opened. */
export async function openFirewalls(host: Host, settings: ClusterSettings, options: { readonly servesCluster: boolean }): Promise<readonly string[]> {
  await closeFirewalls(host, settings); // rules of an earlier start: what is needed may have changed
  const passes = neededPasses(restrictingChains(await ruleset(host)), options);
  if (passes.length > 0) await host.processes.check(['nft', '-f', '-'], { input: renderPasses(passes, hostLink(settings.subnet), hostTable(settings.name)) });
  const opened = new Set(passes.map(({ chain }) => `${chain.family} ${chain.table}`));
  if (await hasLegacyTables(host)) {
    for (const words of legacyRules(settings)) await host.processes.check(['iptables-legacy', '-w', '-I', ...words]);
    opened.add('iptables-legacy filter');
  }
  return [...opened];
}

/** Gives whether there was anything to take back. */
export async function closeFirewalls(host: Host, settings: ClusterSettings): Promise<boolean> {
  const removal = renderRemoval(await ruleset(host), hostTable(settings.name));
  if (removal !== '') await host.processes.check(['nft', '-f', '-'], { input: removal });
  let hadLegacy = false;
  if (await hasLegacyTables(host)) {
    for (const words of legacyRules(settings)) while ((await host.processes.run(['iptables-legacy', '-w', '-D', ...words])).code === 0) hadLegacy = true;
  }
  return removal !== '' || hadLegacy;
}

async function ruleset(host: Host): Promise<string> {
  return host.processes.check(['nft', '-j', '-a', 'list', 'ruleset']);
}

/** The older tables of the kernel, which nft does not show. */
async function hasLegacyTables(host: Host): Promise<boolean> {
  return ((await host.files.readText('/proc/net/ip_tables_names')) ?? '').split('\n').includes('filter') && (await host.files.status('/usr/sbin/iptables-legacy')) !== undefined;
}

function legacyRules({ subnet, name }: ClusterSettings): readonly (readonly string[])[] {
  return legacyChains.flatMap((chain) => ['-i', '-o'].map((side) => [chain, side, hostLink(subnet), '-m', 'comment', '--comment', hostTable(name), '-j', 'ACCEPT']));
}
