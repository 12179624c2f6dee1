import { HostError } from '@kaji/host';
import { command } from '../command.ts';

export const version = command({
  name: 'version', usage: '', summary: 'Print the version of kaji and of the Kubernetes it is',
  examples: ['kaji version'],
  flags: {},
  async run(shell) {
    const manifest = await shell.host.files.readText(`${shell.projectDirectory}/packages/kaji/package.json`);
    if (manifest === undefined) throw new HostError(`${shell.projectDirectory} is not complete: packages/kaji/package.json is missing`);
    const { version: own } = JSON.parse(manifest) as { version: string };
    shell.out(`kaji v${own} (Kubernetes v1.36)\n`);
    return 0;
  },
});
