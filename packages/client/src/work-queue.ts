/**
 * Keys that need work. The same key is never handed to two workers at once: added again while it is worked on, it
 * comes back when that work is done. A delayed key comes once, at the earliest of the times asked for.
 */
import { Backoff, type Clock, type Random } from '@kaji/base';

/** Kubernetes: 5 ms, doubled by each failure in a row, up to 1000 s. */
const failureBackoff = { initialMs: 5, maxMs: 1_000_000, factor: 2 };

export class WorkQueue {
  readonly #clock: Clock;
  readonly #backoff: Backoff;
  /** In order, each once. */
  readonly #ready = new Set<string>();
  readonly #working = new Set<string>();
  readonly #again = new Set<string>();
  readonly #delayed = new Map<string, { readonly atMs: number; readonly cancel: () => void }>();
  readonly #workers: ((key: string | undefined) => void)[] = [];
  #isClosed = false;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#backoff = new Backoff(failureBackoff, random);
  }

  /** How many wait, without those delayed or in work. */
  get depth(): number {
    return this.#ready.size;
  }

  add(key: string): void {
    if (this.#isClosed) return;
    if (this.#working.has(key)) {
      this.#again.add(key);
      return;
    }
    const worker = this.#ready.has(key) ? undefined : this.#workers.shift();
    if (worker === undefined) {
      this.#ready.add(key);
      return;
    }
    this.#working.add(key);
    worker(key);
  }

  addAfter(key: string, delayMs: number): void {
    if (this.#isClosed) return;
    if (delayMs <= 0) {
      this.add(key);
      return;
    }
    const atMs = this.#clock.monotonic() + delayMs;
    const known = this.#delayed.get(key);
    if (known !== undefined && known.atMs <= atMs) return;
    known?.cancel();
    const cancel = this.#clock.setTimer(delayMs, () => {
      this.#delayed.delete(key);
      this.add(key);
    });
    this.#delayed.set(key, { atMs, cancel });
  }

  /** After a failure: the delay grows with each in a row, until `forget`. */
  addAfterFailure(key: string): void {
    this.addAfter(key, this.#backoff.next(key));
  }

  failures(key: string): number {
    return this.#backoff.failures(key);
  }

  forget(key: string): void {
    this.#backoff.reset(key);
  }

  /** The next key, or undefined once the queue is closed. Call `done` with it afterwards. */
  next(): Promise<string | undefined> {
    if (this.#isClosed) return Promise.resolve(undefined);
    for (const key of this.#ready) {
      this.#ready.delete(key);
      this.#working.add(key);
      return Promise.resolve(key);
    }
    return new Promise((resolve) => { this.#workers.push(resolve); });
  }

  done(key: string): void {
    this.#working.delete(key);
    if (this.#again.delete(key)) this.add(key);
  }

  close(): void {
    this.#isClosed = true;
    for (const { cancel } of this.#delayed.values()) cancel();
    this.#delayed.clear();
    this.#ready.clear();
    for (const worker of this.#workers.splice(0)) worker(undefined);
  }
}
