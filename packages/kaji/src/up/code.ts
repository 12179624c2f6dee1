/** Code of a cluster's processes, put together before they start. */
import { compiledCode, type KajiImageSource, kajiImageName, type Layout, type Program } from '@kaji/bootstrap';
import type { Shell } from '../command.ts';

export const imageSource = (shell: Shell, layout: Layout): KajiImageSource => ({ projectDirectory: shell.projectDirectory, nodePath: shell.program[0] ?? 'node', codeDirectory: layout.code });

/** How the processes are started: this very program, linked. */
export const linkedProgram = (shell: Shell, layout: Layout): Program => [...shell.program.slice(0, -1), `${layout.code}/main.js`];

/** Where Node keeps what it compiles of them. */
export const compileEnvironment = (layout: Layout): Readonly<Record<string, string>> => ({ NODE_COMPILE_CACHE: `${layout.code}/${compiledCode}`, NODE_COMPILE_CACHE_PORTABLE: '1' });

/** Links what has changed since the last time. Gives the name of kaji's image, which tells one state of the project from another. */
export async function linkCode(shell: Shell, layout: Layout): Promise<string> {
  const { files, processes } = shell.host;
  const name = await kajiImageName(shell.host, imageSource(shell, layout));
  const mark = `${layout.code}/of`;
  if ((await files.readText(mark)) === name) return name;
  await files.remove(layout.code);
  await processes.check([...shell.program.slice(0, -1), `${shell.projectDirectory}/tools/link/src/main.ts`, layout.code]);
  // Processes of the host leave what they compile to their next start. Those of pods cannot write: theirs is made here.
  await processes.check([...linkedProgram(shell, layout), 'dns', '--help'], { environment: compileEnvironment(layout) });
  await files.write(mark, name, { isAtomic: true });
  return name;
}
