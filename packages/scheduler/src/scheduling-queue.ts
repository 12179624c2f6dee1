/**
 * Pods that wait for a node: `active` ones are next, those in `backoff` were tried a moment ago, `parked` ones wait for
 * something in the cluster to change (or for their gates to open). A pod is in one of them, or in the scheduler's hands.
 */
import type { Pod } from '@kaji/api/core/v1';
import type { Clock } from '@kaji/base';
import type { ClusterEvent, Profile, Queued } from './framework.ts';

export interface QueuedPod extends Queued {
  /** How often a node was looked for. */
  readonly attempts: number;
  /** Plugins that said no the last time; empty when it was an error. */
  readonly rejectedBy: ReadonlySet<string>;
}

interface Entry extends QueuedPod {
  readonly place: 'active' | 'backoff' | 'parked' | 'gated';
  readonly sinceMs: number;
  readonly cancel: (() => void) | undefined;
}

export interface QueueOptions {
  readonly initialBackoffMs: number;
  readonly maxBackoffMs: number;
}

/** Kubernetes: a pod is tried again after this time, even if nothing seems to have changed. */
const parkedAtMostMs = 5 * 60_000;

export class SchedulingQueue {
  readonly #clock: Clock;
  readonly #options: QueueOptions;
  readonly #profileOf: (pod: Pod) => Profile | undefined;
  readonly #entries = new Map<string, Entry>();
  /** Uids of active pods, sorted, the next one last. Undefined after a change. */
  #order: string[] | undefined;
  #wake: (() => void) | undefined;
  #isClosed = false;

  constructor(clock: Clock, options: QueueOptions, profileOf: (pod: Pod) => Profile | undefined) {
    this.#clock = clock;
    this.#options = options;
    this.#profileOf = profileOf;
  }

  get size(): number {
    return this.#entries.size;
  }

  has(uid: string): boolean {
    return this.#entries.has(uid);
  }

  /** A pod that is new, or whose specification changed: it is tried at once. */
  add(pod: Pod): void {
    const known = this.#entries.get(uidOf(pod));
    this.#put({ pod, enqueuedAtMs: known?.enqueuedAtMs ?? this.#clock.now(), attempts: known?.attempts ?? 0, rejectedBy: new Set() }, 'active');
  }

  /** The same pod with other metadata or status: it stays where it is. */
  refresh(pod: Pod): void {
    const known = this.#entries.get(uidOf(pod));
    if (known !== undefined) this.#entries.set(uidOf(pod), { ...known, pod });
  }

  remove(uid: string): void {
    this.#entries.get(uid)?.cancel?.();
    this.#entries.delete(uid);
    this.#order = undefined;
  }

  /** The next pod, which then is in the caller's hands; undefined once the queue is closed. */
  async pop(): Promise<QueuedPod | undefined> {
    for (;;) {
      if (this.#isClosed) return undefined;
      const next = this.#takeFirst();
      if (next !== undefined) return { ...next, attempts: next.attempts + 1 };
      await new Promise<void>((resolve) => { this.#wake = resolve; });
    }
  }

  /** Nowhere to go: waits for an event that one of the plugins named. */
  park(queued: QueuedPod): void {
    this.#put(queued, 'parked');
  }

  /** Tried again after its back-off. */
  retry(queued: QueuedPod): void {
    this.#put(queued, 'backoff');
  }

  /** Something changed in the cluster: whoever it may help comes back, after the back-off. */
  unblock(event: ClusterEvent): void {
    for (const entry of [...this.#entries.values()]) {
      if (entry.place === 'parked' && this.#isHelped(entry, event)) this.#put(entry, 'backoff');
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const { cancel } of this.#entries.values()) cancel?.();
    this.#entries.clear();
    this.#signal();
  }

  #isHelped({ pod, rejectedBy }: Entry, event: ClusterEvent): boolean {
    if (rejectedBy.size === 0) return true;
    return this.#profileOf(pod)?.all.some(({ name, unblockedBy }) => rejectedBy.has(name) && unblockedBy?.includes(event) === true) === true;
  }

  #put(queued: QueuedPod, wanted: 'active' | 'backoff' | 'parked'): void {
    if (this.#isClosed) return;
    const uid = uidOf(queued.pod);
    this.#entries.get(uid)?.cancel?.();
    const isGated = this.#profileOf(queued.pod)?.preEnqueue.some((plugin) => plugin.preEnqueue?.(queued.pod) !== undefined) === true;
    const { pod, enqueuedAtMs, attempts, rejectedBy } = queued;
    const waitMs = wanted === 'backoff' ? this.#backoffMs(queued) : 0;
    const place = isGated ? 'gated' : wanted === 'backoff' && waitMs <= 0 ? 'active' : wanted;
    const again = (): void => { this.#again(uid); };
    const cancel = place === 'backoff' || place === 'parked' ? this.#clock.setTimer(place === 'backoff' ? waitMs : parkedAtMostMs, again) : undefined;
    this.#entries.set(uid, { pod, enqueuedAtMs, attempts, rejectedBy, place, sinceMs: this.#sinceMs(queued), cancel });
    this.#order = undefined;
    if (place === 'active') this.#signal();
  }

  /** Its time in `backoff` or `parked` is over. */
  #again(uid: string): void {
    const entry = this.#entries.get(uid);
    if (entry !== undefined) this.#put(entry, entry.place === 'backoff' ? 'active' : 'backoff');
  }

  /** When the pod was last tried. */
  #sinceMs(queued: QueuedPod & { readonly sinceMs?: number }): number {
    return queued.sinceMs ?? this.#clock.monotonic();
  }

  /** What is left of one second after the first attempt, two after the second, and so on. */
  #backoffMs(queued: QueuedPod & { readonly sinceMs?: number }): number {
    if (queued.attempts === 0) return 0;
    const wholeMs = Math.min(this.#options.maxBackoffMs, this.#options.initialBackoffMs * 2 ** (queued.attempts - 1));
    return this.#sinceMs(queued) + wholeMs - this.#clock.monotonic();
  }

  #takeFirst(): QueuedPod | undefined {
    this.#order ??= this.#sorted();
    const uid = this.#order.pop();
    const entry = uid === undefined ? undefined : this.#entries.get(uid);
    if (uid === undefined || entry === undefined) return undefined;
    this.#entries.delete(uid);
    const { pod, enqueuedAtMs, attempts, rejectedBy } = entry;
    return { pod, enqueuedAtMs, attempts, rejectedBy };
  }

  #sorted(): string[] {
    const active = [...this.#entries.values()].filter(({ place }) => place === 'active');
    return active.sort((left, right) => this.#compare(right, left)).map(({ pod }) => uidOf(pod));
  }

  #compare(left: Queued, right: Queued): number {
    for (const plugin of this.#profileOf(left.pod)?.all ?? []) if (plugin.compare !== undefined) return plugin.compare(left, right);
    return left.enqueuedAtMs - right.enqueuedAtMs;
  }

  #signal(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

const uidOf = (pod: Pod): string => pod.metadata.uid ?? '';
