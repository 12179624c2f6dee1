import type { Clock } from '@kaji/base';

/** Keys that expire within this of each other go together. */
const granularityMs = 1000;

/** Wakes when the next key is due. No key, no timer. */
export class ExpiryTimer {
  readonly #clock: Clock;
  readonly #sweep: (nowMs: number) => void;
  #dueMs = Infinity;
  #cancel: (() => void) | undefined;

  /** @param sweep deletes what is due; the store calls `expect` again for what is left */
  constructor(clock: Clock, sweep: (nowMs: number) => void) {
    this.#clock = clock;
    this.#sweep = sweep;
  }

  /** A key is due at that time. */
  expect(dueMs: number): void {
    if (dueMs >= this.#dueMs) return;
    this.#cancel?.();
    this.#dueMs = dueMs;
    this.#cancel = this.#clock.setTimer(Math.max(0, dueMs - this.#clock.now()) + granularityMs, () => {
      this.#dueMs = Infinity;
      this.#cancel = undefined;
      this.#sweep(this.#clock.now());
    });
  }

  close(): void {
    this.#cancel?.();
    this.#dueMs = -Infinity; // nothing is earlier, so nothing is armed again
  }
}
