import { livingProcesses, serverUrl } from '@kaji/bootstrap';
import { command } from '../command.ts';
import { text, UsageError } from '../flags.ts';
import { clusterFor, targetFlags } from '../target.ts';

export const status = command({
  name: 'status', usage: '', summary: 'Show whether a cluster runs, and its processes',
  examples: ['kaji status', 'kaji status -o json'],
  flags: { ...targetFlags, output: text('json, or nothing for people', '', { short: 'o' }) },
  async run(shell, { flags }) {
    if (flags.output !== '' && flags.output !== 'json') throw new UsageError(`there is no output ${JSON.stringify(flags.output)}: only json`);
    const { layout, settings } = await clusterFor(shell, flags);
    const processes = await livingProcesses(shell.host, layout.processes);
    const wanted = 2 + 2 * settings.nodes; // supervise and server, then containerd and node for each
    const state = processes.length === 0 ? 'stopped' : processes.length === wanted ? 'running' : 'degraded';
    if (flags.output === 'json') {
      shell.out(`${JSON.stringify({ ...settings, state, server: serverUrl(settings), dataDirectory: layout.data, processes }, undefined, 2)}\n`);
      return 0;
    }
    shell.out(`Cluster ${layout.name} is ${state}: ${settings.nodes} ${settings.nodes === 1 ? 'node' : 'nodes'}, API at ${serverUrl(settings)}, data in ${layout.data}\n`);
    for (const { component, node, pid, restarts } of processes) shell.out(`  ${(node === undefined ? component : component === 'node' ? node : `${component}-${node}`).padEnd(20)} process ${pid}${restarts === 0 ? '' : `, started again ${restarts} times`}\n`);
    return 0;
  },
});
