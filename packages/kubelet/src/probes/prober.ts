/** Runs the probes of the containers that run, and tells the pods' workers what came out. */
import type { Probe } from '@kaji/api/core/v1';
import { type Log, type Random, sleep } from '@kaji/base';
import { containerSubject, type Recorder } from '../events.ts';
import { latest, type ObservedContainer, readySandbox } from '../pod-worker/observed.ts';
import { allContainers, isHostNetwork, type RoledContainer } from '../pod-worker/pod-view.ts';
import type { PodWorker } from '../pod-worker/pod-worker.ts';
import { knownRun } from '../pod-worker/status.ts';
import type { ProbeResults } from '../pod-worker/state.ts';
import { type ProbeParts, runProbe } from './probe-action.ts';
import { firstProbe, type ProbeKind, probeStep, timingOf } from './probe-step.ts';

export interface ProberParts extends ProbeParts {
  readonly log: Log;
  readonly random: Random;
  readonly recorder: Recorder;
  nodeAddress(): string;
}

const titles = { startup: 'Startup', readiness: 'Readiness', liveness: 'Liveness' } as const;

export class Prober {
  readonly #parts: ProberParts;
  /** By container id and kind. */
  readonly #running = new Map<string, AbortController>();
  readonly #byPod = new Map<string, Set<string>>();

  constructor(parts: ProberParts) {
    this.#parts = parts;
  }

  /** Starts and ends probes so that they fit the worker's state. Called after each of its steps. */
  adjust(worker: PodWorker): void {
    const wanted = new Set<string>();
    const { state } = worker;
    if (state.phase === 'running' || state.phase === 'terminating') {
      for (const entry of allContainers(state.pod)) {
        if (entry.role === 'init' || entry.role === 'ephemeral') continue;
        const container = latest(state.observed, entry.container.name);
        if (container?.state === 'running') for (const kind of kindsFor(worker, entry, container)) wanted.add(this.#ensure(worker, entry, container, kind));
      }
    }
    const known = this.#byPod.get(worker.uid);
    for (const id of known ?? []) if (!wanted.has(id)) this.#end(id);
    if (wanted.size === 0) this.#byPod.delete(worker.uid);
    else this.#byPod.set(worker.uid, wanted);
  }

  close(): void {
    for (const id of [...this.#running.keys()]) this.#end(id);
    this.#byPod.clear();
  }

  #ensure(worker: PodWorker, entry: RoledContainer, container: ObservedContainer, kind: ProbeKind): string {
    const id = `${container.id}/${kind}`;
    if (this.#running.has(id)) return id;
    const stop = new AbortController();
    this.#running.set(id, stop);
    void this.#run(worker, entry, container, { kind, signal: stop.signal }).catch((error: unknown) => {
      if (!stop.signal.aborted) this.#parts.log.error('a probe ended', error, { container: entry.container.name });
    });
    return id;
  }

  #end(id: string): void {
    this.#running.get(id)?.abort();
    this.#running.delete(id);
  }

  async #run(worker: PodWorker, entry: RoledContainer, container: ObservedContainer, { kind, signal }: { readonly kind: ProbeKind; readonly signal: AbortSignal }): Promise<void> {
    const { clock, recorder } = this.#parts;
    const probe = probeOf(entry, kind);
    if (probe === undefined) return;
    const timing = timingOf(probe);
    let state = firstProbe(kind);
    const wasReady = worker.state.probes[container.id]?.isReady ?? knownRun(worker.state, entry.container.name, container.id)?.ready;
    if (kind === 'readiness' && wasReady === true) state = { ...state, verdict: 'success' };
    // counted from the container's start; a readiness probe of a container that is not ready does not wait out its period first
    const delay = container.startedAtMs + timing.initialDelayMs - clock.now();
    if (delay > 0) await sleep(clock, delay, signal);
    while (!signal.aborted) {
      const answer = await runProbe(this.#parts, probe, { containerId: container.id, container: entry.container, podIp: this.#address(worker) }, timing.timeoutMs);
      if (signal.aborted) return;
      if (answer.outcome === 'failure') {
        recorder.record(containerSubject(worker.state.pod, entry.container, entry.role), 'Warning', 'Unhealthy', `${titles[kind]} probe failed: ${answer.message}`);
      }
      const next = probeStep(state, answer.outcome, timing);
      const isNews = next.verdict !== state.verdict || (state.last === undefined && next.verdict !== 'unknown');
      state = next;
      if (isNews) worker.offer({ type: 'probed', containerId: container.id, results: resultsOf(kind, next.verdict === 'success') });
      // a container that failed for good is killed; what it answers until then says nothing
      if (kind !== 'readiness' && next.verdict === 'failure') return;
      if (kind === 'startup' && next.verdict === 'success') return;
      await sleep(clock, timing.periodMs, signal);
    }
  }

  #address(worker: PodWorker): string {
    return isHostNetwork(worker.state.pod) ? this.#parts.nodeAddress() : (readySandbox(worker.state.observed)?.addresses[0] ?? '');
  }
}

/** Until a startup probe has succeeded, the others wait. A pod that is ending is asked only whether it is ready. */
function kindsFor(worker: PodWorker, { container }: RoledContainer, observed: ObservedContainer): readonly ProbeKind[] {
  const { state } = worker;
  const hasStarted = container.startupProbe === undefined || state.probes[observed.id]?.hasStarted === true;
  if (state.phase === 'terminating') return container.readinessProbe === undefined || !hasStarted ? [] : ['readiness'];
  if (!hasStarted) return ['startup'];
  return [...(container.readinessProbe === undefined ? [] : ['readiness' as const]), ...(container.livenessProbe === undefined ? [] : ['liveness' as const])];
}

function probeOf({ container }: RoledContainer, kind: ProbeKind): Probe | undefined {
  switch (kind) {
    case 'startup': return container.startupProbe;
    case 'readiness': return container.readinessProbe;
    case 'liveness': return container.livenessProbe;
  }
}

function resultsOf(kind: ProbeKind, isGood: boolean): ProbeResults {
  switch (kind) {
    case 'startup': return { hasStarted: isGood };
    case 'readiness': return { isReady: isGood };
    case 'liveness': return { isAlive: isGood };
  }
}
