/** Why a scope's tasks were told to stop. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/**
 * Tasks that end together: the first failure cancels the rest, and leaving the scope cancels and awaits all of them.
 *
 *     await using scope = new Scope(signal);
 *     scope.run('informer pods', (signal) => informer.run(signal));
 */
export class Scope implements AsyncDisposable {
  readonly #controller = new AbortController();
  readonly #tasks = new Map<Promise<void>, string>();
  #failure: { readonly error: unknown } | undefined;
  readonly #detach: () => void;

  constructor(parent?: AbortSignal) {
    const abort = (): void => { this.#controller.abort(parent?.reason); };
    if (parent?.aborted === true) abort();
    parent?.addEventListener('abort', abort, { once: true });
    this.#detach = () => parent?.removeEventListener('abort', abort);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Names of the tasks that still run, for dumps. */
  get running(): readonly string[] {
    return [...this.#tasks.values()];
  }

  run(name: string, task: (signal: AbortSignal) => Promise<void>): void {
    const running: Promise<void> = task(this.signal).catch((error: unknown) => {
      if (this.signal.aborted) return; // an end that was asked for is no failure
      this.#failure ??= { error: new Error(`task "${name}" failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error }) };
      this.stop();
    }).finally(() => this.#tasks.delete(running));
    this.#tasks.set(running, name);
  }

  stop(): void {
    this.#controller.abort(new Stopped('stopped'));
  }

  /** Waits for all tasks and throws the first failure, once: leaving the scope afterwards does not throw it again. */
  async join(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.all(this.#tasks.keys());
    this.#detach();
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure.error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
    await this.join();
  }
}
