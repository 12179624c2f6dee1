/** A real cluster for tests: brought up by the command itself, spoken to by real kubectl, removed whatever happens. */
import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { busyboxArchive } from '@kaji/bootstrap/testing';

const root = join(import.meta.dirname, '../..');
const sdk = '/usr/lib/google-cloud-sdk/bin';

/** Why these tests cannot run here, or false. */
export const skipReason: string | false = process.getuid?.() !== 0 ? 'needs root' : findKubectl() === undefined ? 'no kubectl here' : false;

/** The newest kubectl there is: those beside a Google Cloud SDK, then the one on the PATH. */
export function findKubectl(): string | undefined {
  const versions = existsSync(sdk) ? readdirSync(sdk).filter((name) => /^kubectl\.1\.\d+$/.test(name)).sort() : [];
  const newest = versions.at(-1);
  if (newest !== undefined) return join(sdk, newest);
  return (process.env['PATH'] ?? '').split(':').map((folder) => join(folder, 'kubectl')).find((path) => existsSync(path));
}

export interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CallOptions {
  readonly input?: string;
  readonly timeoutMs?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

export function call(argv: readonly string[], options: CallOptions = {}): Promise<Output> {
  return new Promise((resolve, reject) => {
    const [program = '', ...rest] = argv;
    const child = execFile(program, rest, { env: { ...process.env, ...options.environment }, timeout: options.timeoutMs ?? 60_000, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number' && error.killed !== true) reject(error);
      else resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 124, stdout, stderr });
    });
    child.stdin?.on('error', () => undefined); // a command that does not read its input is no failure
    child.stdin?.end(options.input ?? '');
  });
}

export const pause = (delayMs: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, delayMs); });

/** Repeats until it does not throw; throws the last failure after `withinMs`. */
export async function eventually<T>(withinMs: number, attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await pause(200);
    }
  }
}

/** The first process of a container, as the host sees it. */
export function processOfContainer(id: string): number {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).sort((left, right) => left - right)) {
    try {
      if (readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(id)) return pid;
    } catch {
      continue; // it ended while being looked at
    }
  }
  throw new Error(`no process is in the cgroup of container ${id}`);
}

export class TestCluster implements AsyncDisposable {
  readonly name: string;
  readonly directory: string;
  readonly kubeconfig: string;
  readonly kubectlPath: string;

  private constructor(name: string, directory: string) {
    this.name = name;
    this.directory = directory;
    this.kubeconfig = join(directory, 'kubeconfig');
    this.kubectlPath = findKubectl() ?? 'kubectl';
  }

  static async up(name: string, nodes: number): Promise<TestCluster> {
    const cluster = new TestCluster(`${name}-${process.pid}`, mkdtempSync(join(tmpdir(), `kaji-${name}-`)));
    try {
      const { code, stdout, stderr } = await cluster.kaji(['up', '--nodes', String(nodes)], { timeoutMs: 240_000 });
      if (code !== 0) throw new Error(`kaji up ended with ${code}\n${stdout}\n${stderr}`);
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** `kaji COMMAND --name ... --data-dir ...`. */
  kaji(args: readonly string[], options: CallOptions = {}): Promise<Output> {
    const [command = '', ...rest] = args;
    return call([process.execPath, join(root, 'packages/kaji/src/main.ts'), command, '--name', this.name, '--data-dir', join(this.directory, 'data'), ...rest], { ...options, environment: { KUBECONFIG: this.kubeconfig, ...options.environment } });
  }

  /** Gives stdout; throws with stderr when kubectl fails. */
  async kubectl(args: string | readonly string[], options: CallOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.tryKubectl(args, options);
    if (code !== 0) throw new Error(`kubectl ${typeof args === 'string' ? args : args.join(' ')} ended with ${code}\n${stdout}${stderr}`);
    return stdout;
  }

  tryKubectl(args: string | readonly string[], options: CallOptions = {}): Promise<Output> {
    return call([this.kubectlPath, ...(typeof args === 'string' ? args.split(' ') : args)], { ...options, environment: { KUBECONFIG: this.kubeconfig, ...options.environment } });
  }

  /** A kubectl that keeps running; the caller ends it. */
  startKubectl(args: readonly string[]): ChildProcessWithoutNullStreams {
    return spawn(this.kubectlPath, [...args], { env: { ...process.env, KUBECONFIG: this.kubeconfig } });
  }

  apply(yaml: string): Promise<string> {
    return this.kubectl('apply -f -', { input: yaml });
  }

  /** Builds a busybox image with these files and loads it into every node. */
  async load(reference: string, files: Readonly<Record<string, string>> = {}): Promise<void> {
    const path = join(this.directory, `${reference.replaceAll(/[^a-z0-9]/g, '-')}.tar`);
    writeFileSync(path, await busyboxArchive(reference, files));
    const { code, stderr } = await this.kaji(['load', path], { timeoutMs: 120_000 });
    rmSync(path);
    if (code !== 0) throw new Error(`kaji load ended with ${code}\n${stderr}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { code, stdout, stderr } = await this.kaji(['down'], { timeoutMs: 120_000 });
    if (process.env['KAJI_KEEP'] === undefined) rmSync(this.directory, { recursive: true, force: true });
    if (code !== 0) throw new Error(`kaji down ended with ${code}\n${stdout}\n${stderr}`);
  }
}
