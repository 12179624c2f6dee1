/** Keeps a cluster's processes running: starts them, starts them again when they end, takes over those of a supervisor that died. */
import { Backoff, type Runtime, Scope, sleep } from '@kaji/base';
import type { Host } from '@kaji/host';
import { isAlive, livingProcesses, type ProcessRecord, startTicksOf } from './process-record.ts';

export interface Component {
  readonly component: 'server' | 'containerd' | 'node';
  readonly node?: string;
  readonly argv: readonly string[];
  readonly logFile: string;
}

export interface SupervisorConfig {
  readonly components: readonly Component[];
  /** The file of process records. */
  readonly recordsPath: string;
  readonly ownPid: number;
}

/** The first restart comes almost at once; one that keeps failing is tried every ten seconds. */
const backoff = { initialMs: 50, maxMs: 10_000, factor: 2, jitter: 0 };
/** Whoever ran this long is healthy: its next end is a first one again. */
const healthyAfterMs = 20_000;
/** How often a process that is not our child is looked at: only a parent is told of an end. */
const adoptedCheckMs = 200;
/** How long processes may take to end when they are asked to. */
const stopGraceMs = 4000;
/** Once a log is longer than this, it is put aside when its process starts again. */
const maxLogBytes = 16 * 1024 * 1024;

export class Supervisor {
  readonly #runtime: Runtime;
  readonly #host: Host;
  readonly #config: SupervisorConfig;
  readonly #records = new Map<string, ProcessRecord>();
  #writing: Promise<void> = Promise.resolve();

  constructor(runtime: Runtime, host: Host, config: SupervisorConfig) {
    this.#runtime = runtime;
    this.#host = host;
    this.#config = config;
  }

  /** Runs until the signal, then ends the processes, those that others depend on last. */
  async run(signal: AbortSignal): Promise<void> {
    const adopted = new Map((await livingProcesses(this.#host, this.#config.recordsPath)).map((record) => [identify(record), record]));
    const ownTicks = await startTicksOf(this.#host, this.#config.ownPid);
    await this.#record({ component: 'supervise', pid: this.#config.ownPid, startTicks: ownTicks ?? '', restarts: 0 });
    {
      await using scope = new Scope(signal);
      for (const component of this.#config.components) scope.run(identify(component), (inner) => this.#keep(component, adopted.get(identify(component)), inner));
      await scope.join();
    }
    for (const kind of ['node', 'server', 'containerd'] as const) await this.#end([...this.#records.values()].filter((record) => record.component === kind));
    await this.#writing;
    await this.#host.files.remove(this.#config.recordsPath);
  }

  async #keep(component: Component, adopted: ProcessRecord | undefined, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#runtime;
    const delays = new Backoff(backoff, this.#runtime.random.stream('supervise'));
    const fields = { component: component.component, ...(component.node === undefined ? {} : { node: component.node }) };
    if (adopted !== undefined) {
      await this.#record(adopted);
      log.info('took over a running process', { ...fields, pid: adopted.pid });
      while (await isAlive(this.#host, adopted)) await sleep(clock, adoptedCheckMs, signal);
      log.warn('process ended', { ...fields, pid: adopted.pid });
    }
    for (let restarts = adopted === undefined ? 0 : adopted.restarts + 1; !signal.aborted; restarts++) {
      await this.#rotate(component.logFile);
      const startedAt = clock.monotonic();
      const child = this.#host.processes.spawn(component.argv, { isDetached: true, logFile: component.logFile });
      await this.#record({ ...fields, component: component.component, pid: child.pid, startTicks: (await startTicksOf(this.#host, child.pid)) ?? '', restarts });
      const code = await Promise.race([child.exited, aborted(signal)]);
      if (code === undefined) return;
      if (clock.monotonic() - startedAt > healthyAfterMs) delays.reset();
      const delayMs = delays.next();
      log.warn('process ended', { ...fields, pid: child.pid, code, restartInMs: delayMs });
      await sleep(clock, delayMs, signal);
    }
  }

  async #end(records: readonly ProcessRecord[]): Promise<void> {
    const { clock } = this.#runtime;
    for (const record of records) if (await isAlive(this.#host, record)) this.#host.processes.kill(record.pid, 'SIGTERM');
    const until = clock.monotonic() + stopGraceMs;
    for (const record of records) {
      while (await isAlive(this.#host, record)) {
        if (clock.monotonic() > until) this.#host.processes.kill(record.pid, 'SIGKILL');
        await sleep(clock, 20);
      }
    }
  }

  /** Writes follow one another, so that the file's last state is the last one. */
  #record(record: ProcessRecord): Promise<void> {
    this.#records.set(identify(record), record);
    const text = JSON.stringify([...this.#records.values()], undefined, 1);
    this.#writing = this.#writing.then(() => this.#host.files.write(this.#config.recordsPath, text, { isAtomic: true }));
    return this.#writing;
  }

  async #rotate(path: string): Promise<void> {
    if (((await this.#host.files.status(path))?.sizeBytes ?? 0) > maxLogBytes) await this.#host.files.rename(path, `${path}.1`);
  }
}

const identify = ({ component, node }: { readonly component: string; readonly node?: string }): string => (node === undefined ? component : `${component} ${node}`);

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => { resolve(undefined); }, { once: true });
  });
}
