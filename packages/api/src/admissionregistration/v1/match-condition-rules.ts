/** Rules of match conditions. What an expression says is not looked at here. */
import { qualifiedNameErrors } from '@kaji/schema';
import { duplicate, invalidAll, required, tooMany } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { MatchCondition } from './match-condition.ts';

const mostConditions = 64;

export function matchConditionsErrors(conditions: readonly MatchCondition[] = [], path: string): FieldError[] {
  return [
    ...(conditions.length > mostConditions ? [tooMany(path, conditions.length, mostConditions)] : []),
    ...conditions.flatMap(({ name, expression }, index) => [
      ...(expression.trim() === '' ? [required(`${path}[${index}].expression`)] : []),
      ...(name === '' ? [required(`${path}[${index}].name`)] : invalidAll(`${path}[${index}].name`, name, qualifiedNameErrors(name))),
      ...(name !== '' && conditions.findIndex((other) => other.name === name) < index ? [duplicate(`${path}[${index}].name`, name)] : []),
    ]),
  ];
}
