/** The macros of the language itself, as upstream's environments have them: `has`, `all`, `exists`, `exists_one`, `map`, `filter`. */
import type { Expression } from './expression.ts';
import { accumulator } from './expression-maker.ts';
import type { Macro, MacroCall, MacroError, MacroMaker } from './macros.ts';

export const overwritesAccumulator = 'iteration variable overwrites accumulator variable';

/** Names that no loop may give its variable. */
export const isAccumulator = (name: string): boolean => name === accumulator || name === '__result__';

/** Stands for an argument that is not there; macros are only expanded with as many as they take. */
export function argument(args: readonly Expression[], index: number): Expression {
  const found = args[index];
  if (found === undefined) throw new Error('a macro takes more arguments than it says');
  return found;
}

export function targetOf({ target }: MacroCall): Expression {
  if (target === undefined) throw new Error('a macro is called on nothing');
  return target;
}

/** The variable that an argument names. */
function variableOf(named: Expression, otherwise: string): string | MacroError {
  if (named.kind !== 'identifier') return { about: named, message: otherwise };
  return isAccumulator(named.name) ? { about: named, message: overwritesAccumulator } : named.name;
}

type Loop = (make: MacroMaker, predicate: Expression) => { readonly initial: Expression; readonly condition: Expression; readonly step: Expression; readonly result: Expression };

/** The loops of `all`, `exists` and `exists_one`, in the forms of one variable and of two. */
export const quantifiers: Readonly<Record<'all' | 'exists' | 'existsOne', Loop>> = {
  all: (make, predicate) => ({
    initial: make.bool(true),
    condition: make.call('@not_strictly_false', make.accumulator()),
    step: make.call('_&&_', make.accumulator(), predicate),
    result: make.accumulator(),
  }),
  exists: (make, predicate) => ({
    initial: make.bool(false),
    condition: make.call('@not_strictly_false', make.call('!_', make.accumulator())),
    step: make.call('_||_', make.accumulator(), predicate),
    result: make.accumulator(),
  }),
  existsOne: (make, predicate) => ({
    initial: make.int(0n),
    condition: make.bool(true),
    step: make.call('_?_:_', predicate, make.call('_+_', make.accumulator(), make.int(1n)), make.accumulator()),
    result: make.call('_==_', make.accumulator(), make.int(1n)),
  }),
};

const quantifier = (name: string, loop: Loop): Macro => ({
  name,
  argCount: 2,
  isOnTarget: true,
  expand(make, call) {
    const variable = variableOf(argument(call.args, 0), 'argument must be a simple name');
    if (typeof variable !== 'string') return variable;
    const parts = loop(make, argument(call.args, 1));
    return make.comprehension({ range: targetOf(call), variable, accumulator, ...parts });
  },
});

/** `range.map(variable, [predicate,] transform)` over a given range. */
export function expandMap(make: MacroMaker, range: Expression, args: readonly Expression[]): Expression | MacroError {
  const variable = variableOf(argument(args, 0), 'argument is not an identifier');
  if (typeof variable !== 'string') return variable;
  const initial = make.list();
  const condition = make.bool(true);
  const added = make.accumulator();
  const item = make.list(argument(args, args.length - 1));
  let step = make.call('_+_', added, item);
  if (args.length === 3) step = make.call('_?_:_', argument(args, 1), step, make.accumulator());
  return make.comprehension({ range, variable, accumulator, initial, condition, step, result: make.accumulator() });
}

function expandFilter(make: MacroMaker, call: MacroCall): Expression | MacroError {
  const named = argument(call.args, 0);
  const variable = variableOf(named, 'argument is not an identifier');
  if (typeof variable !== 'string') return variable;
  const initial = make.list();
  const condition = make.bool(true);
  const added = make.call('_+_', make.accumulator(), make.list(named));
  const step = make.call('_?_:_', argument(call.args, 1), added, make.accumulator());
  return make.comprehension({ range: targetOf(call), variable, accumulator, initial, condition, step, result: make.accumulator() });
}

const map = (argCount: number): Macro => ({ name: 'map', argCount, isOnTarget: true, expand: (make, call) => expandMap(make, targetOf(call), call.args) });

export const standardMacros: readonly Macro[] = [
  {
    name: 'has',
    argCount: 1,
    isOnTarget: false,
    expand(make, { args }) {
      const selected = argument(args, 0);
      return selected.kind === 'select' ? make.presenceTest(selected.operand, selected.field) : { about: selected, message: 'invalid argument to has() macro' };
    },
  },
  quantifier('all', quantifiers.all),
  quantifier('exists', quantifiers.exists),
  quantifier('exists_one', quantifiers.existsOne),
  map(2),
  map(3),
  { name: 'filter', argCount: 2, isOnTarget: true, expand: expandFilter },
];
