/**
 * What macros are made with. A macro looks like a call and is replaced by other nodes as soon as it is parsed; each
 * library brings its own, in a table. Rules: the language definition of CEL, "Macros".
 */
import type { ComprehensionExpression, Expression, IdentifierExpression, Literal } from './expression.ts';
import { accumulator, type ExpressionMaker } from './expression-maker.ts';

/** Why a call that has a macro's name and number of arguments is not one; `about` is the node that the error points at. */
export interface MacroError { readonly about: Expression; readonly message: string }

export interface MacroCall {
  /** What it is called on: absent for macros that are called like functions. */
  readonly target?: Expression;
  readonly args: readonly Expression[];
}

export interface Macro {
  readonly name: string;
  /** How many arguments it takes. */
  readonly argCount: number;
  /** Whether it is called on something: `target.name(args)`. */
  readonly isOnTarget: boolean;
  /** What stands in the call's place; undefined where the call is only called like the macro. */
  readonly expand: (make: MacroMaker, call: MacroCall) => Expression | MacroError | undefined;
}

/** Macros by name, number of arguments and form. */
export type MacroTable = ReadonlyMap<string, Macro>;

export const macroKey = (name: string, argCount: number, isOnTarget: boolean): string => `${name}:${String(argCount)}:${isOnTarget ? 'on' : ''}`;

/** A table of macros; of two alike the later one counts. */
export const macroTable = (...macros: readonly Macro[]): MacroTable => new Map(macros.map((macro) => [macroKey(macro.name, macro.argCount, macro.isOnTarget), macro]));

/** Makes nodes for one macro's expansion; all are at the place of the macro's call. */
export class MacroMaker {
  readonly #nodes: ExpressionMaker;
  readonly #offset: number | undefined;

  constructor(nodes: ExpressionMaker, call: number) {
    this.#nodes = nodes;
    this.#offset = nodes.offsetOf(call);
  }

  /** A call without a place is an error already: what it becomes is at no place either. */
  get #id(): number {
    return this.#nodes.id(this.#offset ?? -1);
  }

  literal(literal: Literal): Expression {
    return this.#nodes.literal(this.#id, literal);
  }

  bool(value: boolean): Expression {
    return this.literal({ type: 'bool', value });
  }

  int(value: bigint): Expression {
    return this.literal({ type: 'int', value });
  }

  identifier(name: string): IdentifierExpression {
    return this.#nodes.identifier(this.#id, name);
  }

  /** The variable in which a loop collects. */
  accumulator(): Expression {
    return this.identifier(accumulator);
  }

  call(name: string, ...args: readonly Expression[]): Expression {
    return this.#nodes.call(this.#id, name, args);
  }

  callOn(target: Expression, name: string, ...args: readonly Expression[]): Expression {
    return this.#nodes.call(this.#id, name, args, target);
  }

  list(...elements: readonly Expression[]): Expression {
    return this.#nodes.list(this.#id, elements, []);
  }

  emptyMap(): Expression {
    return this.#nodes.map(this.#id, []);
  }

  presenceTest(operand: Expression, field: string): Expression {
    return this.#nodes.select(this.#id, operand, { field, isTest: true });
  }

  comprehension(parts: Omit<ComprehensionExpression, 'id' | 'offset' | 'kind'>): Expression {
    return this.#nodes.comprehension(this.#id, parts);
  }

  /** The same once more, with ids of its own. */
  copy(expression: Expression): Expression {
    const nodes = this.#nodes;
    const id = nodes.id(nodes.offsetOf(expression.id) ?? 0);
    switch (expression.kind) {
      case 'literal': return nodes.literal(id, expression.literal);
      case 'identifier': return nodes.identifier(id, expression.name);
      case 'select': return nodes.select(id, this.copy(expression.operand), { field: expression.field, isTest: expression.isTest });
      case 'call': {
        const args = expression.args.map((argument) => this.copy(argument));
        return expression.target === undefined ? nodes.call(id, expression.name, args) : nodes.call(id, expression.name, args, this.copy(expression.target));
      }
      case 'list': return nodes.list(id, expression.elements.map((element) => this.copy(element)), expression.optionalIndices);
      case 'map': return nodes.map(id, expression.entries.map((entry) => nodes.entry(this.#id, { key: this.copy(entry.key), value: this.copy(entry.value), isOptional: entry.isOptional })));
      case 'struct': return nodes.struct(id, expression.typeName, expression.fields.map(({ name, value, isOptional }) => nodes.field(this.#id, { name, value: this.copy(value), isOptional })));
      case 'comprehension': {
        const { variable, secondVariable, accumulator: collector } = expression;
        return nodes.comprehension(id, {
          range: this.copy(expression.range),
          variable,
          ...(secondVariable === undefined ? {} : { secondVariable }),
          accumulator: collector,
          initial: this.copy(expression.initial),
          condition: this.copy(expression.condition),
          step: this.copy(expression.step),
          result: this.copy(expression.result),
        });
      }
    }
  }
}
