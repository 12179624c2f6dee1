/**
 * Turns of the loop for work that takes long. However many lists and collections are busy at once, only one of them goes on
 * each time round, so that small requests wait for one slice and not for one of each.
 */

/** How long one slice may last. */
export const sliceMs = 5;

export class Turns {
  readonly #waiting: (() => void)[] = [];

  /** Resolves when it is the caller's turn, sockets having been served in between. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting.push(resolve) === 1) this.#callSoon();
    });
  }

  #callSoon(): void {
    setImmediate(() => {
      this.#waiting.shift()?.();
      if (this.#waiting.length > 0) this.#callSoon();
    });
  }
}

/** The worst of this length takes the thread a few milliseconds. */
const longBytes = 64 * 1024;

/**
 * How one request goes on. A long one gives way to others between its steps (reading, decoding, comparing, checking, writing),
 * each of which stays below 100 ms for whatever a body may hold; a short one never waits.
 */
export class Pace {
  readonly #turns: Turns;
  #isLong = false;

  constructor(turns: Turns) {
    this.#turns = turns;
  }

  /** Something of this length is worked on. */
  carry(bytes: number): void {
    if (bytes >= longBytes) this.#isLong = true;
  }

  get isLong(): boolean {
    return this.#isLong;
  }

  /** Between two steps. Undefined where there is nothing to wait for. */
  rest(): Promise<void> | undefined {
    return this.#isLong ? this.#turns.next() : undefined;
  }
}
