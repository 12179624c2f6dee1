/** A machine in memory: for tests and simulations, with no access to the real one. */
import type { Duplex } from 'node:stream';
import type { Clock } from '@kaji/base';
import { type Child, type Finished, type Host, HostError, type Mount, type RunOptions } from '../host.ts';
import { SimulatedFiles } from './files.ts';

/** What a scripted command answers; undefined means the machine has no such command. */
export type Command = (argv: readonly string[], options: RunOptions) => Partial<Finished> | undefined | Promise<Partial<Finished> | undefined>;

/** A process that `spawn` started; the test ends it. */
export interface SimulatedProcess {
  readonly pid: number;
  readonly argv: readonly string[];
  readonly signals: readonly string[];
  end(code: number): void;
}

export interface SimulatedHostOptions {
  readonly clock: Clock;
  readonly hostname?: string;
  /** Answers run and check. */
  readonly command?: Command;
  /** Answers connect. */
  readonly listener?: (to: Parameters<Host['sockets']['connect']>[0]) => Duplex | undefined;
}

export interface SimulatedHost extends Host {
  readonly files: SimulatedFiles;
  /** Commands that were run, in order. */
  readonly commands: readonly (readonly string[])[];
  readonly spawned: readonly SimulatedProcess[];
}

export function simulatedHost(options: SimulatedHostOptions): SimulatedHost {
  const commands: (readonly string[])[] = [];
  const spawned: (SimulatedProcess & { isAlive: boolean; readonly child: Child })[] = [];
  const mounts: Mount[] = [];
  const alive = (pid: number): (typeof spawned)[number] | undefined => spawned.find((each) => each.pid === pid && each.isAlive);

  async function run(argv: readonly string[], runOptions: RunOptions = {}): Promise<Finished> {
    commands.push(argv);
    const answer = await options.command?.(argv, runOptions);
    if (answer === undefined) throw new HostError(`${argv[0] ?? ''}: command not found`);
    return { code: 0, stdout: '', stderr: '', ...answer };
  }

  return {
    hostname: options.hostname ?? 'node-1',
    commands,
    spawned,
    files: new SimulatedFiles(options.clock),
    processes: {
      run,
      async check(argv, runOptions) {
        const finished = await run(argv, runOptions);
        if (finished.code !== 0) throw new HostError(`${argv.join(' ')}: status ${finished.code}: ${finished.stderr.trim()}`);
        return finished.stdout;
      },
      spawn(argv) {
        const process = simulatedProcess(1000 + spawned.length, argv);
        spawned.push(process);
        return process.child;
      },
      isAlive: (pid) => alive(pid) !== undefined,
      kill(pid, signal) { alive(pid)?.child.kill(signal); },
    },
    mounts: {
      async mount(mount) { mounts.push(mount); },
      async unmount(target) {
        const index = mounts.findLastIndex((mount) => mount.target === target);
        if (index >= 0) mounts.splice(index, 1);
      },
      async list() { return mounts.map((mount) => ({ ...mount, root: '/' })); },
    },
    sockets: {
      async connect(to) {
        const socket = options.listener?.(to);
        if (socket === undefined) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
        return socket;
      },
    },
    facts: {
      architecture: 'amd64', kernelVersion: '6.1.0', osImage: 'Simulated Linux', machineId: '0123456789abcdef0123456789abcdef',
      bootId: '00000000-0000-4000-8000-000000000001', systemUuid: '00000000-0000-4000-8000-000000000002', cpuCount: 4, memoryBytes: 8 * 2 ** 30,
    },
  };
}

function simulatedProcess(pid: number, argv: readonly string[]): SimulatedProcess & { isAlive: boolean; readonly child: Child } {
  const signals: string[] = [];
  const exited = Promise.withResolvers<number>();
  const process = {
    pid, argv, signals, isAlive: true,
    end(code: number): void {
      process.isAlive = false;
      exited.resolve(code);
    },
    child: {
      pid, exited: exited.promise,
      release: () => undefined,
      kill(signal: 'SIGTERM' | 'SIGKILL' | 'SIGINT' | 'SIGHUP'): void {
        signals.push(signal);
        if (signal === 'SIGKILL') process.end(137);
      },
    },
  };
  return process;
}
