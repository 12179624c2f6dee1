/** The command: argv to command, and nothing else. */
import { dirname, join } from 'node:path';
import { realRuntime } from '@kaji/base/real';
import { HostError, realHost } from '@kaji/host';
import { runCommand, type Shell } from './command.ts';
import { commands } from './commands/index.ts';

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => { stop.abort(new Error(`ended by ${name}`)); });

const shell: Shell = {
  host: realHost(),
  runtime: realRuntime(),
  environment: process.env,
  userId: process.getuid?.() ?? -1,
  processId: process.pid,
  program: [process.execPath, ...process.execArgv, import.meta.filename],
  projectDirectory: join(dirname(import.meta.filename), '../../..'),
  isTerminal: process.stdout.isTTY,
  signal: stop.signal,
  out: (text) => { process.stdout.write(text); },
  err: (text) => { process.stderr.write(text); },
};

try {
  process.exitCode = await runCommand(shell, commands, process.argv.slice(2));
} catch (error) {
  // What the machine refused is told in one line; anything else is our own mistake and shows where it was made.
  process.stderr.write(`kaji: ${error instanceof HostError || stop.signal.aborted ? (error as Error).message : error instanceof Error ? error.stack ?? error.message : String(error)}\n`);
  process.exitCode = 1;
}
