/**
 * Code that few processes ever need, and that is loaded when it is first asked for. What may not wait, as the rules of a
 * kind may not, is stopped by `NotLoaded`; whoever asked it waits for `loadMissing` and asks again.
 */

export class Deferred<T> {
  readonly #import: () => Promise<T>;
  #module: { readonly value: T } | undefined;

  constructor(load: () => Promise<T>) {
    this.#import = load;
  }

  get isLoaded(): boolean {
    return this.#module !== undefined;
  }

  /** Throws NotLoaded before it is loaded. */
  get value(): T {
    if (this.#module === undefined) throw new NotLoaded(this);
    return this.#module.value;
  }

  async load(): Promise<void> {
    this.#module ??= { value: await this.#import() };
  }
}

/** A mistake of the programmer's, unless whoever asks knows `loadMissing`. */
export class NotLoaded extends Error {
  override readonly name = 'NotLoaded';
  readonly missing: Deferred<unknown>;

  constructor(missing: Deferred<unknown>) {
    super('code was asked for before it was loaded');
    this.missing = missing;
  }
}

/** Loads what somebody was stopped for, who may then be asked again. Any other error is thrown again. */
export async function loadMissing(error: unknown): Promise<void> {
  if (!(error instanceof NotLoaded)) throw error;
  await error.missing.load();
}
