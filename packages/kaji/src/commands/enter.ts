import { inNode } from '@kaji/bootstrap';
import { command } from '../command.ts';
import { UsageError } from '../flags.ts';
import { nodeFor, presentClusterFor, targetFlags } from '../target.ts';

export const enter = command({
  name: 'enter', usage: 'NODE [COMMAND...]', summary: 'Open a shell in a node, or run a command there',
  details: 'The node has its own network, mounts and host name; containerd, the kubelet\'s files and pod logs are at their usual paths.',
  examples: ['kaji enter node-1', 'kaji enter node-1 ctr -n k8s.io containers ls'],
  flags: targetFlags,
  ownArguments: 1,
  async run(shell, { args, flags }) {
    const { layout, settings } = await presentClusterFor(shell, flags);
    const [name, ...words] = args;
    if (name === undefined) throw new UsageError('which node?');
    const node = nodeFor(layout, settings, name);
    const child = shell.host.processes.spawn([...inNode(node), ...(words.length > 0 ? words : [shell.environment['SHELL'] ?? '/bin/sh'])], { usesTerminal: true, environment: { CONTAINERD_NAMESPACE: 'k8s.io' } });
    return child.exited;
  },
});
