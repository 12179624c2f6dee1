/** What has to be done so that a pod's containers become what its specification says. */
import type { Pod } from '@kaji/api/core/v1';
import { formatDuration } from '@kaji/schema';
import { own } from '../own.ts';
import { latest, type Observed, type ObservedContainer, readySandbox } from './observed.ts';
import { allContainers, containerHash, describe, isHostNetwork, restartsAfter, type RoledContainer } from './pod-view.ts';
import type { CrashBackoff, PodState, Waiting } from './state.ts';

export interface Kill {
  readonly id: string;
  readonly name: string;
  /** Shown in the Killing event, after "Container x ". */
  readonly message: string;
  readonly reason: 'changed' | 'liveness' | 'startup' | 'unknown';
}

export interface Start {
  readonly name: string;
  readonly restartCount: number;
}

export interface Plan {
  /** A sandbox that is no longer good: all of its containers end with it. */
  readonly stopSandboxes: readonly string[];
  /** The attempt number of a sandbox to make. */
  readonly createSandbox?: number;
  readonly kill: readonly Kill[];
  readonly start: readonly Start[];
  /** Containers that must wait before their next start, and since which text. */
  readonly crashing: Readonly<Record<string, Waiting>>;
  readonly backoff: Readonly<Record<string, CrashBackoff>>;
  /** When the next container that waits may start. */
  readonly wakeAt?: number;
  /** Everything has ended and nothing will be started again. */
  readonly isDone: boolean;
}

export interface BackoffLimits {
  readonly initialMs: number;
  readonly maxMs: number;
}

export const isEmpty = (plan: Plan): boolean => plan.stopSandboxes.length === 0 && plan.createSandbox === undefined && plan.kill.length === 0 && plan.start.length === 0;

export function plan(state: PodState, limits: BackoffLimits, now: number): Plan {
  const { pod, observed } = state;
  const draft = new Draft(state, limits, now);
  const sandbox = readySandbox(observed);
  const isSandboxGood = sandbox !== undefined && sandbox.isHostNetwork === isHostNetwork(pod) && (isHostNetwork(pod) || sandbox.addresses.length > 0);
  if (isDone(pod, observed)) return draft.finish({ isDone: true });
  if (!isSandboxGood) {
    const attempt = observed.sandboxes[0] === undefined ? 0 : observed.sandboxes[0].attempt + 1;
    for (const first of firstContainers(pod, observed)) draft.startAgain(first);
    if (!draft.wantsStart) return draft.finish({ isDone: false });
    return draft.finish({ isDone: false, createSandbox: attempt, stopSandboxes: observed.sandboxes.filter((other) => other.isReady).map((other) => other.id) });
  }
  for (const other of observed.sandboxes) if (other.isReady && other.id !== sandbox.id) draft.stopSandboxes.push(other.id);
  planContainers(pod, observed, sandbox.id, draft);
  return draft.finish({ isDone: false });
}

/** Kubernetes: pods end only where the policy lets them; init containers that failed for good end them, too. */
export function isDone(pod: Pod, observed: Observed): boolean {
  const roled = allContainers(pod);
  for (const entry of roled) {
    if (entry.role !== 'init') continue;
    const container = latest(observed, entry.container.name);
    if (container?.state === 'exited' && container.exitCode !== 0 && !restartsAfter(pod, entry, container.exitCode)) return true;
  }
  return roled.every((entry) => {
    if (entry.role !== 'container') return true;
    const container = latest(observed, entry.container.name);
    return container?.state === 'exited' && !restartsAfter(pod, entry, container.exitCode);
  });
}

/** In a new sandbox the init containers run again; then those containers that are to run at all. */
function firstContainers(pod: Pod, observed: Observed): readonly RoledContainer[] {
  const wanted = allContainers(pod).filter((entry) => entry.role === 'container').filter((entry) => {
    const container = latest(observed, entry.container.name);
    return container === undefined || container.state === 'created' || restartsAfter(pod, entry, container.state === 'exited' ? container.exitCode : 137);
  });
  if (wanted.length === 0) return [];
  const init = allContainers(pod).find((entry) => entry.role === 'init' || entry.role === 'sidecar');
  return init === undefined ? wanted : [init];
}

function planContainers(pod: Pod, observed: Observed, sandboxId: string, draft: Draft): void {
  const here: Observed = { ...observed, containers: observed.containers.filter((container) => container.sandboxId === sandboxId) };
  const roled = allContainers(pod);
  const hasBegun = roled.some((entry) => entry.role === 'container' && latest(here, entry.container.name) !== undefined);
  let isInitialized = true;
  for (const entry of roled) {
    if (entry.role === 'container' || !isInitialized) continue;
    const container = latest(here, entry.container.name);
    if (entry.role === 'ephemeral') {
      if (latest(observed, entry.container.name) === undefined) draft.start(entry, 0);
    } else if (entry.role === 'sidecar') {
      if (container?.state === 'running') {
        draft.check(entry, container);
        if (!hasBegun && draft.probes(container.id)?.hasStarted !== true && entry.container.startupProbe !== undefined) isInitialized = false;
      } else {
        draft.startAgain(entry);
        if (!hasBegun) isInitialized = false;
      }
    } else if (!hasBegun && !(container?.state === 'exited' && container.exitCode === 0)) {
      if (container?.state !== 'running') draft.startAgain(entry);
      isInitialized = false;
    }
  }
  if (!isInitialized) return;
  for (const entry of roled) {
    if (entry.role !== 'container') continue;
    const container = latest(here, entry.container.name);
    if (container?.state === 'running') draft.check(entry, container);
    else draft.startAgain(entry);
  }
}

