/**
 * The grammar as a graph of states: the parser walks it, predictions run over it, and what is expected at a place is
 * read off it. The states, and where a rule returns to, are laid out as the tool that generated upstream's parser does,
 * because two readings count as one where they reach the same state with the same places to return to.
 */
import { rules, type Alternative, type PartName, type Piece, type RuleName } from './grammar.ts';
import { endOfText, tokenType } from './tokens.ts';

/** - `block`: a choice, or the inside of something optional or repeated; `entry`: before a star's next round; `back`: after a round of a star or plus. */
export type StateKind = 'plain' | 'block' | 'blockEnd' | 'entry' | 'back' | 'loopEnd' | 'start' | 'stop';

export interface Transition {
  /** For a call of a rule: where it returns to. */
  to: State;
  /** The words it consumes; neither these nor a call: it consumes nothing. */
  readonly words?: ReadonlySet<number>;
  readonly call?: RuleGraph;
  /** The precedence of the call, or (no call) the least precedence at which this may be taken. */
  readonly precedence: number;
  readonly part: PartName | undefined;
  /** From a block: the node that the alternative makes. */
  readonly opens?: string | undefined;
}

export interface State {
  readonly id: number;
  readonly rule: GrammarRule;
  readonly kind: StateKind;
  readonly transitions: Transition[];
  /** Whether nothing that leaves it consumes a word (and something leaves it). */
  isSilent: boolean;
  /** A decision between its transitions: its number, and whether it may take more than one word. */
  decision: { readonly number: number; readonly looksAhead: boolean } | undefined;
  /** Whether the parser looks here whether the next word may follow at all, before it decides or goes in. */
  isSynced: boolean;
  /** The loop in which a node of a growing rule grows. */
  isGrowth: boolean;
  /** A block's end. */
  end: State | undefined;
  /** For the back of a star: where it goes back to. */
  entry: State | undefined;
}

export interface GrammarRule {
  readonly name: RuleName;
  readonly number: number;
  readonly isGrowing: boolean;
  /** Who calls it: where it returns to, and whether the call has the lowest precedence. */
  readonly returns: { readonly to: State; readonly isLowest: boolean }[];
}

export interface RuleGraph extends GrammarRule { readonly start: State; readonly stop: State }

export interface GrammarGraph { readonly rules: ReadonlyMap<RuleName, RuleGraph>; readonly states: readonly State[]; readonly decisions: readonly State[]; readonly start: RuleGraph }

class Builder {
  readonly states: State[] = [];
  readonly decisions: State[] = [];
  readonly graphs = new Map<RuleName, RuleGraph>();

  state(rule: GrammarRule, kind: StateKind = 'plain'): State {
    const state: State = { id: this.states.length, rule, kind, transitions: [], isSilent: false, decision: undefined, isSynced: false, isGrowth: false, end: undefined, entry: undefined };
    this.states.push(state);
    return state;
  }

  graph(name: RuleName): RuleGraph {
    const known = this.graphs.get(name);
    if (known !== undefined) return known;
    const rule: GrammarRule = { name, number: this.graphs.size, isGrowing: rules[name].growth !== undefined, returns: [] };
    const graph = { ...rule, start: this.state(rule, 'start'), stop: this.state(rule, 'stop') };
    this.graphs.set(name, graph);
    return graph;
  }

  decide(state: State, looksAhead: boolean): void {
    state.decision = { number: this.decisions.length, looksAhead };
    state.isSynced = true;
    this.decisions.push(state);
  }

  silent(from: State, to: State, opens?: string): void {
    from.transitions.push({ to, precedence: 0, part: undefined, opens });
  }

  build(name: RuleName): void {
    const { start, stop } = this.graph(name);
    const { rule } = start;
    const { alternatives, growth, looksAhead } = rules[name];
    let first: State;
    let last: State;
    if (alternatives.length === 1) {
      first = this.state(rule);
      last = this.pieces(alternatives[0]?.pieces ?? [], first, undefined);
    } else {
      first = this.block(rule, alternatives, looksAhead === true);
      last = first.end ?? first;
    }
    if (growth !== undefined) {
      const block = this.block(rule, growth, true);
      const entry = this.loop(block, last, true);
      entry.isGrowth = true;
      last = this.state(rule, 'loopEnd');
      this.silent(entry, last);
    }
    this.silent(start, first);
    this.silent(last, stop);
  }

