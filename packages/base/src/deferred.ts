/** Code that few processes ever need: what may not wait, as the rules of a kind may not, gets at it by `value`, after somebody has loaded it. */
import { assert } from './assert.ts';

export class Deferred<T> {
  readonly #import: () => Promise<T>;
  #module: { readonly value: T } | undefined;

  constructor(load: () => Promise<T>) {
    this.#import = load;
  }

  get value(): T {
    assert(this.#module !== undefined, 'code was asked for before it was loaded');
    return this.#module.value;
  }

  async load(): Promise<void> {
    this.#module ??= { value: await this.#import() };
  }
}

export async function loadAll(needed: readonly Deferred<unknown>[]): Promise<void> {
  await Promise.all(needed.map((each) => each.load()));
}
