/** Processes of the real machine, through fork and exec. */
import { spawn, type StdioOptions } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { constants } from 'node:os';
import { type Finished, HostError, type Processes, type RunOptions, type SpawnOptions } from './host.ts';

/** More output than this from one command is a mistake: it is ended. */
const maxOutputBytes = 256 * 1024 * 1024;

export function realProcesses(): Processes {
  return {
    run,
    async check(argv, options) {
      const finished = await run(argv, options);
      if (finished.code !== 0) throw new HostError(`${argv.join(' ')}: status ${finished.code}: ${(finished.stderr.trim() || finished.stdout.trim()).slice(-2000)}`);
      return finished.stdout;
    },
    spawn: spawnChild,
    isAlive(pid) {
      try {
        process.kill(pid, 0);
        return true;
      } catch (error) {
        return isCode(error, 'EPERM'); // it lives and is somebody else's
      }
    },
    kill(pid, signal) {
      try {
        process.kill(pid, signal);
      } catch (error) {
        if (!isCode(error, 'ESRCH')) throw new HostError(`kill ${pid}: ${String(error)}`, { cause: error });
      }
    },
  };
}

function run(argv: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const [program, ...rest] = argv;
  if (program === undefined) return Promise.reject(new HostError('run: no command'));
  const { signal } = options;
  if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...options.environment },
      ...(options.directory === undefined ? {} : { cwd: options.directory }),
    });
    const onAbort = (): void => { child.kill('SIGKILL'); };
    signal?.addEventListener('abort', onAbort, { once: true });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let sizeBytes = 0;
    const collect = (into: Buffer[]) => (chunk: Buffer): void => {
      sizeBytes += chunk.length;
      if (sizeBytes > maxOutputBytes) child.kill('SIGKILL');
      else into.push(chunk);
    };
    child.stdout.on('data', collect(out));
    child.stderr.on('data', collect(err));
    child.stdin.on('error', () => undefined); // the command ended without reading its input; its status says the rest
    child.stdin.end(options.input);
    child.once('error', (error) => {
      signal?.removeEventListener('abort', onAbort);
      reject(new HostError(`${program}: ${describeStartError(error)}`, { cause: error }));
    });
    child.once('close', (code, name) => {
      signal?.removeEventListener('abort', onAbort);
      if (signal?.aborted === true) reject(signal.reason as Error);
      else resolve({ code: exitStatus(code, name), stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() });
    });
  });
}

function spawnChild(argv: readonly string[], options: SpawnOptions = {}): ReturnType<Processes['spawn']> {
  const [program, ...rest] = argv;
  if (program === undefined) throw new HostError('spawn: no command');
  const log = options.logFile === undefined ? undefined : openSync(options.logFile, 'a');
  const stdio: StdioOptions = options.usesTerminal === true ? 'inherit' : ['ignore', log ?? 'ignore', log ?? 'ignore'];
  const child = spawn(program, rest, {
    stdio,
    detached: options.isDetached === true,
    env: { ...process.env, ...options.environment },
    ...(options.directory === undefined ? {} : { cwd: options.directory }),
  });
  if (log !== undefined) closeSync(log);
  const exited = new Promise<number>((resolve) => {
    child.once('error', () => { resolve(127); }); // the shell's status for a command that cannot be run
    child.once('exit', (code, name) => { resolve(exitStatus(code, name)); });
  });
  if (child.pid === undefined) throw new HostError(`${program}: cannot be started`);
  return { pid: child.pid, exited, kill: (name) => { child.kill(name); }, release: () => { child.unref(); } };
}

function exitStatus(code: number | null, name: NodeJS.Signals | null): number {
  return code ?? 128 + (name === null ? 0 : constants.signals[name]);
}

function describeStartError(error: Error): string {
  return isCode(error, 'ENOENT') ? 'command not found' : error.message;
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}
