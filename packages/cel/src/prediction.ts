/**
 * Chooses between alternatives that one word cannot tell apart: all of them are followed at once, word by word, until
 * one is left or nothing can tell them apart any more (adaptive LL(*) prediction: Parr, Harwell, Fisher 2014, in its
 * mode without full context). What was found out is kept as an automaton, so that it is found out once.
 *
 * The grammar is ambiguous in one place only, a minus before a number (the sign of a literal, or the operator), whatever
 * is around it; so the answer with full context, the first alternative, is the one without it, too. A test walks the
 * whole automaton to see that this stays so.
 */
import type { GrammarGraph, State, Transition } from './grammar-graph.ts';
import { Stacks, type Stack } from './prediction-stack.ts';
import { endOfText, tokenKinds } from './tokens.ts';

/** One way in which an alternative can have got to where the prediction is. */
interface Configuration {
  readonly state: State;
  readonly alternative: number;
  stack: Stack;
  /** The least precedence for it, 0 for any. */
  readonly precedence: number;
  /** Whether it came out of the rule in which the prediction began. */
  hasLeftRule: boolean;
  isKept: boolean;
}

/** A state of the automaton: where all alternatives are after the same words. */
export interface Situation {
  readonly configurations: readonly Configuration[];
  /** By word, the end of the text first; undefined: not found out yet. */
  readonly next: (Situation | 'nowhere' | undefined)[];
  /** The alternatives between which nothing more is found out, with the least precedence of each; undefined: look further. */
  readonly chosen: readonly { readonly alternative: number; readonly precedence: number }[] | undefined;
  /** Whether there was more than one left. */
  readonly isAmbiguous: boolean;
}

/** A growing set of configurations: those that differ in their stacks only become one. */
class Gathering {
  readonly #byKey = new Map<number, Configuration>();
  readonly #stacks: Stacks;

  constructor(stacks: Stacks) {
    this.#stacks = stacks;
  }

  get all(): readonly Configuration[] {
    return Array.from(this.#byKey.values());
  }

  add(configuration: Configuration): void {
    const key = (configuration.state.id * 16 + configuration.alternative) * 4 + configuration.precedence;
    const known = this.#byKey.get(key);
    if (known === undefined) {
      this.#byKey.set(key, { ...configuration });
      return;
    }
    known.stack = this.#stacks.merge(known.stack, configuration.stack);
    known.hasLeftRule ||= configuration.hasLeftRule;
    known.isKept ||= configuration.isKept;
  }
}

/** The alternative that all of these are of; 0 where there are several. */
function soleAlternative(configurations: readonly Configuration[]): number {
  const first = configurations[0]?.alternative ?? 0;
  return configurations.every(({ alternative }) => alternative === first) ? first : 0;
}

const group = (configurations: readonly Configuration[], keyOf: (configuration: Configuration) => string): readonly ReadonlySet<number>[] =>
  Array.from(Map.groupBy(configurations, keyOf).values(), (members) => new Set(members.map(({ alternative }) => alternative)));

/** Whether looking further cannot tell the alternatives apart: some are in the same place, and none is alone in one. */
function isStuck(configurations: readonly Configuration[]): boolean {
  if (configurations.every(({ state }) => state.kind === 'stop')) return true;
  const sameStack = group(configurations, ({ state, stack }) => `${String(state.id)}:${String(stack.id)}`);
  return sameStack.some(({ size }) => size > 1) && group(configurations, ({ state }) => String(state.id)).every(({ size }) => size > 1);
}

/** The least precedence of each alternative that is left: the highest of its ways, any where one of them takes any. */
function choices(configurations: readonly Configuration[]): Situation['chosen'] {
  const byAlternative = new Map<number, number>();
  for (const { alternative, precedence } of configurations) {
    const known = byAlternative.get(alternative);
    byAlternative.set(alternative, known === undefined ? precedence : known === 0 || precedence === 0 ? 0 : Math.max(known, precedence));
  }
  return Array.from(byAlternative, ([alternative, precedence]) => ({ alternative, precedence })).toSorted((a, b) => a.alternative - b.alternative);
}

/** The automaton of one decision. */
class Decision {
  readonly #state: State;
  readonly #graph: GrammarGraph;
  readonly #stacks: Stacks;
  readonly #starts: (Situation | undefined)[] = [];
  readonly #known = new Map<string, Situation>();

  constructor(state: State, graph: GrammarGraph, stacks: Stacks) {
    this.#state = state;
    this.#graph = graph;
    this.#stacks = stacks;
  }

