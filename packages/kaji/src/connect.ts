/** The API of a cluster, as its administrator. */
import type { Layout } from '@kaji/bootstrap';
import { type Client, createClient } from '@kaji/client';
import { transportFromKubeconfig } from '@kaji/client/http';
import { HostError } from '@kaji/host';
import type { Shell } from './command.ts';

export async function connectAsAdmin(shell: Shell, layout: Layout): Promise<Client> {
  const kubeconfig = await shell.host.files.readText(`${layout.kubeconfigs}/admin.conf`);
  if (kubeconfig === undefined) throw new HostError(`${layout.kubeconfigs}/admin.conf is missing; make it again with: kaji up --name ${layout.name}`);
  return createClient(transportFromKubeconfig(kubeconfig));
}
