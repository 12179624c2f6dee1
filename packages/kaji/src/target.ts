/** Which cluster a command is about. */
import { type ClusterSettings, findLayout, haveNamespaces, isClusterName, type Layout, layoutOf, readSettings } from '@kaji/bootstrap/supervise';
import { HostError } from '@kaji/host';
import type { Shell } from './command.ts';
import { text, UsageError } from './flags.ts';

export const targetFlags = {
  name: text('name of the cluster', 'kaji'),
  dataDir: text('directory of the cluster\'s data (default "/var/lib/kaji/NAME", or what up was given)', '', { placeholder: 'DIR' }),
};

export async function layoutFor(shell: Shell, flags: { readonly name: string; readonly dataDir: string }): Promise<Layout> {
  if (!isClusterName(flags.name)) throw new UsageError(`${JSON.stringify(flags.name)} is no name for a cluster: lower-case letters, digits and dashes, 32 at most`);
  if (flags.dataDir === '') return findLayout(shell.host, flags.name);
  if (!flags.dataDir.startsWith('/')) throw new UsageError(`--data-dir must be a whole path, not ${JSON.stringify(flags.dataDir)}`);
  return layoutOf(flags.name, flags.dataDir.replace(/\/+$/, ''));
}

/** The cluster, which must exist. */
export async function clusterFor(shell: Shell, flags: { readonly name: string; readonly dataDir: string }): Promise<{ readonly layout: Layout; readonly settings: ClusterSettings }> {
  const layout = await layoutFor(shell, flags);
  const settings = await readSettings(shell.host, layout);
  if (settings === undefined) throw new UsageError(`there is no cluster ${flags.name}; make one with: ${upCommand(flags.name)}`);
  return { layout, settings };
}

/** The cluster, which must be on the machine: stopped, or after a reboot, there is nothing to work in. */
export async function presentClusterFor(shell: Shell, flags: { readonly name: string; readonly dataDir: string }): Promise<{ readonly layout: Layout; readonly settings: ClusterSettings }> {
  const cluster = await clusterFor(shell, flags);
  if (!(await haveNamespaces(shell.host, cluster.layout, cluster.settings))) throw new HostError(`cluster ${flags.name} is stopped; start it with: ${upCommand(flags.name)}`);
  return cluster;
}

const upCommand = (name: string): string => `kaji up${name === 'kaji' ? '' : ` --name ${name}`}`;

/** A node of the cluster by its name. */
export function nodeFor(layout: Layout, settings: ClusterSettings, name: string): ReturnType<Layout['node']> {
  const nodes = Array.from({ length: settings.nodes }, (_, index) => layout.node(index + 1));
  const found = nodes.find((node) => node.name === name);
  if (found === undefined) throw new UsageError(`there is no node ${JSON.stringify(name)}; there are: ${nodes.map((node) => node.name).join(' ')}`);
  return found;
}
