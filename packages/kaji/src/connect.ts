/** The API of a cluster, as its administrator. */
import type { Layout } from '@kaji/bootstrap';
import { type Client, createClient } from '@kaji/client';
import { transportFromKubeconfig } from '@kaji/client/http';
import type { Shell } from './command.ts';

export async function connectAsAdmin(shell: Shell, layout: Layout): Promise<Client> {
  return createClient(await transportFromKubeconfig(shell.runtime, [`${layout.kubeconfigs}/admin.conf`]), { userAgent: 'kaji' });
}
