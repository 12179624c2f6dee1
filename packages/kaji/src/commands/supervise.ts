import { componentsOf, logOf, Supervisor } from '@kaji/bootstrap/supervise';
import { command } from '../command.ts';
import { clusterFor, targetFlags } from '../target.ts';

export const supervise = command({
  name: 'supervise', usage: '', summary: 'Keep a cluster\'s processes running, in the foreground',
  details: 'up starts this by itself. The cluster must have been made with up; on a real machine a service manager does this work.',
  examples: ['kaji supervise --name kaji'],
  flags: targetFlags,
  async run(shell, { flags }) {
    const { layout, settings } = await clusterFor(shell, flags);
    const components = componentsOf(layout, settings, shell.program);
    shell.runtime.log.info('supervising', { cluster: layout.name, components: components.length, log: logOf(layout, 'supervise') });
    await new Supervisor(shell.runtime, shell.host, { components, recordsPath: layout.processes, ownPid: shell.processId }).run(shell.signal);
    return 0;
  },
});
