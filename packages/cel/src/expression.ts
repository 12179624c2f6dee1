/** The syntax tree of an expression, macros already expanded: what the parser makes and the checker reads. */

/** A literal. Integers are `bigint`, bytes are bytes; `null` is the language's own null. */
export type Literal =
  | { readonly type: 'null' }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'int' | 'uint'; readonly value: bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'bytes'; readonly value: Uint8Array };

/**
 * A node. `id` is unique within its expression and stable for one text; `offset` counts code points from the
 * start of the text to the place that an error about this node points at (the operator of `a + b`, the
 * parenthesis of `f(x)`, the point of `a.b`).
 */
export type Expression = LiteralExpression | IdentifierExpression | SelectExpression | CallExpression | ListExpression | MapExpression | StructExpression | ComprehensionExpression;

interface Placed { readonly id: number; readonly offset: number }

export interface LiteralExpression extends Placed { readonly kind: 'literal'; readonly literal: Literal }

/** A name; with a leading point (`.name`) it is looked up from the root, and the point is part of the name. */
export interface IdentifierExpression extends Placed { readonly kind: 'identifier'; readonly name: string }

/** `operand.field`, or `has(operand.field)` where `isTest`. */
export interface SelectExpression extends Placed { readonly kind: 'select'; readonly operand: Expression; readonly field: string; readonly isTest: boolean }

/** A function; operators are functions named as in the language's definition: `_+_`, `_?_:_`, `_[_]`, `_?._`, `@in`, `!_`. */
export interface CallExpression extends Placed { readonly kind: 'call'; readonly name: string; readonly target?: Expression; readonly args: readonly Expression[] }

/** `[a, ?b]`: `optionalIndices` are the positions of the elements with a question mark. */
export interface ListExpression extends Placed { readonly kind: 'list'; readonly elements: readonly Expression[]; readonly optionalIndices: readonly number[] }

export interface MapEntry extends Placed { readonly key: Expression; readonly value: Expression; readonly isOptional: boolean }
export interface MapExpression extends Placed { readonly kind: 'map'; readonly entries: readonly MapEntry[] }

export interface StructField extends Placed { readonly name: string; readonly value: Expression; readonly isOptional: boolean }
export interface StructExpression extends Placed { readonly kind: 'struct'; readonly typeName: string; readonly fields: readonly StructField[] }

/** The loop that macros such as `all` and `map` become (cel-spec, "Macros"). `secondVariable` is there in the forms of two variables. */
export interface ComprehensionExpression extends Placed {
  readonly kind: 'comprehension';
  readonly range: Expression;
  readonly variable: string;
  readonly secondVariable?: string;
  readonly accumulator: string;
  readonly initial: Expression;
  readonly condition: Expression;
  readonly step: Expression;
  readonly result: Expression;
}

/**
 * Something wrong with an expression, at a place of its text (code points; -1 is before the first). Without a place it
 * is about the whole.
 */
export interface Issue { readonly offset?: number; readonly message: string }

/** A parsed text, or what is wrong with it. Messages are those of upstream's parser, without the `ERROR: <input>:line:column: ` frame. */
export type Parsed = { readonly expression: Expression } | { readonly issues: readonly Issue[] };
