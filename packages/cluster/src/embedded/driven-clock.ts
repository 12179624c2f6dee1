/** Moves a virtual clock for as long as somebody waits, from timer to timer: waiting costs what happens meanwhile, not time. */
import type { VirtualClock } from '@kaji/base';

/** Long work gives way to the event loop now and then: so many times before time goes on. */
const turnsToSettle = 10;

export class DrivenClock {
  readonly #clock: VirtualClock;
  #waiting = 0;
  #driving: Promise<void> | undefined;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  /** Several may wait at once: one loop moves the clock for all of them. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#waiting++;
    this.#driving ??= this.#drive();
    try {
      return await work;
    } finally {
      this.#waiting--;
      if (this.#waiting === 0) await this.#driving;
    }
  }

  async #drive(): Promise<void> {
    for (;;) {
      // What happens now happens first, and may set timers that come before all others.
      for (let turn = 0; turn < turnsToSettle; turn++) await this.#clock.advance(0);
      if (this.#waiting === 0) break;
      await this.#clock.advanceTo(this.#clock.next() ?? this.#clock.now());
    }
    this.#driving = undefined;
  }
}
