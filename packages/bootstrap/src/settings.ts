/** What a cluster was made with. Written once, read by every later command. */
import { type Host, HostError } from '@kaji/host';
import { dataRoot, type Layout, layoutOf } from './layout.ts';

export interface ClusterSettings {
  readonly name: string;
  readonly nodes: number;
  readonly podCidr: string;
  readonly serviceCidr: string;
  /** The N of the cluster's own network, 172.30.N.0/24. */
  readonly subnet: number;
}

/** A name that fits into host names, file names, nftables and a kubeconfig. */
export const isClusterName = (name: string): boolean => /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/.test(name);

/** Directory of a cluster: the usual one, or where a link there points when another was chosen. */
export async function findLayout(host: Host, name: string): Promise<Layout> {
  return layoutOf(name, (await host.files.readLink(`${dataRoot}/${name}`)) ?? undefined);
}

/** Undefined when there is no such cluster. */
export async function readSettings(host: Host, layout: Layout): Promise<ClusterSettings | undefined> {
  const text = await host.files.readText(layout.settings);
  if (text === undefined) return undefined;
  const settings = JSON.parse(text) as Partial<ClusterSettings>;
  const { name, nodes, podCidr, serviceCidr, subnet } = settings;
  if (name === undefined || nodes === undefined || podCidr === undefined || serviceCidr === undefined || subnet === undefined) throw new HostError(`${layout.settings} is not complete`);
  return { name, nodes, podCidr, serviceCidr, subnet };
}

export async function writeSettings(host: Host, layout: Layout, settings: ClusterSettings): Promise<void> {
  await host.files.makeDirectory(layout.data, { mode: 0o755 });
  await host.files.write(layout.settings, `${JSON.stringify(settings, undefined, 2)}\n`, { mode: 0o644, isAtomic: true });
}

/** Names of the clusters that this machine has. */
export async function clusterNames(host: Host): Promise<readonly string[]> {
  const names: string[] = [];
  for (const name of await host.files.list(dataRoot)) {
    if ((await host.files.status((await findLayout(host, name)).settings)) !== undefined) names.push(name);
  }
  return names;
}