  /** Where it begins; in a growing rule that depends on the precedence at which the rule was called. */
  start(precedence: number): Situation {
    const index = this.#state.isGrowth ? precedence : 0;
    const known = this.#starts[index];
    if (known !== undefined) return known;
    const gathering = new Gathering(this.#stacks);
    for (const [number, { to }] of this.#state.transitions.entries()) {
      const configuration = { state: to, alternative: number + 1, stack: this.#stacks.unknown, precedence: 0, hasLeftRule: false, isKept: false };
      this.#follow(configuration, gathering, { seen: new Set(), isStart: true, depth: 0 });
    }
    const configurations = this.#state.isGrowth ? this.#atPrecedence(gathering.all, precedence) : gathering.all;
    const situation = this.#situation(configurations, false);
    this.#starts[index] = situation;
    return situation;
  }

  /** Where a word leads from a situation. */
  next(situation: Situation, word: number): Situation | 'nowhere' {
    const known = situation.next[word + 1];
    if (known !== undefined) return known;
    const reached = this.#reach(situation.configurations, word);
    const next = reached.length === 0 ? 'nowhere' : this.#situation(reached, true);
    situation.next[word + 1] = next;
    return next;
  }

  #situation(configurations: readonly Configuration[], canChoose: boolean): Situation {
    const key = configurations.map(({ state, alternative, stack, precedence, isKept }) => [state.id, alternative, stack.id, precedence, isKept ? 1 : 0].join(' ')).join();
    const known = canChoose ? this.#known.get(key) : undefined;
    if (known !== undefined) return known;
    const isSole = soleAlternative(configurations) !== 0;
    // Nothing is chosen before a word was seen.
    const isDecided = canChoose && (isSole || isStuck(configurations));
    const situation = { configurations, next: [], chosen: isDecided ? choices(configurations) : undefined, isAmbiguous: isDecided && !isSole };
    if (canChoose) this.#known.set(key, situation);
    return situation;
  }

  /** Without the ways that the precedence forbids, and without those out of the rule that lead to where growing it leads. */
  #atPrecedence(configurations: readonly Configuration[], precedence: number): readonly Configuration[] {
    const gathering = new Gathering(this.#stacks);
    const growing = new Map<number, Stack>();
    for (const configuration of configurations) {
      if (configuration.alternative !== 1 || (configuration.precedence !== 0 && configuration.precedence < precedence)) continue;
      growing.set(configuration.state.id, configuration.stack);
      gathering.add({ ...configuration, precedence: 0 });
    }
    for (const configuration of configurations) {
      if (configuration.alternative === 1) continue;
      if (!configuration.isKept && growing.get(configuration.state.id) === configuration.stack) continue;
      gathering.add(configuration);
    }
    return gathering.all;
  }

  #reach(configurations: readonly Configuration[], word: number): readonly Configuration[] {
    const gathering = new Gathering(this.#stacks);
    for (const configuration of configurations) {
      for (const { words, to } of configuration.state.transitions) if (words?.has(word) === true) gathering.add({ ...configuration, state: to });
    }
    const reached = gathering.all;
    if (word !== endOfText && (reached.length === 1 || soleAlternative(reached) !== 0)) return reached;
    const followed = new Gathering(this.#stacks);
    const seen = new Set<string>();
    for (const configuration of reached) this.#follow(configuration, followed, { seen, isStart: false, depth: 0 });
    return word === endOfText ? followed.all.filter(({ state }) => state.kind === 'stop') : followed.all;
  }

  /** Gathers all places from which a word is consumed next, going into rules and out of them. */
  #follow(from: Configuration, gathering: Gathering, way: { readonly seen: Set<string>; readonly isStart: boolean; readonly depth: number }): void {
    const waiting = [from];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const { state, stack } = at;
      if (state.kind !== 'stop' || stack === this.#stacks.unknown) {
        this.#step(at, gathering, way);
        continue;
      }
      for (const [index, returns] of stack.returns.entries()) {
        const to = this.#graph.states[returns];
        const below = stack.below[index];
        if (to !== undefined && below !== undefined) waiting.push({ ...at, state: to, stack: below, isKept: false });
      }
    }
  }

