/** Takes a cluster's files away, and nothing that is not one of them. */
import type { Host } from '@kaji/host';
import { dataRoot, type Layout, nodeBinds, runRoot } from './layout.ts';
import { clusterNames } from './settings.ts';

/** Files that only a running cluster has. */
export async function removeRunFiles(host: Host, layout: Layout): Promise<void> {
  await host.files.remove(layout.run);
  await removeIfEmpty(host, runRoot);
}

/** The data directory may be one that the user chose: only what we put there goes, then the directory if it is empty. */
export async function removeDataFiles(host: Host, layout: Layout): Promise<void> {
  for (const path of [layout.pki, layout.kubeconfigs, layout.logs, layout.images, layout.server, layout.code, `${layout.data}/nodes`, layout.settings]) await host.files.remove(path);
  await removeIfEmpty(host, layout.data);
  if ((await host.files.readLink(`${dataRoot}/${layout.name}`)) !== undefined) await host.files.remove(`${dataRoot}/${layout.name}`);
  await removeIfEmpty(host, dataRoot);
  // Empty directories that nodes needed to mount theirs upon. Another cluster's mounts there would go with them.
  if ((await clusterNames(host)).length > 0) return;
  for (const { target } of nodeBinds) await removeIfEmpty(host, target);
}

/** rmdir refuses a directory that holds anything: that is the whole check. */
async function removeIfEmpty(host: Host, path: string): Promise<void> {
  if ((await host.files.status(path))?.kind === 'directory') await host.processes.run(['rmdir', path]);
}
