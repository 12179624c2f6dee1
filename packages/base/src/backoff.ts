import type { Random } from './random.ts';

export interface BackoffOptions {
  readonly initialMs: number;
  readonly maxMs: number;
  readonly factor?: number;
  /** Up to this share is added at random, so that many clients do not come back at once. */
  readonly jitter?: number;
}

/** Delays that grow with each failure, per key. A key that succeeded is forgotten. */
export class Backoff {
  readonly #options: Required<BackoffOptions>;
  readonly #random: Random;
  readonly #failures = new Map<string, number>();

  constructor(options: BackoffOptions, random: Random) {
    this.#options = { factor: 2, jitter: 0, ...options };
    this.#random = random;
  }

  /** How long to wait after one more failure of `key`. */
  next(key = ''): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    const { initialMs, maxMs, factor, jitter } = this.#options;
    const delayMs = Math.min(maxMs, initialMs * factor ** Math.min(failures, 64));
    return delayMs * (1 + jitter * this.#random());
  }

  failures(key = ''): number {
    return this.#failures.get(key) ?? 0;
  }

  reset(key = ''): void {
    this.#failures.delete(key);
  }
}
