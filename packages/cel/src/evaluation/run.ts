/** One run of an expression: what it has cost so far, and what ends it. */

/** Ends a run at once, whatever the expression would have made of a failure. */
export class Stopped extends Error {}

export class Run {
  readonly #limit: number;
  #cost = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get cost(): number {
    return this.#cost;
  }

  /** Throws Stopped once the limit is exceeded. */
  add(cost: number): void {
    this.#cost += cost;
    if (this.#cost > this.#limit) throw new Stopped('operation cancelled: actual cost limit exceeded');
  }
}

/** Kubernetes: bytes cannot be keys, and that is found when it is too late to be a failure. */
export const unhashable = (): Stopped => new Stopped('internal error: runtime error: hash of unhashable type types.Bytes');
