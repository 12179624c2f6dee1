/** Where the rules that a prediction is in return to: a stack, or several that share what they have in common. */

/** A set of stacks: for each possible top, the stacks below it, by ascending `returns`. Equal sets are the same object. */
export interface Stack { readonly id: number; readonly returns: readonly number[]; readonly below: readonly Stack[] }

/** Makes stacks, each only once. */
export class Stacks {
  readonly #known = new Map<string, Stack>();
  /** Nothing known of who called: anything that may follow the rule anywhere may follow. */
  readonly unknown: Stack = this.#make([], []);

  /** A stack with one more place to return to. */
  push(stack: Stack, returns: number): Stack {
    return this.#make([returns], [stack]);
  }

  /** Both sets in one. One that knows nothing stands for all. */
  merge(one: Stack, other: Stack): Stack {
    if (one === other) return one;
    if (one === this.unknown || other === this.unknown) return this.unknown;
    const below = new Map(one.returns.map((returns, index) => [returns, one.below[index] ?? this.unknown]));
    for (const [index, returns] of other.returns.entries()) {
      const mine = below.get(returns);
      const theirs = other.below[index] ?? this.unknown;
      below.set(returns, mine === undefined ? theirs : this.merge(mine, theirs));
    }
    const returns = Array.from(below.keys()).toSorted((a, b) => a - b);
    return this.#make(returns, returns.map((top) => below.get(top) ?? this.unknown));
  }

  #make(returns: readonly number[], below: readonly Stack[]): Stack {
    const key = returns.map((top, index) => `${String(top)}:${String(below[index]?.id)}`).join();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const stack = { id: this.#known.size, returns, below };
    this.#known.set(key, stack);
    return stack;
  }
}
