import { importImage } from '@kaji/bootstrap';
import { command } from '../command.ts';
import { UsageError } from '../flags.ts';
import { presentClusterFor, targetFlags } from '../target.ts';

export const load = command({
  name: 'load', usage: 'IMAGE.tar...', summary: 'Load images from OCI or docker archives into every node',
  examples: ['docker save web:1 > web.tar && kaji load web.tar'],
  flags: targetFlags,
  async run(shell, { args, flags }) {
    if (args.length === 0) throw new UsageError('which archives?');
    const { layout, settings } = await presentClusterFor(shell, flags);
    for (const path of args) {
      if ((await shell.host.files.status(path)) === undefined) throw new UsageError(`there is no file ${path}`);
      const nodes = Array.from({ length: settings.nodes }, (_, index) => layout.node(index + 1));
      const names = await Promise.all(nodes.map((node) => importImage(shell.host, node.containerdSocket, path, shell.signal)));
      shell.out(`${[...new Set(names.flat())].join(' ')} loaded into ${nodes.map((node) => node.name).join(' ')}\n`);
    }
    return 0;
  },
});
