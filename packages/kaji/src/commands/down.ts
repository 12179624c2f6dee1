import { isEmptyKubeconfig, kubeconfigFile, readSettings, removeDataFiles, removeFromKubeconfig, withClusterLock, writeKubeconfig } from '@kaji/bootstrap';
import { command, type Shell } from '../command.ts';
import { phaseReporter } from '../phases.ts';
import { layoutFor, targetFlags } from '../target.ts';
import { endCluster } from './stop.ts';

export const down = command({
  name: 'down', usage: '', summary: 'Remove a cluster and everything it left on the machine',
  examples: ['kaji down', 'kaji down --name second'],
  flags: targetFlags,
  async run(shell, { flags }) {
    const layout = await layoutFor(shell, flags);
    return withClusterLock(shell.host, { name: layout.name, processId: shell.processId }, async () => {
      const settings = await readSettings(shell.host, layout);
      if (settings === undefined) {
        shell.out(`There is no cluster ${layout.name}.\n`);
        return 0;
      }
      const phases = phaseReporter(shell.runtime, shell);
      await endCluster(shell, phases, layout, settings);
      await phases.run('files', async () => {
        await removeDataFiles(shell.host, layout);
        return layout.data;
      });
      await phases.run('kubeconfig', () => removeContext(shell, `kaji-${layout.name}`));
      shell.out(`Cluster ${layout.name} is removed.\n`);
      return 0;
    });
  },
});

async function removeContext(shell: Shell, context: string): Promise<string> {
  const file = kubeconfigFile(shell.environment, (await shell.host.files.readText('/etc/passwd')) ?? '');
  const existing = await shell.host.files.readText(file.path);
  if (existing === undefined) return '';
  const without = removeFromKubeconfig(existing, context);
  if (without === undefined) return '';
  if (isEmptyKubeconfig(without)) await shell.host.files.remove(file.path);
  else await writeKubeconfig(shell.host, file, without);
  return `context ${context} in ${file.path}`;
}
