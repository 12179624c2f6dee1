/** Addresses of mail (`format: email`) as Go's parser takes them: alone, behind a name, or as the one member of a group, with comments between. */
import { isIpAddress } from '../../ip-rules.ts';

const dotted = /[\w!#$%&'*+\-/=?^`{|}~.\u0080-\uffff]+/y;
const quoted = /"(?:[\t !#-[\]-~\u0080-\uffff]|\\[\t -~\u0080-\uffff])*"/y;
const literal = /\[[!-Z^-~\u0080-\uffff]*\]/y;
const spaces = /[\t ]*/y;

class AddressReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isOneAddress(): boolean {
    return this.#addresses(true) === 1 && this.#comments() && this.#at === this.#text.length;
  }

  /** How many addresses there are: of a group, any number. Undefined of what is no address. */
  #addresses(allowsGroup: boolean): number | undefined {
    if (this.#plainAddress()) {
      this.#spaces();
      return this.#text[this.#at] !== '(' || this.#comment() ? 1 : undefined;
    }
    if (this.#text[this.#at] !== '<' && !this.#name()) return undefined;
    this.#spaces();
    if (allowsGroup && this.#take(':')) return this.#group();
    return this.#take('<') && this.#plainAddress() && this.#take('>') ? 1 : undefined;
  }

  /** `name@domain`; where there is none, nothing but spaces is read. */
  #plainAddress(): boolean {
    this.#spaces();
    const start = this.#at;
    const local = this.#read(quoted) ?? this.#atom();
    if (local !== undefined && local !== '""' && this.#take('@')) {
      this.#spaces();
      const ip = this.#read(literal);
      if (ip === undefined ? this.#atom() !== undefined : isIpAddress(ip.slice(1, -1))) return true;
    }
    this.#at = start;
    return false;
  }

  #atom(): string | undefined {
    const atom = this.#read(dotted);
    return atom === undefined || atom.startsWith('.') || atom.endsWith('.') || atom.includes('..') ? undefined : atom;
  }

  /** One word or more. */
  #name(): boolean {
    if (this.#read(quoted) === undefined && this.#read(dotted) === undefined) return false;
    do {
      if (!this.#comments()) return false;
    } while ((this.#read(quoted) ?? this.#read(dotted)) !== undefined);
    return true;
  }

  #group(): number | undefined {
    this.#spaces();
    let count = 0;
    while (!this.#take(';')) {
      if (count > 0 && !this.#take(',')) return undefined;
      if (this.#addresses(false) === undefined || !this.#comments()) return undefined;
      count++;
    }
    return this.#comments() ? count : undefined;
  }

  #comments(): boolean {
    this.#spaces();
    while (this.#text[this.#at] === '(') {
      if (!this.#comment()) return false;
      this.#spaces();
    }
    return true;
  }

  /** Comments may stand in comments. */
  #comment(): boolean {
    let depth = 0;
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at++];
      if (character === '\\' && this.#at < this.#text.length) this.#at++;
      else if (character === '(') depth++;
      else if (character === ')' && --depth === 0) return true;
    }
    return false;
  }

  #spaces(): void {
    this.#read(spaces);
  }

  #take(character: string): boolean {
    const isThere = this.#text[this.#at] === character;
    if (isThere) this.#at++;
    return isThere;
  }

  #read(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }
}

export const isMailAddress = (text: string): boolean => new AddressReader(text).isOneAddress();