/** Collects a plan; knows back-off and what probes said. */
class Draft {
  readonly stopSandboxes: string[] = [];
  readonly #state: PodState;
  readonly #limits: BackoffLimits;
  readonly #now: number;
  readonly #kill: Kill[] = [];
  readonly #start: Start[] = [];
  readonly #crashing: Record<string, Waiting> = {};
  readonly #backoff: Record<string, CrashBackoff>;
  #wakeAt: number | undefined;

  constructor(state: PodState, limits: BackoffLimits, now: number) {
    this.#state = state;
    this.#limits = limits;
    this.#now = now;
    this.#backoff = { ...state.backoff };
  }

  get wantsStart(): boolean {
    return this.#start.length > 0;
  }

  probes(id: string): PodState['probes'][string] | undefined {
    return this.#state.probes[id];
  }

  start(entry: RoledContainer, restartCount: number): void {
    this.#start.push({ name: entry.container.name, restartCount });
  }

  /** Starts a container for the first time, or once more if its policy and its back-off allow. */
  startAgain(entry: RoledContainer): void {
    const { name } = entry.container;
    const previous = latest(this.#state.observed, name);
    if (previous === undefined) {
      this.start(entry, knownRestarts(this.#state, name));
      return;
    }
    if (previous.state === 'exited' && !restartsAfter(this.#state.pod, entry, previous.exitCode) && !(entry.role === 'init' && previous.exitCode === 0)) return;
    if (previous.state === 'unknown') this.#kill.push({ id: previous.id, name, reason: 'unknown', message: 'is in unknown state, try killing it before restart' });
    if (previous.state === 'exited' && this.#isHeldBack(name, previous)) return;
    this.start(entry, previous.state === 'created' ? previous.restartCount : previous.restartCount + 1);
  }

  /** Kills a running container that is not the one wanted, or is not alive; another takes its place in a later round. */
  check(entry: RoledContainer, container: ObservedContainer): void {
    const { name } = entry.container;
    const results = this.#state.probes[container.id];
    if (container.hash !== '' && container.hash !== containerHash(entry.container)) {
      this.#kill.push({ id: container.id, name, reason: 'changed', message: 'definition changed, will be restarted' });
    } else if (results?.isAlive === false) {
      this.#kill.push({ id: container.id, name, reason: 'liveness', message: this.#after(entry, 'failed liveness probe') });
    } else if (results?.hasStarted === false) {
      this.#kill.push({ id: container.id, name, reason: 'startup', message: this.#after(entry, 'failed startup probe') });
    }
  }

  finish(rest: { isDone: boolean; createSandbox?: number; stopSandboxes?: readonly string[] }): Plan {
    return {
      stopSandboxes: this.stopSandboxes, kill: this.#kill, start: this.#start, crashing: this.#crashing, backoff: this.#backoff, ...rest,
      ...(this.#wakeAt === undefined ? {} : { wakeAt: this.#wakeAt }),
    };
  }

  #after(entry: RoledContainer, why: string): string {
    return restartsAfter(this.#state.pod, entry, 137) ? `${why}, will be restarted` : why;
  }

  /** Kubernetes: the first restart is immediate; each later one waits twice as long, counted from the end of the last run. A quiet time of twice the limit starts over. */
  #isHeldBack(name: string, previous: ObservedContainer): boolean {
    const { initialMs, maxMs } = this.#limits;
    const entry = own(this.#backoff, name);
    const isExpired = entry === undefined || this.#now - entry.updatedAt > 2 * maxMs;
    if (!isExpired && this.#now - previous.finishedAtMs < entry.delayMs) {
      const until = previous.finishedAtMs + entry.delayMs;
      this.#wakeAt = Math.min(this.#wakeAt ?? until, until);
      this.#crashing[name] = {
        reason: 'CrashLoopBackOff',
        message: `back-off ${formatDuration(entry.delayMs)} restarting failed container=${name} pod=${describe(this.#state.pod)}`,
      };
      return true;
    }
    this.#backoff[name] = { delayMs: isExpired ? initialMs : Math.min(maxMs, entry.delayMs * 2), updatedAt: this.#now };
    return false;
  }
}

/** The runtime may have forgotten containers that the API still remembers. */
function knownRestarts(state: PodState, name: string): number {
  const known = [...(state.known.containerStatuses ?? []), ...(state.known.initContainerStatuses ?? [])].find((status) => status.name === name);
  if (known === undefined) return 0;
  const hasRun = known.state?.running !== undefined || known.state?.terminated !== undefined || known.lastState?.terminated !== undefined;
  return hasRun ? known.restartCount + 1 : known.restartCount;
}
