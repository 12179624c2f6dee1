/**
 * Reads JSON text to plain values, keeping what `JSON.parse` loses and the API needs: integers beyond 2^53 (as bigint),
 * keys that occur twice, the text of numbers written as 1.0 or 1e3, and Go's own words for what is wrong.
 */
import { DecodeError } from './decode-error.ts';

/** What is remarkable about one object or list of the text. */
export interface JsonNotes {
  /** Keys that occur more than once. */
  readonly duplicates: Set<string>;
  /** Numbers with a fraction or an exponent whose value is whole, by key or index: their text. */
  readonly literals: Map<string | number, string>;
}

export interface ParsedJson {
  readonly value: unknown;
  readonly notes: ReadonlyMap<object, JsonNotes>;
}

const maximumDepth = 10_000;
/** From here on without recursion, which is slower and which no stack bounds. */
const recursionDepth = 500;
/** Of -2^63, the longest integer there is a type for. */
const integerDigits = 20;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Text that is not UTF-8 is read with replacement characters, as Go does. Throws DecodeError, also where there are more different
 * names of members than `mostNames`: each of them costs as much as a hundred characters.
 */
export function parseJson(source: Uint8Array | string, mostNames = Infinity): ParsedJson {
  const parser = new Parser(typeof source === 'string' ? source : decoder.decode(source), mostNames);
  return { value: parser.document(), notes: parser.notes };
}

/** Sets a key that may be `__proto__`, which plain assignment would take for the prototype. */
export function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
  else object[key] = value;
}

const codes = { quote: 34, backslash: 92, comma: 44, minus: 45, dot: 46, zero: 48, nine: 57, colon: 58, openList: 91, closeList: 93, open: 123, close: 125 } as const;

