/** Which words may come at a state of the grammar: within its rule, and in the whole of what is being parsed. */
import type { GrammarGraph, State } from './grammar-graph.ts';
import { endOfText } from './tokens.ts';

/** The words that may come next within a rule; `canEnd` where the rule may end there, too. */
export interface Following { readonly words: ReadonlySet<number>; readonly canEnd: boolean }

/** What calls of rules are under way: each with the state that made the call. The outermost has none. */
export interface Calls { readonly calledAt: State | undefined; readonly parent: Calls | undefined }

/** Where a call made at a state returns to. */
export function returnOf(state: State): State {
  const call = state.transitions[0];
  if (call?.call === undefined) throw new Error('not a call');
  return call.to;
}

export class ExpectedWords {
  readonly #within: (Following | undefined)[];

  constructor(graph: GrammarGraph) {
    this.#within = Array.from(graph.states, () => undefined);
  }

  /** What may come at a state within its rule. */
  within(state: State): Following {
    const known = this.#within[state.id];
    if (known !== undefined) return known;
    const words = new Set<number>();
    const seen = new Set<State>();
    let canEnd = false;
    const visit = (at: State): void => {
      if (seen.has(at)) return;
      seen.add(at);
      if (at.kind === 'stop') canEnd = true;
      for (const transition of at.transitions) {
        if (transition.words !== undefined) for (const word of transition.words) words.add(word);
        else if (transition.call === undefined) visit(transition.to);
        // No rule of the grammar can be empty, so nothing after the call counts.
        else for (const word of this.within(transition.call.start).words) words.add(word);
      }
    };
    visit(state);
    const following = { words, canEnd };
    this.#within[state.id] = following;
    return following;
  }

  /** What may come at a state, given who called its rule. */
  inCalls(state: State, calls: Calls | undefined): ReadonlySet<number> {
    let following = this.within(state);
    if (!following.canEnd) return following.words;
    const expected = new Set(following.words);
    for (let call = calls; call?.calledAt !== undefined && following.canEnd; call = call.parent) {
      following = this.within(returnOf(call.calledAt));
      for (const word of following.words) expected.add(word);
    }
    if (following.canEnd) expected.add(endOfText);
    return expected;
  }

  /** All that may come after some rule that is being parsed: where the parser can pick up again after an error. */
  recovery(calls: Calls | undefined): ReadonlySet<number> {
    const words = new Set<number>();
    for (let call = calls; call?.calledAt !== undefined; call = call.parent) for (const word of this.within(returnOf(call.calledAt)).words) words.add(word);
    return words;
  }
}
