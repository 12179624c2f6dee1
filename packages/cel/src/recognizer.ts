/**
 * Walks the grammar along the words of a text and makes a syntax tree of it; errors are reported and left behind, so
 * that one run finds several. Where a rule goes wrong it ends, and words are left out until one comes with which some
 * rule around it goes on.
 *
 * The walk is a loop, not recursive functions: how deep a text nests must not be how deep our stack grows.
 */
import type { GrammarGraph, GrammarRule, RuleGraph, State } from './grammar-graph.ts';
import { ErrorRecovery, type Mistake } from './error-recovery.ts';
import type { ExpectedWords } from './expected-words.ts';
import { rules } from './grammar.ts';
import type { TokenStream } from './lexer.ts';
import { ParsingStopped } from './parsing-stopped.ts';
import type { Predictions } from './prediction.ts';
import { Node } from './syntax-tree.ts';
import type { Token } from './tokens.ts';

/** The grammar made ready to parse with. */
export interface Language { readonly graph: GrammarGraph; readonly expected: ExpectedWords; readonly predictions: Predictions }

/** How deep a rule may be inside itself. */
export const maximumDepth = 250;

export class Recognizer {
  readonly #language: Language;
  readonly #tokens: TokenStream;
  readonly #recovery: ErrorRecovery;
  readonly #precedences: number[] = [0];
  readonly #depths: number[];
  /** Where it is, as far as errors are concerned: the last state at which something could have gone wrong. */
  state: State;
  /** The rule it is in; undefined before the first and after the last. */
  node: Node | undefined;

  constructor(language: Language, tokens: TokenStream, onError: (offset: number, message: string) => void) {
    this.#language = language;
    this.#tokens = tokens;
    this.#depths = Array.from(language.graph.rules, () => 0);
    this.state = language.graph.start.start;
    this.#recovery = new ErrorRecovery({ parser: this, tokens, expected: language.expected, onError });
  }

  /** The tree of the whole text. */
  parse(): Node {
    const root = this.#enter(this.#language.graph.start, undefined, 0);
    for (let at: State | undefined = this.#language.graph.start.start; at !== undefined; ) at = this.#step(at);
    return root;
  }

  /** One state further; undefined at the end. */
  #step(at: State): State | undefined {
    if (at.kind === 'stop') return this.#leave();
    if (at.isSynced) return this.#decide(at);
    const transition = at.transitions[0];
    if (transition === undefined) throw new Error('the grammar ends within a rule');
    if (transition.call !== undefined) {
      this.state = at;
      this.#enter(transition.call, at, transition.precedence);
      return transition.call.start;
    }
    if (transition.words === undefined) {
      if (transition.opens !== undefined) this.#open(at, transition.opens);
      return transition.to;
    }
    this.state = at;
    return this.#match(at);
  }

  #match(at: State): State | undefined {
    const transition = at.transitions[0];
    let token: Token | Mistake = this.#tokens.ahead(1);
    if (transition?.words?.has(token.type) === true) {
      this.#recovery.succeed();
      this.#tokens.consume();
    } else {
      token = this.#recovery.recoverInline(at);
    }
    if ('kind' in token) return this.#abort(token);
    if (transition?.part !== undefined) this.node?.addToken(transition.part, token);
    return transition?.to;
  }

  /** Looks whether the next word may come here, and takes the alternative that it belongs to. */
  #decide(at: State): State | undefined {
    this.state = at;
    const mistake = this.#recovery.sync(at);
    if (mistake !== undefined) return this.#abort(mistake);
    const chooser = at.entry ?? at;
    // Before the first round of a plus.
    if (chooser.decision === undefined) return chooser.transitions[0]?.to;
    const { number, looksAhead } = chooser.decision;
    const choice = looksAhead ? this.#predict(number) : this.#choose(chooser);
    if (typeof choice !== 'number') return this.#abort(choice);
    const transition = chooser.transitions[choice - 1];
    if (transition === undefined) throw new Error('the grammar has no such alternative');
    if (chooser.isGrowth && choice === 1) this.#rise(chooser.rule);
    if (transition.opens !== undefined) this.#open(chooser, transition.opens);
    // Another round of a plus begins behind its block.
    return chooser.kind === 'back' && choice === 1 ? transition.to.transitions[0]?.to : transition.to;
  }

  #predict(decision: number): number | Mistake {
    const tokens = this.#tokens;
    const { alternative, looked } = this.#language.predictions.predict(decision, this.#precedences.at(-1) ?? 0, (distance) => tokens.ahead(distance).type);
    return alternative === 0 ? { kind: 'no alternative', from: tokens.ahead(1), to: tokens.ahead(looked) } : alternative;
  }

  /** The alternative that the next word begins; where none does, the way past what is optional or repeated. */
  #choose({ kind, transitions }: State): number | Mistake {
    const next = this.#tokens.ahead(1);
    const index = transitions.findIndex(({ to }) => this.#language.expected.within(to).words.has(next.type));
    // The alternatives of a rule make nodes, the ways past something make none.
    const hasWayPast = kind !== 'block' || transitions.at(-1)?.opens === undefined;
    if (hasWayPast) return index === 0 ? 1 : 2;
    return index === -1 ? { kind: 'no alternative', from: next, to: next } : index + 1;
  }

  #enter(rule: RuleGraph, calledAt: State | undefined, precedence: number): Node {
    const node = new Node(rules[rule.name].nodeName, this.#tokens.ahead(1), { parent: this.node, calledAt });
    this.node = node;
    this.state = rule.start;
    if (rule.isGrowing) this.#precedences.push(precedence);
    this.#sink(rule);
    return node;
  }

  /** Makes a node of the alternative: in a growing rule a larger one around what there is. */
  #open({ rule }: State, name: string): void {
    const grown = this.node;
    if (grown === undefined) return;
    if (!rule.isGrowing) {
      grown.name = name;
      return;
    }
    const node = new Node(name, grown.start, grown);
    node.addNode('left', grown);
    this.node = node;
    this.#sink(rule);
  }

  /** Ends the rule it is in; answers where its caller goes on. */
  #leave(): State | undefined {
    const node = this.node;
    const calledAt = node?.calledAt;
    const rule = calledAt === undefined ? this.#language.graph.start : calledAt.transitions[0]?.call;
    if (node === undefined || rule === undefined) throw new Error('left a rule that was not entered');
    this.#rise(rule);
    if (rule.isGrowing) this.#precedences.pop();
    else if (calledAt !== undefined) this.state = calledAt;
    this.node = node.parent;
    const call = calledAt?.transitions[0];
    if (call?.part !== undefined) node.parent?.addNode(call.part, node);
    return call?.to;
  }

  #abort(mistake: Mistake): State | undefined {
    this.#recovery.report(mistake);
    this.#recovery.recover();
    return this.#leave();
  }

  #sink({ number }: GrammarRule): void {
    const depth = (this.#depths[number] ?? 0) + 1;
    this.#depths[number] = depth;
    if (depth > maximumDepth) throw new ParsingStopped(`expression recursion limit exceeded: ${String(maximumDepth)}`);
  }

  #rise({ number }: GrammarRule): void {
    this.#depths[number] = Math.max(0, (this.#depths[number] ?? 0) - 1);
  }
}
