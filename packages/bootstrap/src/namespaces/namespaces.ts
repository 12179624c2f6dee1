/** Makes a cluster's namespaces and removes them with everything that lives in them. */
import type { Host } from '@kaji/host';
import type { Layout } from '../layout.ts';
import type { ClusterSettings } from '../settings.ts';
import { clusterNamespaceScript, hostLink, hostTable, masqueradeRules, nodeNamespaceScript } from './plan.ts';

/** True when every namespace is there; after a reboot none is. */
export async function haveNamespaces(host: Host, layout: Layout, settings: ClusterSettings): Promise<boolean> {
  const pinned = new Set((await host.mounts.list()).filter((mount) => mount.type === 'nsfs').map((mount) => mount.target));
  const wanted = [layout.clusterNamespace, ...nodesOf(layout, settings).flatMap((node) => Object.values(node.namespaces))];
  return wanted.every((path) => pinned.has(path));
}

export async function createNamespaces(host: Host, layout: Layout, settings: ClusterSettings, options: { readonly resolvConf: string | undefined }): Promise<void> {
  const mtu = await outerMtu(host);
  const lines = [
    ...clusterNamespaceScript(layout, settings, mtu),
    ...nodesOf(layout, settings).flatMap((node, index) => nodeNamespaceScript(layout, node, index + 1, { settings, mtu, resolvConf: options.resolvConf })),
  ];
  await host.processes.check(['sh', '-e'], { input: `${lines.join('\n')}\n` });
}

/** What of the cluster shows on the host, made good if somebody removed it: the masquerade rule and forwarding. */
export async function ensureHostRules(host: Host, settings: ClusterSettings): Promise<void> {
  await host.processes.check(['nft', '-f', '-'], { input: masqueradeRules(settings) });
  await host.files.write('/proc/sys/net/ipv4/ip_forward', '1');
}

/** Removes links, rules and namespaces; the processes in them must have been ended. Gives what there was. */
export async function removeNamespaces(host: Host, layout: Layout, settings: ClusterSettings): Promise<string[]> {
  const removed: string[] = [];
  if ((await host.processes.run(['nft', 'delete', 'table', 'ip', hostTable(settings.name)])).code === 0) removed.push(`nftables table ${hostTable(settings.name)}`);
  if ((await host.processes.run(['ip', 'link', 'delete', hostLink(settings.subnet)])).code === 0) removed.push(`link ${hostLink(settings.subnet)}`);
  const mounts = (await host.mounts.list()).map((mount) => mount.target).filter((target) => target.startsWith(`${layout.run}/`));
  // The last mounted first: what lies in a mount before the mount itself.
  for (const target of mounts.toReversed()) await host.mounts.unmount(target);
  const pinned = mounts.filter((target) => target !== layout.namespaces).length;
  if (pinned > 0) removed.push(`${pinned} namespaces`);
  return removed;
}

function nodesOf(layout: Layout, settings: ClusterSettings): readonly ReturnType<Layout['node']>[] {
  return Array.from({ length: settings.nodes }, (_, index) => layout.node(index + 1));
}

/** The largest packet that the host's way out takes: larger ones within the cluster would be lost on the way. */
async function outerMtu(host: Host): Promise<number> {
  const route = await host.processes.run(['ip', '-4', 'route', 'show', 'default']);
  const device = /\bdev (\S+)/.exec(route.stdout)?.[1];
  if (device === undefined) return 1500;
  const mtu = Number((await host.files.readText(`/sys/class/net/${device}/mtu`)) ?? 1500);
  return Math.min(1500, Number.isNaN(mtu) ? 1500 : mtu);
}
