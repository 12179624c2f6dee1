/** Makes the nodes of expressions: gives each its id and keeps the place that errors about it point at. */
import type { CallExpression, ComprehensionExpression, Expression, IdentifierExpression, Literal, MapEntry, MapExpression, SelectExpression, StructField } from './expression.ts';
import { ParsingStopped } from './parsing-stopped.ts';

/** The variable in which the loops of macros collect; no expression can name it. */
export const accumulator = '@result';

/**
 * How many nodes one text may become. Upstream has no such limit: macros that copy what they are called on (`optMap`)
 * double it with each one in a chain.
 */
const maximumNodes = 300_000;

const noPlace = Number.NaN;

export class ExpressionMaker {
  #next = 1;
  /** By id; NaN where there is none (any more). */
  readonly #offsets: number[] = [noPlace];

  /** A new id for a node at a place; -1 where the place is missing from the text. */
  id(offset: number | undefined): number {
    if (offset === undefined) return -1;
    if (this.#next > maximumNodes) throw new ParsingStopped(`expression has more than ${String(maximumNodes)} nodes`);
    this.#offsets[this.#next] = offset;
    return this.#next++;
  }

  /** Gives an id back whose node came to nothing; it is used again if it was the last. */
  forget(id: number): void {
    this.#offsets[id] = noPlace;
    if (id === this.#next - 1) this.#next--;
  }

  /** The place of a node; undefined where it has none. */
  offsetOf(id: number): number | undefined {
    const offset = this.#offsets[id] ?? noPlace;
    return Number.isNaN(offset) ? undefined : offset;
  }

  #placed(id: number): { readonly id: number; readonly offset: number } {
    return { id, offset: this.offsetOf(id) ?? -1 };
  }

  literal(id: number, literal: Literal): Expression {
    return { ...this.#placed(id), kind: 'literal', literal };
  }

  /** Stands where the text has an error; no expression with one gets out of the parser. */
  hole(id: number): Expression {
    return this.literal(id, { type: 'null' });
  }

  identifier(id: number, name: string): IdentifierExpression {
    return { ...this.#placed(id), kind: 'identifier', name };
  }

  select(id: number, operand: Expression, field: { readonly field: string; readonly isTest: boolean }): SelectExpression {
    return { ...this.#placed(id), kind: 'select', operand, ...field };
  }

  call(id: number, name: string, args: readonly Expression[], target?: Expression): CallExpression {
    return { ...this.#placed(id), kind: 'call', name, ...(target === undefined ? {} : { target }), args };
  }

  list(id: number, elements: readonly Expression[], optionalIndices: readonly number[]): Expression {
    return { ...this.#placed(id), kind: 'list', elements, optionalIndices };
  }

  entry(id: number, entry: { readonly key: Expression; readonly value: Expression; readonly isOptional: boolean }): MapEntry {
    return { ...this.#placed(id), ...entry };
  }

  map(id: number, entries: readonly MapEntry[]): MapExpression {
    return { ...this.#placed(id), kind: 'map', entries };
  }

  field(id: number, field: { readonly name: string; readonly value: Expression; readonly isOptional: boolean }): StructField {
    return { ...this.#placed(id), ...field };
  }

  struct(id: number, typeName: string, fields: readonly StructField[]): Expression {
    return { ...this.#placed(id), kind: 'struct', typeName, fields };
  }

  comprehension(id: number, parts: Omit<ComprehensionExpression, 'id' | 'offset' | 'kind'>): Expression {
    return { ...this.#placed(id), kind: 'comprehension', ...parts };
  }
}
