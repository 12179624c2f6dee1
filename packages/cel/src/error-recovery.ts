/**
 * What is said of a word that cannot come where it does, and how parsing goes on: a word too many is left out where the
 * next one fits, a missing one is made up where the one after it fits, else the rule ends and words are left out until
 * one fits around it. No second error is reported before a word fitted again.
 */
import type { Calls, ExpectedWords } from './expected-words.ts';
import type { State } from './grammar-graph.ts';
import type { TokenStream } from './lexer.ts';
import { ParsingStopped } from './parsing-stopped.ts';
import { describeTokens, endOfText, hasFixedText, tokenName, type Token } from './tokens.ts';

/** Why a rule ends early. */
export type Mistake = { readonly kind: 'mismatch' } | { readonly kind: 'no alternative'; readonly from: Token; readonly to: Token };

/** How often it is tried to go on after an error, and how many words one such try may leave out. */
const maximumRecoveries = 30;
const maximumSkipped = 256;

const escapes: Readonly<Record<string, string>> = { '\t': String.raw`\t`, '\n': String.raw`\n`, '\r': String.raw`\r` };
const quote = (text: string): string => `'${text.replaceAll(/[\t\n\r]/gu, (blank) => escapes[blank] ?? blank)}'`;

/** Where the parser is: the last state at which something could have gone wrong, and the rules it is in. */
interface Position { readonly state: State; readonly node: Calls | undefined }

interface Surroundings {
  readonly parser: Position;
  readonly tokens: TokenStream;
  readonly expected: ExpectedWords;
  readonly onError: (offset: number, message: string) => void;
}

export class ErrorRecovery {
  readonly #parser: Position;
  readonly #tokens: TokenStream;
  readonly #expected: ExpectedWords;
  readonly #onError: Surroundings['onError'];
  /** Whether no word fitted since the last error. */
  #isRecovering = false;
  /** Where the last error was, and in which states, so that going on never stands still. */
  #lastPosition = -1;
  readonly #lastStates = new Set<State>();
  #recoveries = 0;

  constructor({ parser, tokens, expected, onError }: Surroundings) {
    this.#parser = parser;
    this.#tokens = tokens;
    this.#expected = expected;
    this.#onError = onError;
  }

  /** A word fitted. */
  succeed(): void {
    this.#isRecovering = false;
    this.#lastPosition = -1;
    this.#lastStates.clear();
  }

  /** Looks whether the next word may come at a state; a word too many is left out. Answers a mistake where that is of no use. */
  sync(state: State): Mistake | undefined {
    if (this.#isRecovering) return undefined;
    const { words, canEnd } = this.#expected.within(state);
    if (canEnd || words.has(this.#tokens.ahead(1).type)) return undefined;
    if (state.kind !== 'back') return this.#leaveOne(Number.POSITIVE_INFINITY) === undefined ? { kind: 'mismatch' } : undefined;
    this.#reportUnwanted();
    this.#skipTo(new Set([...this.#expectedHere(), ...this.#expected.recovery(this.#parser.node)]), Number.POSITIVE_INFINITY);
    return undefined;
  }

  /** In place of a word that is not there: the one after a word too many, or one made up, or a mistake. */
  recoverInline(state: State): Token | Mistake {
    this.#countRecovery();
    const fitting = this.#leaveOne(maximumSkipped);
    if (fitting !== undefined) {
      this.#skip();
      return fitting;
    }
    const after = state.transitions[0]?.to;
    const next = this.#tokens.ahead(1);
    if (after === undefined || !this.#expected.inCalls(after, this.#parser.node).has(next.type)) return { kind: 'mismatch' };
    const wanted = this.#expectedHere();
    this.#report(next, `missing ${describeTokens(wanted)} at ${quote(next.text)}`);
    const type = Math.min(...wanted);
    const place = next.type === endOfText ? (this.#tokens.previous ?? next) : next;
    return { type, index: -1, offset: place.offset, text: `<missing ${type === endOfText ? 'EOF' : hasFixedText(type) ? tokenName(type) : 'undefined'}>` };
  }

  report(mistake: Mistake): void {
    if (mistake.kind === 'mismatch') {
      const token = this.#tokens.ahead(1);
      this.#report(token, `mismatched input ${quote(token.text)} expecting ${describeTokens(this.#expectedHere())}`);
      return;
    }
    const { from, to } = mistake;
    this.#report(to, `no viable alternative at input ${quote(from.type === endOfText ? from.text : this.#tokens.textOf(from, to))}`);
  }

  /** After a mistake: leaves out words until one fits somewhere around. */
  recover(): void {
    this.#countRecovery();
    let limit = maximumSkipped;
    if (this.#lastPosition === this.#tokens.position && this.#lastStates.has(this.#parser.state)) {
      this.#skip();
      limit--;
    }
    this.#lastPosition = this.#tokens.position;
    this.#lastStates.add(this.#parser.state);
    this.#skipTo(this.#expected.recovery(this.#parser.node), limit);
  }

  #expectedHere(): ReadonlySet<number> {
    return this.#expected.inCalls(this.#parser.state, this.#parser.node);
  }

  /** Leaves out the next word where the one after it is expected here, and answers that one. */
  #leaveOne(limit: number): Token | undefined {
    if (!this.#expectedHere().has(this.#tokens.ahead(2).type)) return undefined;
    this.#reportUnwanted();
    if (limit > 0) this.#skip();
    this.succeed();
    return this.#tokens.ahead(1);
  }

  #reportUnwanted(): void {
    const token = this.#tokens.ahead(1);
    this.#report(token, `extraneous input ${quote(token.text)} expecting ${describeTokens(this.#expectedHere())}`);
  }

  #skipTo(words: ReadonlySet<number>, limit: number): void {
    for (let skipped = 0; ; skipped++) {
      const { type } = this.#tokens.ahead(1);
      if (type === endOfText || words.has(type)) return;
      if (skipped >= limit) throw new ParsingStopped(`error recovery token lookahead limit exceeded: ${String(maximumSkipped)}`);
      this.#skip();
    }
  }

  #skip(): void {
    if (this.#tokens.ahead(1).type !== endOfText) this.#tokens.consume();
  }

  #report(token: Token, message: string): void {
    if (this.#isRecovering) return;
    this.#isRecovering = true;
    this.#onError(token.offset, message);
  }

  #countRecovery(): void {
    if (this.#recoveries < maximumRecoveries) {
      this.#recoveries++;
      return;
    }
    this.#onError(this.#tokens.ahead(1).offset, `error recovery attempt limit exceeded: ${String(maximumRecoveries)}`);
    throw new ParsingStopped(undefined);
  }
}
