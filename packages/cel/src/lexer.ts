/**
 * Cuts a text into words: the longest word that some rule of the language accepts, and of equally long ones the keyword.
 * Where no rule accepts anything, all that some rule could have gone along with is one error, and is left out with the
 * character that ended the attempt. Rules: the language definition of CEL, "Syntax".
 */
import type { Source } from './source.ts';
import { endOfText, tokenType, type Token } from './tokens.ts';

/** A word's kind and its end, or (kind 0) the place where every rule had given up. */
interface Cut { readonly type: number; readonly end: number }

const operators: ReadonlyMap<number, number> = new Map(Array.from('<>[]{}().,-!?:+*/%', (operator) => [operator.charCodeAt(0), tokenType(operator)]));
const doubled: ReadonlyMap<number, readonly [second: number, type: number]> = new Map(
  ['==', '!=', '<=', '>=', '&&', '||'].map((operator) => [operator.charCodeAt(0), [operator.charCodeAt(1), tokenType(operator)]]),
);
const keywords: ReadonlyMap<string, number> = new Map(['in', 'true', 'false', 'null'].map((word) => [word, tokenType(word)]));
const blank = tokenType('WHITESPACE');
const comment = tokenType('COMMENT');
const float = tokenType('NUM_FLOAT');
const int = tokenType('NUM_INT');
const uint = tokenType('NUM_UINT');
const string = tokenType('STRING');
const bytes = tokenType('BYTES');
const identifier = tokenType('IDENTIFIER');
const escaped = tokenType('ESC_IDENTIFIER');

const isDigit = (c: number): boolean => c >= 0x30 && c <= 0x39;
const isHex = (c: number): boolean => isDigit(c) || (c >= 0x41 && c <= 0x46) || (c >= 0x61 && c <= 0x66);
const isLetter = (c: number): boolean => (c >= 0x61 && c <= 0x7a) || (c >= 0x41 && c <= 0x5a);
const isNamePart = (c: number): boolean => isLetter(c) || isDigit(c) || c === 0x5f;
const isBlank = (c: number): boolean => c === 0x20 || c === 0x0a || c === 0x09 || c === 0x0d || c === 0x0c;
const isEscapedNamePart = (c: number): boolean => isNamePart(c) || c === 0x2e || c === 0x2d || c === 0x2f || c === 0x20;
const isOctal = (c: number): boolean => c >= 0x30 && c <= 0x37;
/** `x` in either case, and so on: the letter is given in lower case. */
const isEither = (c: number, letter: string): boolean => (c | 0x20) === letter.charCodeAt(0);

function pastWhile(source: Source, start: number, is: (c: number) => boolean): number {
  let end = start;
  while (is(source.at(end))) end++;
  return end;
}

/** The end of an exponent at `start`, or `start` where there is none. */
function pastExponent(source: Source, start: number): number {
  if (!isEither(source.at(start), 'e')) return start;
  const sign = source.at(start + 1);
  const digits = start + (sign === 0x2b || sign === 0x2d ? 2 : 1);
  const end = pastWhile(source, digits, isDigit);
  return end === digits ? start : end;
}

function cutNumber(source: Source, start: number): Cut {
  const digits = pastWhile(source, start, isDigit);
  if (digits === start + 1 && source.at(start) === 0x30 && source.at(digits) === 0x78 && isHex(source.at(digits + 1))) {
    const end = pastWhile(source, digits + 1, isHex);
    return isEither(source.at(end), 'u') ? { type: uint, end: end + 1 } : { type: int, end };
  }
  if (isEither(source.at(digits), 'u') && digits > start) return { type: uint, end: digits + 1 };
  const fraction = source.at(digits) === 0x2e ? pastWhile(source, digits + 1, isDigit) : digits;
  if (fraction > digits + 1) return { type: float, end: pastExponent(source, fraction) };
  const end = pastExponent(source, digits);
  return end > digits ? { type: float, end } : { type: int, end: digits };
}

/** Past the escape sequence whose backslash is at `start`: its end, or (negative, less one) the place that spoils it. */
function pastEscape(source: Source, start: number): number {
  const c = source.at(start + 1);
  const run = (count: number, is: (c: number) => boolean): number => {
    for (let index = start + 2; index < start + 2 + count; index++) if (!is(source.at(index))) return -index - 1;
    return start + 2 + count;
  };
  if (isEither(c, 'x')) return run(2, isHex);
  if (c === 0x75) return run(4, isHex);
  if (c === 0x55) return run(8, isHex);
  if (c >= 0x30 && c <= 0x33) return run(2, isOctal);
  return 'abfnrtv"\'\\?`'.includes(String.fromCharCode(c)) && c < 0x80 ? start + 2 : -(start + 1) - 1;
}

/** Past what quotes of one line or three quotes enclose: the end with the quotes, or (negative, less one) the place that spoils it. */
function pastQuoted(source: Source, body: number, form: { readonly quote: number; readonly isTriple: boolean; readonly isRaw: boolean }): number {
  let at = body;
  while (at < source.length) {
    const c = source.at(at);
    if (c === form.quote && !form.isTriple) return at + 1;
    if (c === form.quote && source.at(at + 1) === c && source.at(at + 2) === c) return at + 3;
    if (c === 0x5c && !form.isRaw) {
      const past = pastEscape(source, at);
      if (past < 0) return past;
      at = past;
      continue;
    }
    if (!form.isTriple && (c === 0x0a || c === 0x0d)) break;
    at++;
  }
  return -at - 1;
}

