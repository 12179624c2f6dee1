/** What is declared of the sizes of values before an expression runs. */
import type { Expression } from '../expression.ts';
import type { Type } from '../type.ts';
import type { Range } from './range.ts';

/**
 * Where a value comes from: a variable, then fields and `@keys`, `@values`, `@items`, `@indices`. Absent of values that the expression makes itself.
 */
export type Path = readonly string[];

/** Something whose size matters. */
export interface Sized {
  readonly path: Path | undefined;
  readonly type: Type;
  readonly expression: Expression | undefined;
  /** As the expression itself tells it. */
  readonly size: Range | undefined;
}

/** The largest size that a declaration allows the value at a path, if it says so. */
export type SizeOf = (path: Path) => bigint | undefined;

/** A call's cost, and the size of what it gives if that has one. Costs of arguments are not in it. */
export interface CallCost {
  readonly cost: Range;
  readonly size?: Range;
}

/** A call to estimate; of a member the target is not among the arguments. */
export interface CostedCall {
  readonly name: string;
  readonly overload: string;
  readonly target: Sized | undefined;
  readonly args: readonly Sized[];
}
