/** Back-off by name: each time one is taken, the next has to wait twice as long. */
export interface BackoffTimes {
  readonly initialMs: number;
  readonly maxMs: number;
}

/** Names that were not asked for in twice the longest wait are forgotten. */
export class Backoffs {
  readonly #times: BackoffTimes;
  readonly #taken = new Map<string, { readonly atMs: number; readonly delayMs: number }>();

  constructor(times: BackoffTimes) {
    this.#times = times;
  }

  /** 0 when it may go on, and has then been taken; else how long to wait yet. */
  take(name: string, now: number): number {
    const { initialMs, maxMs } = this.#times;
    for (const [other, { atMs }] of this.#taken) if (now - atMs > 2 * maxMs) this.#taken.delete(other);
    const last = this.#taken.get(name);
    const waitMs = last === undefined ? 0 : last.atMs + last.delayMs - now;
    if (waitMs > 0) return waitMs;
    this.#taken.set(name, { atMs: now, delayMs: last === undefined ? initialMs : Math.min(maxMs, last.delayMs * 2) });
    return 0;
  }
}
