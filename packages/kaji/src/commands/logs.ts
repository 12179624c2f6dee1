import { logOf } from '@kaji/bootstrap/supervise';
import { command } from '../command.ts';
import { toggle, UsageError } from '../flags.ts';
import { clusterFor, targetFlags } from '../target.ts';

const chunkBytes = 256 * 1024;

export const logs = command({
  name: 'logs', usage: 'COMPONENT', summary: 'Print the log of one of a cluster\'s processes',
  examples: ['kaji logs server', 'kaji logs node-1 -f', 'kaji logs containerd-node-2'],
  flags: { ...targetFlags, follow: toggle('go on as the log grows', { short: 'f' }) },
  async run(shell, { args, flags }) {
    const { layout } = await clusterFor(shell, flags);
    const names = (await shell.host.files.list(layout.logs)).flatMap((file) => (file.endsWith('.log') ? [file.slice(0, -4)] : []));
    const [name] = args;
    if (name === undefined || !names.includes(name)) throw new UsageError(`${name === undefined ? 'which log?' : `there is no log ${JSON.stringify(name)}.`} There are: ${names.join(' ')}`);
    const path = logOf(layout, name);
    let offset = 0;
    const printNew = async (): Promise<void> => {
      const size = (await shell.host.files.status(path))?.sizeBytes ?? 0;
      if (size < offset) offset = 0; // it was put aside and begun anew
      const decoder = new TextDecoder();
      while (offset < size) {
        const bytes = await shell.host.files.readAt(path, offset, Math.min(chunkBytes, size - offset));
        if (bytes.length === 0) return;
        shell.out(decoder.decode(bytes, { stream: true }));
        offset += bytes.length;
      }
    };
    await printNew();
    if (!flags.follow) return 0;
    for await (const _ of shell.host.files.watch(layout.logs, shell.signal)) await printNew();
    return 0;
  },
});