/** A string that starts (after its prefix) with the quote at `start`. */
function cutString(source: Source, start: number, isRaw: boolean): Cut {
  const quote = source.at(start);
  if (source.at(start + 1) !== quote) {
    const end = pastQuoted(source, start + 1, { quote, isTriple: false, isRaw });
    return end < 0 ? { type: 0, end: -end - 1 } : { type: string, end };
  }
  const end = source.at(start + 2) === quote ? pastQuoted(source, start + 3, { quote, isTriple: true, isRaw }) : -1;
  return { type: string, end: end < 0 ? start + 2 : end };
}

/** A name, a keyword, or a string with a prefix of letters. */
function cutWord(source: Source, start: number): Cut {
  const isBytes = isEither(source.at(start), 'b');
  const raw = isBytes ? start + 1 : start;
  const isRaw = isEither(source.at(raw), 'r');
  const quoteAt = isRaw ? raw + 1 : raw;
  const quote = source.at(quoteAt);
  if (quoteAt > start && (quote === 0x22 || quote === 0x27)) {
    const cut = cutString(source, quoteAt, isRaw);
    if (cut.type !== 0) return { type: isBytes ? bytes : string, end: cut.end };
  }
  const end = pastWhile(source, start, isNamePart);
  return { type: (end - start <= 5 ? keywords.get(source.slice(start, end)) : undefined) ?? identifier, end };
}

function cutEscapedName(source: Source, start: number): Cut {
  const end = pastWhile(source, start + 1, isEscapedNamePart);
  return end > start + 1 && source.at(end) === 0x60 ? { type: escaped, end: end + 1 } : { type: 0, end };
}

function cut(source: Source, start: number): Cut {
  const c = source.at(start);
  if (isNamePart(c)) return isDigit(c) ? cutNumber(source, start) : cutWord(source, start);
  if (isBlank(c)) return { type: blank, end: pastWhile(source, start, isBlank) };
  if (c === 0x22 || c === 0x27) return cutString(source, start, false);
  if (c === 0x60) return cutEscapedName(source, start);
  const next = source.at(start + 1);
  if (c === 0x2f && next === 0x2f) return { type: comment, end: pastWhile(source, start, (part) => part !== 0x0a && !Number.isNaN(part)) };
  if (c === 0x2e && isDigit(next)) return cutNumber(source, start);
  const double = doubled.get(c);
  if (double !== undefined && next === double[0]) return { type: double[1], end: start + 2 };
  const single = operators.get(c);
  if (single !== undefined) return { type: single, end: start + 1 };
  return { type: 0, end: double === undefined ? start : start + 1 };
}

/** The words of a text, cut when they are first looked at: errors of the lexer come between those of the parser. */
export class TokenStream {
  readonly #source: Source;
  readonly #onError: (offset: number, message: string) => void;
  /** All words, and of them those that the grammar sees. */
  readonly #all: Token[] = [];
  readonly #seen: Token[] = [];
  #offset = 0;
  /** How many of the seen words are consumed. */
  position = 0;

  constructor(source: Source, onError: (offset: number, message: string) => void) {
    this.#source = source;
    this.#onError = onError;
  }

  /** The `distance`th word from here, 1 for the next one; the end of the text from there on. */
  ahead(distance: number): Token {
    const wanted = this.position + distance - 1;
    while (this.#seen.length <= wanted) {
      const last = this.#seen.at(-1);
      if (last?.type === endOfText) return last;
      this.#fetch();
    }
    // The loop has put it there.
    return this.#seen[wanted] as Token;
  }

  /** The word consumed last. */
  get previous(): Token | undefined {
    return this.#seen[this.position - 1];
  }

  consume(): void {
    this.position++;
    this.ahead(1);
  }

  /** The text of all words from one to another, blanks and comments too, but not what the lexer left out. */
  textOf(first: Token, last: Token): string {
    return this.#all.slice(first.index, last.index + 1).filter(({ type }) => type !== endOfText).map(({ text }) => text).join('');
  }

  #fetch(): void {
    for (;;) {
      const start = this.#offset;
      // The end of no text at all is the column before its first.
      if (start >= this.#source.length) return this.#push({ type: endOfText, index: this.#all.length, offset: start === 0 ? -1 : start, text: '<EOF>' });
      const { type, end } = cut(this.#source, start);
      if (type !== 0) {
        this.#offset = end;
        const token = { type, index: this.#all.length, offset: start, text: this.#source.slice(start, end) };
        if (type !== blank && type !== comment) return this.#push(token);
        this.#all.push(token);
        continue;
      }
      this.#offset = Math.min(end + 1, this.#source.length);
      this.#onError(start, `token recognition error at: '${this.#source.slice(start, end + 1)}'`);
    }
  }

  #push(token: Token): void {
    this.#all.push(token);
    this.#seen.push(token);
  }
}
