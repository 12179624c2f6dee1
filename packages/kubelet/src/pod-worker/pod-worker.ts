/** Owns the state of one pod: takes inputs, steps, runs the effects, and feeds back what came of them. */
import type { Pod, PodStatus } from '@kaji/api/core/v1';
import type { Clock, Log } from '@kaji/base';
import type { Observed } from './observed.ts';
import { uidOf } from './pod-view.ts';
import type { BackoffLimits, Plan } from './plan.ts';
import type { SyncHooks, SyncOutcome } from './pod-syncer.ts';
import { admit, type PodState } from './state.ts';
import { type NodeView, podStatus } from './status.ts';
import { type Effect, type Input, step } from './step.ts';

/** What a worker can do in the world. */
export interface WorkerParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: BackoffLimits;
  node(): NodeView;
  observe(uid: string): Promise<Observed>;
  sync(pod: Pod, plan: Plan, observed: Observed, hooks: SyncHooks): Promise<SyncOutcome>;
  stop(pod: Pod, observed: Observed, graceSeconds: number): Promise<void>;
  clean(pod: Pod): Promise<void>;
  /** The pod's status as it is now; gives nothing back, never waits. */
  report(pod: Pod, status: PodStatus): void;
  /** The last status has reached the API, and the object may go. */
  release(pod: Pod): Promise<void>;
  backedOff(pod: Pod, names: readonly string[]): void;
  forget(pod: Pod, observed: Observed): Promise<void>;
  /** The state changed: probes, among others, look at it. */
  changed(worker: PodWorker): void;
}

/** How soon something is tried again that should not fail. */
const retryMs = 1000;
const maxRetryMs = 10_000;
const looking = 'cannot look at a pod';
const stopping = 'cannot stop a pod';
/** An end shows soon, or late where the machine is busy; what has not shown after a minute, the safety relist finds. */
const expectMs = { first: 20, later: 250 };
const expectTries = { first: 50, later: 240 };

export class PodWorker {
  readonly uid: string;
  readonly #parts: WorkerParts;
  #state: PodState;
  #status: PodStatus;
  #syncing: AbortController | undefined;
  #wake: { readonly at: number; cancel(): void } | undefined;
  #isLooking = false;
  #looksAgain = false;
  /** Looks begun, and the latest of them that has answered. */
  #lookTurns = 0;
  #lastTurn = 0;
  /** Clean-up runs in order: content goes before the object does. */
  #ends: Promise<void> = Promise.resolve();
  #isClosed = false;
  /** In a row, by what failed. */
  readonly #failures = new Map<string, number>();
  /** What is said to have ended, and how often to look for it yet. */
  readonly #expected = new Map<string, number>();

  constructor(parts: WorkerParts, pod: Pod) {
    this.uid = uidOf(pod);
    this.#parts = parts;
    this.#state = admit(pod, parts.clock.now());
    this.#status = pod.status ?? {};
  }

  get state(): PodState {
    return this.#state;
  }

  /** As reported last. */
  get status(): PodStatus {
    return this.#status;
  }

  offer(input: Input): void {
    if (this.#isClosed) return;
    const { state, effects } = step(this.#state, input, this.#parts.limits, this.#parts.clock.now());
    if (state.phase !== this.#state.phase) this.#parts.log.debug('pod worker', { pod: state.pod.metadata.name, from: this.#state.phase, to: state.phase });
    this.#state = state;
    for (const effect of effects) this.#run(effect);
    this.#parts.changed(this);
  }

  /** An event says that a container or sandbox has ended: looks until the runtime says so, too. Its own bookkeeping may be a moment behind its events. */
  expectEnd(id: string): void {
    this.#expected.set(id, expectTries.first + expectTries.later);
    this.look();
  }

  /** Looks at the runtime soon; calls that come while it looks are one. */
  look(): void {
    if (this.#isLooking) {
      this.#looksAgain = true;
      return;
    }
    this.#isLooking = true;
    void this.#look();
  }

  close(): void {
    this.#isClosed = true;
    this.#wake?.cancel();
    this.#syncing?.abort();
  }

  async #look(): Promise<void> {
    do {
      this.#looksAgain = false;
      try {
        await this.#looked();
        this.#failures.delete(looking);
      } catch (error) {
        this.#fail(looking, error, () => { this.look(); });
      }
    } while (this.#looksAgain);
    this.#isLooking = false;
    const triesLeft = this.#triesLeft();
    if (triesLeft > 0) this.#parts.clock.setTimer(triesLeft > expectTries.later ? expectMs.first : expectMs.later, () => { if (!this.#isClosed) this.look(); });
  }

  /** How often to look yet for ends that do not show; 0 when all have shown. */
  #triesLeft(): number {
    const { containers, sandboxes } = this.#state.observed;
    for (const [id, tries] of this.#expected) {
      const isAlive = containers.some((container) => container.id === id && container.state === 'running') || sandboxes.some((sandbox) => sandbox.id === id && sandbox.isReady);
      if (isAlive && tries > 0) this.#expected.set(id, tries - 1);
      else this.#expected.delete(id);
    }
    return Math.max(0, ...this.#expected.values());
  }

  /** A look that began before another whose answer is here already tells nothing new. */
  async #looked(): Promise<Observed> {
    const turn = ++this.#lookTurns;
    const observed = await this.#parts.observe(this.uid);
    if (turn < this.#lastTurn) return this.#state.observed;
    this.#lastTurn = turn;
    this.offer({ type: 'observed', observed });
    return observed;
  }

  #run(effect: Effect): void {
    switch (effect.type) {
      case 'sync': void this.#sync(effect.plan); return;
      case 'cancelSync': this.#syncing?.abort(); return;
      case 'stop': void this.#stop(effect.graceSeconds); return;
      case 'report': this.#report(); return;
      case 'backedOff': this.#parts.backedOff(this.#state.pod, effect.names); return;
      case 'clean': this.#then('clean up after a pod', () => this.#parts.clean(this.#state.pod)); return;
      case 'release': this.#then('release a pod', () => this.#parts.release(this.#state.pod)); return;
      case 'forget': this.#then('forget a pod', async () => {
        await this.#parts.forget(this.#state.pod, this.#state.observed);
        this.close();
      }); return;
      case 'wakeAt': this.#wakeAt(effect.at); return;
      default: effect satisfies never;
    }
  }

