/** Rules of the conditions that flow control has of its own. */
import { duplicate, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';

interface Condition {
  readonly type?: string | undefined;
}

export const conditionTypeErrors = (conditions: readonly Condition[] = [], path: string): FieldError[] => conditions.flatMap(({ type = '' }, index) => [
  ...(conditions.findIndex((other) => (other.type ?? '') === type) < index ? [duplicate(`${path}[${index}].type`, type)] : []), ...(type === '' ? [required(`${path}[${index}].type`)] : []),
]);
