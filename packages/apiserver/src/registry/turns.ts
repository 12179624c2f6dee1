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
