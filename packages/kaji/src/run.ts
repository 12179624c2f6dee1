/** The shell of the real process, and what becomes of errors. */
import { dirname, join } from 'node:path';
import { realRuntime } from '@kaji/base/real';
import { settleLater } from '@kaji/base/real/settle';
import { HostError, realHost } from '@kaji/host';
import { runCommand, type Shell } from './command.ts';
import { commands } from './commands/index.ts';

/** Runs the command that the words name; `main` is the file to start again for another. */
export async function run(main: string, argv: readonly string[], projectDirectory: string = join(dirname(main), '../../..')): Promise<number> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => { stop.abort(new HostError(`ended by ${name}`)); });
  const shell: Shell = {
    host: realHost(),
    runtime: realRuntime(),
    environment: process.env,
    userId: process.getuid?.() ?? -1,
    processId: process.pid,
    program: [process.execPath, ...process.execArgv, main],
    projectDirectory,
    isTerminal: process.stdout.isTTY,
    signal: stop.signal,
    out: (text) => { process.stdout.write(text); },
    err: (text) => { process.stderr.write(text); },
  };
  const cancel = settleLater(shell.runtime.clock, 'process');
  try {
    return await runCommand(shell, commands, argv);
  } catch (error) {
    // What the machine refused is told in its words; anything else is our own mistake and shows where it was made.
    shell.err(`kaji: ${error instanceof Error ? (isOperating(error) ? error.message : describe(error)) : String(error)}\n`);
    return 1;
  } finally {
    cancel();
  }
}

/** By its name: loading the whole API for it would double what the supervisor weighs. */
const isOperating = (error: Error): boolean => error instanceof HostError || error.name === 'ApiError';

/** A mistake with what led to it. */
function describe(error: Error): string {
  return `${error.stack ?? error.message}${error.cause instanceof Error ? `\n  because: ${describe(error.cause)}` : ''}`;
}