  async #sync(plan: Plan): Promise<void> {
    const stop = new AbortController();
    this.#syncing = stop;
    let outcome: SyncOutcome = { waiting: {} };
    try {
      outcome = await this.#parts.sync(this.#state.pod, plan, this.#state.observed, { signal: stop.signal, looked: () => this.#looked() });
    } catch (error) {
      if (!stop.signal.aborted) this.#parts.log.error('a round of work on a pod failed', error, { pod: this.#state.pod.metadata.name });
      outcome = { waiting: {}, retryAt: this.#parts.clock.now() + retryMs };
    }
    this.#syncing = undefined;
    // each start was looked at; what was killed or failed half-way is seen now
    if (plan.kill.length > 0 || plan.stopSandboxes.length > 0 || Object.keys(outcome.waiting).length > 0) {
      await this.#looked().catch(() => undefined); // the next look will tell
    }
    this.offer({ type: 'synced', ...outcome });
  }

  async #stop(graceSeconds: number): Promise<void> {
    try {
      await this.#parts.stop(this.#state.pod, await this.#looked(), graceSeconds);
      await this.#looked();
      this.#failures.delete(stopping);
      this.offer({ type: 'stopped' });
    } catch (error) {
      this.#fail(stopping, error, () => { void this.#stop(graceSeconds); });
    }
  }

  #report(): void {
    this.#status = podStatus(this.#state, this.#parts.node(), this.#parts.clock.now());
    this.#parts.report(this.#state.pod, this.#status);
  }

  #then(what: string, task: () => Promise<void>): void {
    const attempt = async (): Promise<void> => {
      if (this.#isClosed) return;
      try {
        await task();
        this.#failures.delete(`cannot ${what}`);
      } catch (error) {
        this.#fail(`cannot ${what}`, error, () => { this.#ends = this.#ends.then(attempt); });
      }
    };
    this.#ends = this.#ends.then(attempt);
  }

  #fail(message: string, error: unknown, again: () => void): void {
    if (this.#isClosed) return;
    this.#parts.log.warn(message, { pod: this.#state.pod.metadata.name, reason: error instanceof Error ? error.message : String(error) });
    const failures = this.#failures.get(message) ?? 0;
    this.#failures.set(message, failures + 1);
    const delayMs = Math.min(maxRetryMs, retryMs * 2 ** failures);
    this.#parts.clock.setTimer(delayMs, () => { if (!this.#isClosed) again(); });
  }

  #wakeAt(at: number): void {
    const now = this.#parts.clock.now();
    if (this.#wake !== undefined && this.#wake.at <= at && this.#wake.at > now) return;
    this.#wake?.cancel();
    const cancel = this.#parts.clock.setTimer(Math.max(0, at - now), () => {
      this.#wake = undefined;
      this.offer({ type: 'tick' });
    });
    this.#wake = { at, cancel };
  }
}

/** A pod the kubelet does not know any more, whose containers are still there: enough of it to end it. */
export function orphan(uid: string, labelsOfSandbox: Readonly<Record<string, string>>): Pod {
  return {
    metadata: { uid, name: labelsOfSandbox['io.kubernetes.pod.name'], namespace: labelsOfSandbox['io.kubernetes.pod.namespace'] },
    spec: { containers: [] },
  };
}