  #step(at: Configuration, gathering: Gathering, way: { readonly seen: Set<string>; readonly isStart: boolean; readonly depth: number }): void {
    if (!at.state.isSilent) gathering.add(at);
    if (at.state.kind === 'stop') return this.#leave(at, gathering, way);
    for (const [index, transition] of at.state.transitions.entries()) {
      if (transition.words !== undefined || (index === 0 && this.#isRoundabout(at))) continue;
      const isCall = transition.call !== undefined;
      this.#follow(this.#along(at, transition, way), gathering, isCall && way.depth >= 0 ? { ...way, depth: way.depth + 1 } : way);
    }
  }

  /** A configuration further along something that consumes nothing. */
  #along(at: Configuration, transition: Transition, way: { readonly isStart: boolean; readonly depth: number }): Configuration {
    if (transition.call !== undefined) return { ...at, state: transition.call.start, stack: this.#stacks.push(at.stack, transition.to.id) };
    const isAsked = transition.precedence !== 0 && way.isStart && way.depth === 0;
    return { ...at, state: transition.to, precedence: isAsked ? transition.precedence : at.precedence };
  }

  /** Out of a rule whose caller is not known: to wherever it may be called from. */
  #leave(at: Configuration, gathering: Gathering, way: { readonly seen: Set<string>; readonly isStart: boolean; readonly depth: number }): void {
    for (const { to, isLowest } of at.state.rule.returns) {
      const isKept = at.isKept || (this.#state.isGrowth && isLowest && at.state.rule === this.#state.rule);
      const key = [to.id, at.alternative, at.precedence, isKept ? 1 : 0].join(' ');
      if (way.seen.has(key)) continue;
      way.seen.add(key);
      this.#follow({ ...at, state: to, hasLeftRule: true, isKept }, gathering, { ...way, depth: way.depth - 1 });
    }
  }

  /** Whether growing here is what growing further out does as well: only the way out of the loop is followed then. */
  #isRoundabout({ state, stack }: Configuration): boolean {
    if (!state.isGrowth || stack === this.#stacks.unknown) return false;
    return stack.returns.every((returns) => {
      const to = this.#graph.states[returns];
      return to !== undefined && to.rule === state.rule && to === state.transitions[0]?.to.end;
    });
  }
}

/** What a prediction came to: an alternative (from 1), or (0) how many words it looked at until none was left. */
export interface Prediction { readonly alternative: number; readonly looked: number }

export class Predictions {
  readonly #decisions: readonly Decision[];

  constructor(graph: GrammarGraph) {
    const stacks = new Stacks();
    this.#decisions = graph.decisions.map((state) => new Decision(state, graph, stacks));
  }

  /** Predicts at a decision. `wordAt` is the `distance`th word from here, from 1 on; `precedence` is that of the growing rule innermost now. */
  predict(decision: number, precedence: number, wordAt: (distance: number) => number): Prediction {
    const automaton = this.#decisions[decision];
    if (automaton === undefined) throw new Error(`the grammar has no decision ${String(decision)}`);
    let situation = automaton.start(precedence);
    for (let looked = 1; ; looked++) {
      const next = automaton.next(situation, wordAt(looked));
      if (next === 'nowhere') return { alternative: finished(situation, precedence), looked };
      if (next.chosen !== undefined) return { alternative: next.chosen.find((choice) => choice.precedence === 0 || choice.precedence >= precedence)?.alternative ?? 0, looked };
      situation = next;
    }
  }

  /** All situations that any text can lead a decision to. */
  *situations(decision: number, precedence: number): Iterable<Situation> {
    const automaton = this.#decisions[decision];
    if (automaton === undefined) return;
    const seen = new Set<Situation>();
    const waiting = [automaton.start(precedence)];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      if (seen.has(at)) continue;
      seen.add(at);
      yield at;
      if (at.chosen !== undefined) continue;
      for (let word = endOfText; word < tokenKinds; word++) {
        const next = automaton.next(at, word);
        if (next !== 'nowhere') waiting.push(next);
      }
    }
  }
}

/**
 * Where nothing goes on with a word: the first alternative that had come out of the rule by then, since the word is an
 * error anyhow and is better reported by who comes next; 0 where there is none.
 */
function finished({ configurations }: Situation, precedence: number): number {
  const left = configurations.filter(({ hasLeftRule, state }) => hasLeftRule || state.kind === 'stop');
  const allowed = left.filter((configuration) => configuration.precedence === 0 || configuration.precedence >= precedence);
  const candidates = allowed.length > 0 ? allowed : left;
  return candidates.length === 0 ? 0 : Math.min(...candidates.map(({ alternative }) => alternative));
}
