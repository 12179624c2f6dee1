/** What Kubernetes asks of literals beyond their types: aggregates of one type, readable durations, times and patterns, format texts that fit their arguments. */
import type { Checked } from './check.ts';
import { convert } from './conversions.ts';
import type { CallExpression, Expression, Issue, ListExpression, MapExpression } from './expression.ts';
import { formatIssue } from './format-rules.ts';
import { patternProblem } from './pattern.ts';
import { dynType, isOptional, isSame, parameter, typeText, type Type } from './type.ts';
import { descendants } from './walk.ts';

/** Lists of its arguments may be of several types. */
const formatFunction = 'format';

export function literalIssues(checked: Checked): Issue[] {
  const all = [...descendants(checked.expression)];
  const calls = all.flatMap(([expression]) => (expression.kind === 'call' ? [expression] : []));
  const aggregates = all.filter(([, around]) => !around.includes(formatFunction)).map(([expression]) => expression);
  return [
    ...aggregates.flatMap((expression) => (expression.kind === 'list' ? listIssues(expression, checked) : [])),
    ...aggregates.flatMap((expression) => (expression.kind === 'map' ? mapIssues(expression, checked) : [])),
    ...argumentIssues(calls, 'duration', (argument) => isConvertible(argument, 'duration')),
    ...argumentIssues(calls, 'timestamp', (argument) => isConvertible(argument, 'timestamp')),
    ...argumentIssues(calls, 'matches', isPattern),
    ...calls.flatMap((call) => formatIssue(call, checked) ?? []),
  ];
}

const typeIn = ({ types }: Checked, { id }: Expression): Type => types.get(id) ?? dynType;
const inner = (type: Type): Type => (isOptional(type) ? parameter(type, 0) : type);
const mismatch = ({ offset }: Expression, expected: Type, actual: Type): Issue => ({ offset, message: `expected type '${typeText(expected)}' but found '${typeText(actual)}'` });

function listIssues({ elements, optionalIndices }: ListExpression, checked: Checked): Issue[] {
  const types = elements.map((element, index) => (optionalIndices.includes(index) ? inner(typeIn(checked, element)) : typeIn(checked, element)));
  const [first = dynType] = types;
  const other = types.findIndex((type) => !isSame(first, type));
  const element = elements[other];
  return element === undefined ? [] : [mismatch(element, first, types[other] ?? dynType)];
}

function mapIssues({ entries }: MapExpression, checked: Checked): Issue[] {
  const rows = entries.map(({ key, value, isOptional: isLoose }) => ({ key, value, keyType: typeIn(checked, key), valueType: isLoose ? inner(typeIn(checked, value)) : typeIn(checked, value) }));
  const [first] = rows;
  if (first === undefined) return [];
  return rows.flatMap(({ key, value, keyType, valueType }) => [
    ...(isSame(first.keyType, keyType) ? [] : [mismatch(key, first.keyType, keyType)]), ...(isSame(first.valueType, valueType) ? [] : [mismatch(value, first.valueType, valueType)]),
  ]);
}

/** Kubernetes: of `matches(text, pattern)` the text is looked at, which is the first argument as the pattern of `text.matches(pattern)` is. */
function argumentIssues(calls: readonly CallExpression[], name: string, isGood: (argument: Expression) => boolean): Issue[] {
  return calls.flatMap((call) => {
    const [argument] = call.args;
    return call.name !== name || argument?.kind !== 'literal' || isGood(argument) ? [] : [{ offset: argument.offset, message: `invalid ${name} argument` }];
  });
}

const isConvertible = (argument: Expression, target: 'duration' | 'timestamp'): boolean => argument.kind === 'literal' && !('failure' in convert(argument.literal, target));
const isPattern = (argument: Expression): boolean => argument.kind === 'literal' && argument.literal.type === 'string' && patternProblem(argument.literal.value) === undefined;