  /** A block of alternatives, each ending at the block's end. */
  block(rule: GrammarRule, alternatives: readonly Alternative[], looksAhead: boolean): State {
    const block = this.state(rule, 'block');
    block.end = this.state(rule, 'blockEnd');
    for (const { name, pieces, precedence } of alternatives) {
      let first = this.state(rule);
      this.silent(block, first, name === '' ? undefined : name);
      if (precedence !== undefined) {
        const from = first;
        first = this.state(rule);
        from.transitions.push({ to: first, precedence, part: undefined });
      }
      this.pieces(pieces, first, block.end);
    }
    if (alternatives.length > 1) this.decide(block, looksAhead);
    return block;
  }

  /** The states around a star's block: its entry is made, the way out of it is not yet. */
  loop(block: State, from: State, looksAhead: boolean): State {
    const entry = this.state(block.rule, 'entry');
    const back = this.state(block.rule, 'back');
    back.entry = entry;
    this.silent(from, entry);
    this.silent(entry, block);
    if (block.end !== undefined) this.silent(block.end, back);
    this.silent(back, entry);
    back.isSynced = true;
    this.decide(entry, looksAhead);
    return entry;
  }

  /** Lays out pieces from a state on; answers the state after them, `end` where that is given. */
  pieces(pieces: readonly Piece[], from: State, end: State | undefined): State {
    let at = from;
    for (const [index, piece] of pieces.entries()) {
      const isLast = index === pieces.length - 1;
      const next = isLast && end !== undefined && (piece.piece === 'word' || piece.piece === 'rule') ? end : undefined;
      at = this.piece(piece, at, next);
    }
    if (end !== undefined && at !== end) this.silent(at, end);
    return at;
  }

  piece(piece: Piece, from: State, next: State | undefined): State {
    const { rule } = from;
    if (piece.piece === 'word') {
      const to = next ?? this.state(rule);
      from.transitions.push({ to, words: new Set(piece.words.map((name) => (name === '<EOF>' ? endOfText : tokenType(name)))), precedence: 0, part: piece.part });
      return to;
    }
    if (piece.piece === 'rule') {
      const to = next ?? this.state(rule);
      const call = this.graph(piece.rule);
      call.returns.push({ to, isLowest: piece.precedence === 0 });
      from.transitions.push({ to, call, precedence: piece.precedence, part: piece.part });
      return to;
    }
    const block = this.block(rule, [{ name: '', pieces: piece.body }], false);
    return this.repeated(piece, block, from);
  }

  repeated({ piece, looksAhead }: Extract<Piece, { readonly body: unknown }>, block: State, from: State): State {
    const end = block.end ?? block;
    if (piece === 'star') {
      const entry = this.loop(block, from, looksAhead);
      const after = this.state(block.rule, 'loopEnd');
      this.silent(entry, after);
      return after;
    }
    this.silent(from, block);
    if (piece === 'optional') {
      this.silent(block, end);
      this.decide(block, looksAhead);
      return end;
    }
    block.isSynced = true;
    const back = this.state(block.rule, 'back');
    const after = this.state(block.rule, 'loopEnd');
    this.silent(end, back);
    this.silent(back, block);
    this.silent(back, after);
    this.decide(back, looksAhead);
    return after;
  }
}

/** Builds the graph; it takes about as long as parsing ten expressions. */
export function buildGrammarGraph(): GrammarGraph {
  const builder = new Builder();
  // The keys of the table are the names of rules.
  for (const name of Object.keys(rules) as RuleName[]) builder.build(name);
  for (const state of builder.states) {
    const { kind, rule, transitions } = state;
    state.isSilent = kind === 'stop' ? rule.returns.length > 0 : transitions.length > 0 && transitions.every(({ words }) => words === undefined);
  }
  return { rules: builder.graphs, states: builder.states, decisions: builder.decisions, start: builder.graph('start') };
}
