/** What a command is: data, and a function over a shell. Help comes from the data. */
import type { Runtime } from '@kaji/base';
import type { Host } from '@kaji/host';
import { describeFlags, type Flags, type FlagValues, parseFlags, toggle, UsageError } from './flags.ts';

/** All that a command may touch, so that tests run it in process and compare text. */
export interface Shell {
  readonly host: Host;
  readonly runtime: Runtime;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly userId: number;
  readonly processId: number;
  /** How this program is started again: Node, its flags, the main file. */
  readonly program: readonly string[];
  /** Where the project lies. */
  readonly projectDirectory: string;
  readonly isTerminal: boolean;
  /** Aborted when the person or the service manager asks it to end. */
  readonly signal: AbortSignal;
  out(text: string): void;
  err(text: string): void;
}

/** A command that is loaded when it is asked for. */
export interface Entry {
  readonly name: string;
  load(): Promise<Command>;
}

export interface Command<F extends Flags = Flags> {
  readonly name: string;
  /** The words after the name in the usage line. */
  readonly usage: string;
  readonly summary: string;
  readonly details?: string;
  readonly examples: readonly string[];
  readonly flags: F;
  /** How many arguments are the command's own; everything from the next one on, flags too, belongs to another program. */
  readonly ownArguments?: number;
  /** Gives the exit status. Taken from a method, so that commands with different flags fit into one list. */
  run(shell: Shell, input: { readonly args: readonly string[]; readonly flags: FlagValues<F>; readonly given: ReadonlySet<string> }): Promise<number>;
}

export const command = <F extends Flags>(declared: Command<F>): Command => declared as unknown as Command; // run is only ever called with what parseFlags made of these very flags

const helpFlag = { help: toggle('show this text', { short: 'h' }) };

/** Runs one of the commands as the words say. */
export async function runCommand(shell: Shell, commands: readonly Entry[], argv: readonly string[]): Promise<number> {
  const [first, ...rest] = argv;
  const name = first === '--version' ? 'version' : first;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const asked = commands.find((each) => each.name === rest[0]);
    shell.out(asked === undefined ? overview(await Promise.all(commands.map((each) => each.load()))) : describe(await asked.load()));
    return 0;
  }
  const found = await commands.find((each) => each.name === name)?.load();
  if (found === undefined) {
    shell.err(`kaji: there is no command ${JSON.stringify(name)}\nRun 'kaji --help' for the list.\n`);
    return 1;
  }
  try {
    const parsed = parseFlags({ ...found.flags, ...helpFlag }, rest, found.ownArguments === undefined ? {} : { ownArguments: found.ownArguments });
    if (parsed.flags.help) {
      shell.out(describe(found));
      return 0;
    }
    return await found.run(shell, parsed);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    shell.err(`kaji ${found.name}: ${error.message}\nRun 'kaji ${found.name} --help' for its usage.\n`);
    return 1;
  }
}

function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((each) => each.name.length));
  const lines = commands.map((each) => `  ${each.name.padEnd(width)}   ${each.summary}`);
  return `kaji runs a real Kubernetes cluster on this machine.\n\nUsage:\n  kaji COMMAND [flags]\n\nCommands:\n${lines.join('\n')}\n\nRun 'kaji COMMAND --help' for more of one.\n`;
}

function describe({ name, usage, summary, details, examples, flags }: Command): string {
  const parts = [`${summary}.`, ...(details === undefined ? [] : [details])];
  parts.push(`Usage:\n  kaji ${[name, usage].filter((word) => word !== '').join(' ')}`);
  if (examples.length > 0) parts.push(`Examples:\n${examples.map((example) => `  ${example}`).join('\n')}`);
  parts.push(`Flags:\n${describeFlags({ ...flags, ...helpFlag })}`);
  return parts.join('\n\n');
}
