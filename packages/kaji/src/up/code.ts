/** Compiled code, made before the processes that run it: one that starts without loads Node's reader of TypeScript for life, 25 MB a thread. */
import { flushCompileCache, getCompileCacheDir } from 'node:module';
import { dirname, join } from 'node:path';
import { type KajiImageSource, kajiImageName } from '@kaji/bootstrap';
import type { Shell } from '../command.ts';

export const imageSource = (shell: Shell): KajiImageSource => ({ projectDirectory: shell.projectDirectory, nodePath: shell.program[0] ?? 'node', codeDirectory: getCompileCacheDir() });

/** Compiles what has changed since the last time. Gives the name of kaji's image, which tells one state of the project from another. */
export async function compileCode(shell: Shell): Promise<string> {
  const { files, processes } = shell.host;
  const name = await kajiImageName(shell.host, imageSource(shell));
  const directory = getCompileCacheDir();
  if (directory === undefined) return name; // switched off in the environment
  const mark = `${directory}.of`;
  if ((await files.readText(mark)) === name) return name;
  flushCompileCache(); // what this process runs, others run, too
  const main = shell.program.at(-1) ?? '';
  await processes.check([...shell.program.slice(0, -1), join(dirname(main), 'compile.ts')]);
  await files.write(mark, name, { isAtomic: true });
  return name;
}
