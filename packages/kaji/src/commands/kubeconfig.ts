import { HostError } from '@kaji/host';
import { command } from '../command.ts';
import { clusterFor, targetFlags } from '../target.ts';

export const kubeconfig = command({
  name: 'kubeconfig', usage: '', summary: 'Print the administrator\'s kubeconfig of a cluster',
  examples: ['kaji kubeconfig > kaji.conf && KUBECONFIG=kaji.conf kubectl get nodes'],
  flags: targetFlags,
  async run(shell, { flags }) {
    const { layout } = await clusterFor(shell, flags);
    const content = await shell.host.files.readText(`${layout.kubeconfigs}/admin.conf`);
    if (content === undefined) throw new HostError(`${layout.kubeconfigs}/admin.conf is missing; make it again with: kaji up --name ${layout.name}`);
    shell.out(content);
    return 0;
  },
});
