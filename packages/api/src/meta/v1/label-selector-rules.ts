import { labelValueErrors, qualifiedNameErrors } from '@kaji/schema';
import { forbidden, invalid, invalidAll, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { LabelSelector, LabelSelectorRequirement } from './label-selector.ts';
import { validateLabels } from './object-meta-rules.ts';

function requirementErrors({ key, operator, values = [] }: LabelSelectorRequirement, path: string): FieldError[] {
  const errors: FieldError[] = [];
  switch (operator) {
    case 'In': case 'NotIn':
      if (values.length === 0) errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
      break;
    case 'Exists': case 'DoesNotExist':
      if (values.length > 0) errors.push(forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
      break;
    default: errors.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'));
  }
  errors.push(...invalidAll(`${path}.key`, key, qualifiedNameErrors(key)));
  values.forEach((value, index) => errors.push(...invalidAll(`${path}.values[${index}]`, value, labelValueErrors(value))));
  return errors;
}

export function validateLabelSelector(selector: LabelSelector | undefined, path: string): FieldError[] {
  if (selector === undefined) return [];
  return [
    ...validateLabels(selector.matchLabels, `${path}.matchLabels`),
    ...(selector.matchExpressions ?? []).flatMap((expression, index) => requirementErrors(expression, `${path}.matchExpressions[${index}]`)),
  ];
}
