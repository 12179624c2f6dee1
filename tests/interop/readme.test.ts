/** The README's first tour, typed as it stands there. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { busyboxArchive } from '@kaji/bootstrap/testing';
import { call, findKubectl, pause, skipReason } from '../kernel/fixture.ts';

const root = join(import.meta.dirname, '../..');

/** The commands of the section's first console block. */
function commandsOf(section: string): readonly string[] {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const block = /```console\n([\s\S]*?)```/.exec(readme.slice(readme.indexOf(`## ${section}`)))?.[1] ?? '';
  return block.split('\n').filter((line) => line.startsWith('$ ')).map((line) => line.slice(2).replace(/\s+#.*$/, ''));
}

const reason = skipReason !== false ? skipReason : existsSync('/var/lib/kaji/kaji') || existsSync('/run/kaji/kaji') ? 'there is a cluster of the default name on this machine' : false;

test('the first tour works as written', { skip: reason }, async () => {
  const commands = commandsOf('First tour');
  assert.ok(commands.length > 10);
  const directory = mkdtempSync(join(tmpdir(), 'kaji-readme-'));
  symlinkSync(findKubectl() ?? '', join(directory, 'kubectl'));
  const environment = { KUBECONFIG: join(directory, 'kubeconfig'), PATH: `${directory}:${process.env['PATH'] ?? ''}` };
  const type = async (command: string): Promise<void> => {
    const { code, stdout, stderr } = await call(['sh', '-c', `cd '${root}' && ${command}`], { environment, timeoutMs: 180_000 });
    assert.equal(code, 0, `$ ${command}\n${stdout}${stderr}`);
  };
  try {
    for (const [index, command] of commands.entries()) {
      await type(command);
      await pause(1000); // nobody types faster, and a new Service needs some milliseconds to reach every node
      // No registry can be reached from here: the image that the tour names is put there by hand.
      if (index === 0) {
        writeFileSync(join(directory, 'image.tar'), await busyboxArchive('docker.io/library/busybox:1'));
        await type(`./kaji load '${join(directory, 'image.tar')}'`);
      }
    }
    assert.equal(commands.at(-1), './kaji down');
    assert.equal(existsSync('/run/kaji/kaji'), false);
  } finally {
    await call([join(root, 'kaji'), 'down'], { environment, timeoutMs: 120_000 });
    rmSync(directory, { recursive: true, force: true });
  }
});
