import { closeFirewalls, endContainers, endNamespaceProcesses, livingProcesses, removeCgroups, removeNamespaces, removeRunFiles, withClusterLock } from '@kaji/bootstrap';
import { sleep } from '@kaji/base';
import type { Layout, ClusterSettings } from '@kaji/bootstrap';
import { command, type Shell } from '../command.ts';
import { phaseReporter, type Phases } from '../phases.ts';
import { clusterFor, targetFlags } from '../target.ts';

/** The supervisor ends everything in order; after this it is not waited for. */
const supervisorGraceMs = 15_000;

export const stop = command({
  name: 'stop', usage: '', summary: 'Stop a cluster; its data stays',
  examples: ['kaji stop', 'kaji up   # brings it back'],
  flags: targetFlags,
  async run(shell, { flags }) {
    const { layout, settings } = await clusterFor(shell, flags);
    return withClusterLock(shell.host, { name: layout.name, processId: shell.processId }, async () => {
      await endCluster(shell, phaseReporter(shell.runtime, shell), layout, settings);
      shell.out(`Cluster ${layout.name} is stopped. Its data is in ${layout.data}; start it again with: kaji up${layout.name === 'kaji' ? '' : ` --name ${layout.name}`}\n`);
      return 0;
    });
  },
});

/** Ends processes and containers and removes namespaces, links and rules: what a reboot would do. */
export async function endCluster(shell: Shell, phases: Phases, layout: Layout, settings: ClusterSettings): Promise<void> {
  const { host, runtime } = shell;
  await phases.run('processes', async () => {
    const living = await livingProcesses(host, layout.processes);
    const supervisor = living.find((record) => record.component === 'supervise');
    if (supervisor !== undefined) {
      host.processes.kill(supervisor.pid, 'SIGTERM');
      const until = runtime.clock.monotonic() + supervisorGraceMs;
      while ((await livingProcesses(host, layout.processes)).some((record) => record.component === 'supervise') && runtime.clock.monotonic() < until) await sleep(runtime.clock, 20);
    }
    for (const record of await livingProcesses(host, layout.processes)) host.processes.kill(record.pid, 'SIGKILL');
    return living.map((record) => record.node ?? record.component).filter((name, index, all) => all.indexOf(name) === index).join(' ');
  });
  await phases.run('containers', async () => {
    const count = await endContainers(runtime.clock, host, layout);
    await endNamespaceProcesses(runtime.clock, host, layout);
    return count === 0 ? '' : `${count} processes`;
  });
  await phases.run('namespaces, links and rules', async () => {
    const removed = await removeNamespaces(host, layout, settings);
    if (await closeFirewalls(host, settings)) removed.push('firewall rules');
    if (await removeCgroups(host, layout)) removed.push('cgroups');
    await removeRunFiles(host, layout);
    return removed.join(', ');
  });
}
