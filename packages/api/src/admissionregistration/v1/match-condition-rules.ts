/** Rules of match conditions. */
import type { Age } from '@kaji/cel';
import { qualifiedNameErrors } from '@kaji/schema';
import { duplicate, invalidAll, required, tooMany } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import { condition, expressionErrors } from './expression-rules.ts';
import type { MatchCondition } from './match-condition.ts';

const mostConditions = 64;

export interface ConditionContext {
  /** Whether conditions may look at parameters. */
  readonly hasParams: boolean;
  readonly ageOf: (text: string) => Age;
}

export function matchConditionsErrors(conditions: readonly MatchCondition[] = [], path: string, { hasParams, ageOf }: ConditionContext): FieldError[] {
  const names = { hasParams, hasAuthorizer: true, hasPatches: false };
  return [
    ...(conditions.length > mostConditions ? [tooMany(path, conditions.length, mostConditions)] : []),
    ...conditions.flatMap(({ name, expression }, index) => {
      const text = expression.trim();
      return [
        ...(text === '' ? [required(`${path}[${index}].expression`)] : expressionErrors({ path: `${path}[${index}].expression`, text, age: ageOf(text), names, results: condition })),
        ...(name === '' ? [required(`${path}[${index}].name`)] : invalidAll(`${path}[${index}].name`, name, qualifiedNameErrors(name))),
        ...(name !== '' && conditions.findIndex((other) => other.name === name) < index ? [duplicate(`${path}[${index}].name`, name)] : []),
      ];
    }),
  ];
}
