/** Rules of conditions, which many kinds have in their status. */
import { duplicate, invalid, invalidAll, notSupported, required, tooLong } from '../../field-error.ts';
import { qualifiedNameErrors } from '@kaji/schema';
import type { FieldError } from '../../resource.ts';
import type { Condition } from './condition.ts';

const longestReason = 1024;
const longestMessage = 32 * 1024;
const statuses = ['False', 'True', 'Unknown'];
const reasonPattern = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?';

export function validateConditions(conditions: readonly Condition[] = [], path: string): FieldError[] {
  return conditions.flatMap((condition, index) => {
    const isRepeated = conditions.findIndex(({ type }) => type === condition.type) < index;
    return [...(isRepeated ? [duplicate(`${path}[${index}].type`, condition.type)] : []), ...conditionErrors(condition, `${path}[${index}]`)];
  });
}

function conditionErrors({ type, status, observedGeneration = 0, lastTransitionTime, reason, message }: Condition, path: string): FieldError[] {
  const errors = invalidAll(`${path}.type`, type, qualifiedNameErrors(type));
  if (!statuses.includes(status)) errors.push(notSupported(`${path}.status`, status, statuses));
  if (observedGeneration < 0) errors.push(invalid(`${path}.observedGeneration`, observedGeneration, 'must be greater than or equal to zero'));
  if ((lastTransitionTime as string | undefined ?? '') === '') errors.push(required(`${path}.lastTransitionTime`)); // required, yet clients leave it out
  if (reason === '') errors.push(required(`${path}.reason`));
  else if (!new RegExp(`^${reasonPattern}$`).test(reason)) errors.push(invalid(`${path}.reason`, reason, `a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '${reasonPattern}')`));
  if (reason.length > longestReason) errors.push(tooLong(`${path}.reason`, longestReason));
  if (message.length > longestMessage) errors.push(tooLong(`${path}.message`, longestMessage));
  return errors;
}
