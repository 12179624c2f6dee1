/** Runs an update whenever something changed: at once after a rest, then not more often than allowed, and again after a failure. */
import { Backoff, type Runtime, sleep } from '@kaji/base';

export interface UpdateOptions {
  readonly name: string;
  /** From the end of one update to the start of the next. */
  readonly minPeriodMs: number;
  readonly update: () => Promise<void>;
}

/** Changes that come together are one. */
const coalesceMs = 10;

export class UpdateLoop {
  readonly #runtime: Runtime;
  readonly #options: UpdateOptions;
  readonly #backoff: Backoff;
  #isDirty = true;
  #wake: () => void = () => undefined;

  constructor(runtime: Runtime, options: UpdateOptions) {
    this.#runtime = runtime;
    this.#options = options;
    this.#backoff = new Backoff({ initialMs: 200, maxMs: 30_000 }, runtime.random.stream(options.name));
  }

  /** Something changed. */
  readonly mark = (): void => {
    this.#isDirty = true;
    this.#wake();
  };

  /** Until the signal. Failures are logged and tried again. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#runtime;
    const stop = (): void => { this.#wake(); };
    signal.addEventListener('abort', stop, { once: true });
    while (!signal.aborted) {
      if (!this.#isDirty) {
        await new Promise<void>((resolve) => { this.#wake = resolve; });
        continue;
      }
      try {
        await sleep(clock, coalesceMs, signal);
        this.#isDirty = false;
        await this.#options.update();
        this.#backoff.reset();
        await sleep(clock, this.#options.minPeriodMs, signal);
      } catch (error) {
        if (signal.aborted) return;
        log.error('update failed', error, { loop: this.#options.name });
        this.#isDirty = true;
        await sleep(clock, this.#backoff.next(), signal).catch(() => undefined); // aborted: the loop's condition sees it
      }
    }
  }
}
