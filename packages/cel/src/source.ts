/** A text by code points and lines: the units in which places of an expression are counted. */

/** A line (from 1) and a column (from 0). Both are -1 for what is about no place. */
export interface Location { readonly line: number; readonly column: number }

export class Source {
  readonly #text: string;
  /** Only where some code point takes two units of the string. */
  readonly #points: Uint32Array | undefined;
  #lines: readonly number[] | undefined;
  readonly length: number;

  constructor(text: string) {
    this.#text = text.toWellFormed();
    this.#points = /[\u{10000}-\u{10FFFF}]/u.test(this.#text) ? Uint32Array.from(this.#text, (character) => character.codePointAt(0) ?? 0) : undefined;
    this.length = this.#points?.length ?? this.#text.length;
  }

  /** The code point at `index`, NaN past the end. */
  at(index: number): number {
    return this.#points === undefined ? this.#text.charCodeAt(index) : (this.#points[index] ?? Number.NaN);
  }

  slice(start: number, end: number): string {
    if (this.#points === undefined) return this.#text.slice(start, end);
    let text = '';
    for (let index = start; index < Math.min(end, this.length); index++) text += String.fromCodePoint(this.#points[index] ?? 0);
    return text;
  }

  /** Where lines 2, 3, ... start; the last entry is one past the end of the text. */
  get #lineStarts(): readonly number[] {
    if (this.#lines !== undefined) return this.#lines;
    const starts: number[] = [];
    for (let index = 0; index < this.length; index++) if (this.at(index) === 0x0a) starts.push(index + 1);
    starts.push(this.length + 1);
    this.#lines = starts;
    return starts;
  }

  /** The location of an offset; an offset of -1 is the column before the first. */
  locate(offset: number): Location {
    const starts = this.#lineStarts;
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? 0) > offset) high = middle;
      else low = middle + 1;
    }
    return { line: low + 1, column: offset - (low === 0 ? 0 : (starts[low - 1] ?? 0)) };
  }

  /** The text of a line without its line feed; undefined where there is no such line, or no text at all. */
  line(line: number): string | undefined {
    if (line < 1 || this.length === 0) return undefined;
    const starts = this.#lineStarts;
    if (line > starts.length) return undefined;
    return this.slice(line === 1 ? 0 : (starts[line - 2] ?? 0), (starts[line - 1] ?? 0) - 1);
  }
}
