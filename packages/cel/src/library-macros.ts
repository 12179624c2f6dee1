/** The macros that libraries add to the language, and the table that Kubernetes' base environment has of all. */
import type { Expression } from './expression.ts';
import { accumulator } from './expression-maker.ts';
import { macroTable, type Macro, type MacroCall, type MacroError, type MacroMaker, type MacroTable } from './macros.ts';
import { argument, expandMap, isAccumulator, overwritesAccumulator, quantifiers, standardMacros, targetOf } from './standard-macros.ts';

/** The variable of loops that run over nothing: they only give a value a name. */
const unused = '#unused';

/** What an optional value becomes, under a name: a loop over nothing whose collector has the name. */
function bound(make: MacroMaker, call: MacroCall, name: string): Expression {
  return make.comprehension({
    range: make.list(),
    variable: unused,
    accumulator: name,
    initial: make.callOn(make.copy(targetOf(call)), 'value'),
    condition: make.bool(false),
    step: make.identifier(name),
    result: argument(call.args, 1),
  });
}

const onOptional = (name: string, wrap: (make: MacroMaker, value: () => Expression) => Expression): Macro => ({
  name,
  argCount: 2,
  isOnTarget: true,
  expand(make, call) {
    const named = argument(call.args, 0);
    if (named.kind !== 'identifier') return { about: named, message: `${name}() variable name must be a simple identifier` };
    const isThere = make.callOn(targetOf(call), 'hasValue');
    return make.call('_?_:_', isThere, wrap(make, () => bound(make, call, named.name)), make.call('optional.none'));
  },
});

/** `optional.optMap(variable, expression)` and `optFlatMap`. */
export const optionalMacros: readonly Macro[] = [onOptional('optMap', (make, value) => make.call('optional.of', value())), onOptional('optFlatMap', (_, value) => value())];

/** The two variables of a loop over keys (or positions) and values. */
function variablesOf(args: readonly Expression[]): readonly [first: string, second: string] | MacroError {
  const first = argument(args, 0);
  const second = argument(args, 1);
  if (first.kind !== 'identifier') return { about: first, message: 'argument must be a simple name' };
  if (second.kind !== 'identifier') return { about: second, message: 'argument must be a simple name' };
  if (first.name === second.name) return { about: second, message: `duplicate variable name: ${first.name}` };
  const overwriting = [first, second].find(({ name }) => isAccumulator(name));
  return overwriting === undefined ? [first.name, second.name] : { about: overwriting, message: overwritesAccumulator };
}

type LoopParts = Readonly<Record<'initial' | 'condition' | 'step' | 'result', Expression>>;

const overPairs = (name: string, argCount: number, loop: (make: MacroMaker, args: readonly Expression[]) => LoopParts): Macro => ({
  name,
  argCount,
  isOnTarget: true,
  expand(make, call) {
    const variables = variablesOf(call.args);
    if ('about' in variables) return variables;
    return make.comprehension({ range: targetOf(call), variable: variables[0], secondVariable: variables[1], accumulator, ...loop(make, call.args) });
  },
});

/** The parts of a loop that adds something for each pair, or for those that a predicate in front of it takes. */
function adding(make: MacroMaker, args: readonly Expression[], loop: { readonly add: (added: Expression) => Expression; readonly initial: () => Expression }): LoopParts {
  let step = loop.add(argument(args, args.length - 1));
  if (args.length === 4) step = make.call('_?_:_', argument(args, 2), step, make.accumulator());
  return { initial: loop.initial(), condition: make.bool(true), step, result: make.accumulator() };
}

/** `transformList` and its like, each with and without a predicate. */
const transforming = (name: string, loop: (make: MacroMaker, args: readonly Expression[]) => LoopParts): readonly Macro[] => [overPairs(name, 3, loop), overPairs(name, 4, loop)];

/** The function that adds to a map under construction; no expression can name it. */
const mapInsert = 'cel.@mapInsert';

/** Loops with two variables: `all`, `exists`, `existsOne`, `transformList`, `transformMap`, `transformMapEntry`. */
export const twoVariableMacros: readonly Macro[] = [
  overPairs('all', 3, (make, args) => quantifiers.all(make, argument(args, 2))),
  overPairs('exists', 3, (make, args) => quantifiers.exists(make, argument(args, 2))),
  overPairs('existsOne', 3, (make, args) => quantifiers.existsOne(make, argument(args, 2))),
  overPairs('exists_one', 3, (make, args) => quantifiers.existsOne(make, argument(args, 2))),
  ...transforming('transformList', (make, args) => adding(make, args, { add: (item) => make.call('_+_', make.accumulator(), make.list(item)), initial: () => make.list() })),
  ...transforming('transformMap', (make, args) => {
    const key = argument(args, 0);
    const name = key.kind === 'identifier' ? key.name : '';
    return adding(make, args, { add: (value) => make.call(mapInsert, make.accumulator(), make.identifier(name), value), initial: () => make.emptyMap() });
  }),
  ...transforming('transformMapEntry', (make, args) => adding(make, args, { add: (entry) => make.call(mapInsert, make.accumulator(), entry), initial: () => make.emptyMap() })),
];

const sortable: readonly Expression['kind'][] = ['list', 'select', 'identifier', 'comprehension', 'call'];

/** `list.sortBy(variable, key)`. */
export const listMacros: readonly Macro[] = [
  {
    name: 'sortBy',
    argCount: 2,
    isOnTarget: true,
    expand(make, call) {
      const input = make.identifier('@__sortBy_input__');
      const target = targetOf(call);
      if (!sortable.includes(target.kind)) return { about: target, message: 'sortBy can only be applied to a list, identifier, comprehension, call or select expression' };
      const keys = expandMap(make, make.copy(input), call.args);
      if ('about' in keys) return keys;
      const result = make.callOn(make.copy(input), '@sortByAssociatedKeys', keys);
      return make.comprehension({ range: make.list(), variable: unused, accumulator: input.name, initial: target, condition: make.bool(false), step: input, result });
    },
  },
];

/** The macros of Kubernetes' base environment, the same for new expressions and for those of objects written by earlier versions since 1.34. */
export const kubernetesMacros: MacroTable = macroTable(...standardMacros, ...optionalMacros, ...twoVariableMacros, ...listMacros);

/** `cel.bind(name, value, result)`: a name for a value. Only some environments have it. */
export const bindMacros: MacroTable = macroTable({
  name: 'bind',
  argCount: 3,
  isOnTarget: true,
  expand(make, call) {
    const namespace = targetOf(call);
    if (namespace.kind !== 'identifier' || namespace.name !== 'cel') return undefined;
    const named = argument(call.args, 0);
    if (named.kind !== 'identifier') return { about: named, message: 'cel.bind() variable names must be simple identifiers' };
    return make.comprehension({
      range: make.list(), variable: unused, accumulator: named.name, initial: argument(call.args, 1), condition: make.bool(false), step: make.identifier(named.name), result: argument(call.args, 2),
    });
  },
});