const quoteCharacter = (character: string): string => {
  if (character === "'") return "'\\''";
  if (character === '"') return "'\"'";
  const code = character.codePointAt(0) ?? 0;
  if (character === '\\') return "'\\\\'";
  const named: Record<number, string> = { 7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r' };
  if (code < 0x20 || code === 0x7f) return `'${named[code] ?? `\\x${code.toString(16).padStart(2, '0')}`}'`;
  if (code === 0xfeff) return "'\\ufeff'";
  return `'${character}'`;
};

const escapes: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Of a hexadecimal number; below zero for what is none. */
function digitOf(code: number): number {
  if (code >= codes.zero && code <= codes.nine) return code - codes.zero;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1;
}

type Holder = Record<string, unknown> | unknown[];

class Parser {
  readonly notes = new Map<object, JsonNotes>();
  readonly #text: string;
  #at = 0;
  #depth = 0;
  /** The text of the number just read, where its value does not tell it. */
  #literal: string | undefined;

  /** Kept only where there may be too many: `"a":1,` is the shortest member. */
  readonly #names: Set<string> | undefined;
  /** Whether the key just read is known to be the first of its name. */
  #isNewName = false;
  readonly #mostNames: number;

  constructor(text: string, mostNames: number) {
    this.#text = text;
    this.#mostNames = mostNames;
    this.#names = text.length > mostNames * 6 ? new Set() : undefined;
  }

  document(): unknown {
    const value = this.#value('looking for beginning of value');
    this.#space();
    if (this.#at < this.#text.length) throw this.#unexpected('after top-level value');
    return value;
  }

  #space(): number {
    const text = this.#text;
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return code;
      this.#at++;
    }
  }

  #unexpected(where: string): DecodeError {
    const code = this.#text.codePointAt(this.#at);
    if (code === undefined) return new DecodeError('unexpected end of JSON input');
    return new DecodeError(`invalid character ${quoteCharacter(String.fromCodePoint(code))} ${where}`);
  }

  #value(where: string): unknown {
    const code = this.#space();
    switch (code) {
      case codes.open: return this.#depth < recursionDepth ? this.#object() : this.#deep();
      case codes.openList: return this.#depth < recursionDepth ? this.#list() : this.#deep();
      case codes.quote: return this.#string();
      case 116: return this.#word('true', true);
      case 102: return this.#word('false', false);
      case 110: return this.#word('null', null);
      default:
        if (code === codes.minus || (code >= codes.zero && code <= codes.nine)) return this.#number();
        throw this.#unexpected(where);
    }
  }

  #word<T>(word: string, value: T): T {
    if (this.#text.startsWith(word, this.#at)) {
      this.#at += word.length;
      return value;
    }
    for (let i = 1; i < word.length; i++) {
      this.#at++;
      if (this.#text[this.#at] !== word[i]) throw this.#unexpected(`in literal ${word} (expecting '${word[i] ?? ''}')`);
    }
    return value;
  }

  #enter(): void {
    if (++this.#depth > maximumDepth) throw this.#unexpected('exceeded max depth');
    this.#at++;
  }

  #note(of: object): JsonNotes {
    let notes = this.notes.get(of);
    if (notes === undefined) this.notes.set(of, notes = { duplicates: new Set(), literals: new Map() });
    return notes;
  }

  #object(): Record<string, unknown> {
    this.#enter();
    const object: Record<string, unknown> = {};
    if (this.#space() === codes.close) {
      this.#at++;
      this.#depth--;
      return object;
    }
    for (;;) {
      const key = this.#key();
      const isNew = this.#isNewName;
      this.#set(object, key, this.#value('looking for beginning of value'), isNew);
      if (this.#literal !== undefined) this.#keep(object, key);
      const code = this.#space();
      if (code === codes.comma) this.#at++;
      else if (code === codes.close) break;
      else throw this.#unexpected('after object key:value pair');
    }
    this.#at++;
    this.#depth--;
    return object;
  }

  #list(): unknown[] {
    this.#enter();
    const list: unknown[] = [];
    if (this.#space() === codes.closeList) {
      this.#at++;
      this.#depth--;
      return list;
    }
    for (;;) {
      list.push(this.#value('looking for beginning of value'));
      if (this.#literal !== undefined) this.#keep(list, list.length - 1);
      const code = this.#space();
      if (code === codes.comma) this.#at++;
      else if (code === codes.closeList) break;
      else throw this.#unexpected('after array element');
    }
    this.#at++;
    this.#depth--;
    return list;
  }

  /** The object or list that begins here, with a stack of its own. */
  #deep(): unknown {
    const holders: Holder[] = [];
    const keys: string[] = [];
    for (;;) {
      const code = this.#space();
      let value: unknown;
      if (code === codes.open || code === codes.openList) {
        const isList = code === codes.openList;
        this.#enter();
        const holder: Holder = isList ? [] : {};
        if (this.#space() !== (isList ? codes.closeList : codes.close)) {
          holders.push(holder);
          keys.push(isList ? '' : this.#key());
          continue;
        }
        this.#at++;
        this.#depth--;
        value = holder;
      } else value = this.#value('looking for beginning of value');
      // What ends goes into what holds it, which may end with it.
      for (let holder = holders.at(-1); ; holder = holders.at(-1)) {
        if (holder === undefined) return value;
        if (!this.#put(holder, keys, value)) break;
        value = holders.pop();
        keys.pop();
      }
    }
  }

  /** Whether the holder ends with this value. */
  #put(holder: Holder, keys: string[], value: unknown): boolean {
    const isList = Array.isArray(holder);
    const key = keys.at(-1) ?? '';
    if (this.#literal !== undefined) this.#keep(holder, isList ? holder.length : key);
    if (isList) holder.push(value);
    else this.#set(holder, key, value);
    const code = this.#space();
    if (code === (isList ? codes.closeList : codes.close)) {
      this.#at++;
      this.#depth--;
      return true;
    }
    if (code !== codes.comma) throw this.#unexpected(isList ? 'after array element' : 'after object key:value pair');
    this.#at++;
    if (!isList) keys[keys.length - 1] = this.#key();
    return false;
  }

  #key(): string {
    if (this.#space() !== codes.quote) throw this.#unexpected('looking for beginning of object key string');
    const key = this.#string();
    if (this.#space() !== codes.colon) throw this.#unexpected('after object key');
    this.#at++;
    if (this.#names !== undefined) this.#count(key, this.#names);
    return key;
  }

  #count(name: string, names: Set<string>): void {
    const before = names.size;
    this.#isNewName = names.add(name).size > before;
    if (names.size > this.#mostNames) throw new DecodeError(`json: more than ${this.#mostNames} different names in one body`);
  }

  #set(object: Record<string, unknown>, key: string, value: unknown, isNew = false): void {
    if (!isNew && Object.hasOwn(object, key)) this.#note(object).duplicates.add(key);
    setOwn(object, key, value);
  }

  #keep(of: object, key: string | number): void {
    this.#note(of).literals.set(key, this.#literal ?? '');
    this.#literal = undefined;
  }

  #string(): string {
    const text = this.#text;
    const start = ++this.#at;
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (code === codes.quote) return text.slice(start, this.#at++);
      if (code === codes.backslash) return this.#escaped(start);
      if (!(code >= 0x20)) throw this.#unexpected('in string literal'); // NaN at the end of the text, too
      this.#at++;
    }
  }

  /** The rest of a string from its first escape on. */
  #escaped(start: number): string {
    const text = this.#text;
    let whole = text.slice(start, this.#at);
    for (;;) {
      const from = this.#at;
      let code = text.charCodeAt(this.#at);
      while (code >= 0x20 && code !== codes.quote && code !== codes.backslash) code = text.charCodeAt(++this.#at);
      whole += text.slice(from, this.#at);
      if (code === codes.quote) {
        this.#at++;
        return whole.isWellFormed() ? whole : whole.toWellFormed();
      }
      if (code !== codes.backslash) throw this.#unexpected('in string literal');
      this.#at++;
      const letter = text[this.#at] ?? '';
      if (letter === 'u') whole += this.#unicode();
      else {
        const plain = escapes[letter];
        if (plain === undefined) throw this.#unexpected('in string escape code');
        whole += plain;
        this.#at++;
      }
    }
  }

  #unicode(): string {
    let code = 0;
    for (let i = 0; i < 4; i++) {
      const digit = digitOf(this.#text.charCodeAt(++this.#at));
      if (digit < 0) throw this.#unexpected('in \\u hexadecimal character escape');
      code = code * 16 + digit;
    }
    this.#at++;
    return String.fromCharCode(code);
  }

  #digits(): void {
    let code = this.#text.charCodeAt(this.#at);
    while (code >= codes.zero && code <= codes.nine) code = this.#text.charCodeAt(++this.#at);
  }

  #number(): number | bigint {
    const text = this.#text;
    const start = this.#at;
    if (text.charCodeAt(this.#at) === codes.minus) this.#at++;
    const first = text.charCodeAt(this.#at);
    if (!(first >= codes.zero && first <= codes.nine)) throw this.#unexpected('in numeric literal');
    if (first === codes.zero) this.#at++;
    else this.#digits();
    const whole = this.#at;
    if (text.charCodeAt(this.#at) === codes.dot) this.#fraction('after decimal point in numeric literal');
    const exponent = text[this.#at];
    if (exponent === 'e' || exponent === 'E') {
      const sign = text[this.#at + 1];
      if (sign === '+' || sign === '-') this.#at++;
      this.#fraction('in exponent of numeric literal');
    }
    const literal = text.slice(start, this.#at);
    const value = Number(literal);
    if (this.#at !== whole) {
      if (Number.isInteger(value)) this.#literal = literal;
      return value;
    }
    if (Number.isSafeInteger(value)) return value;
    // No integer of the API has more digits, and making one of a million would take a second.
    if (literal.length <= integerDigits) return BigInt(literal);
    this.#literal = literal;
    return value;
  }

  /** At least one digit after the current character. */
  #fraction(where: string): void {
    this.#at++;
    const code = this.#text.charCodeAt(this.#at);
    if (!(code >= codes.zero && code <= codes.nine)) throw this.#unexpected(where);
    this.#digits();
  }
}
