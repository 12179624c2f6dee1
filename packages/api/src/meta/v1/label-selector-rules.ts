import { append } from '@kaji/base';
import { isDeepEqual, labelValueErrors, qualifiedNameErrors } from '@kaji/schema';
import { forbidden, invalid, invalidAll, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { LabelSelector } from './label-selector.ts';
import { validateLabels } from './object-meta-rules.ts';

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[] | undefined;
}

/** Of label selectors and of node selectors, which also compare numbers and do not always check their values' form. */
export function requirementErrors({ key, operator, values = [] }: Requirement, path: string, { comparesNumbers = false, areValuesChecked = true } = {}): FieldError[] {
  const errors: FieldError[] = [];
  if (comparesNumbers && (operator === 'Gt' || operator === 'Lt')) {
    if (values.length !== 1) errors.push(required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
  } else switch (operator) {
    case 'In': case 'NotIn':
      if (values.length === 0) errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
      break;
    case 'Exists': case 'DoesNotExist':
      if (values.length > 0) errors.push(forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
      break;
    default: errors.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'));
  }
  append(errors, invalidAll(`${path}.key`, key, qualifiedNameErrors(key)));
  if (areValuesChecked) values.forEach((value, index) => append(errors, invalidAll(`${path}.values[${index}]`, value, labelValueErrors(value))));
  return errors;
}

/** `areValuesChecked` is false where an older object had impossible values, and may keep them. */
export function validateLabelSelector(selector: LabelSelector | undefined, path: string, { areValuesChecked = true } = {}): FieldError[] {
  if (selector === undefined) return [];
  return [
    ...validateLabels(selector.matchLabels, `${path}.matchLabels`),
    ...(selector.matchExpressions ?? []).flatMap((expression, index) => requirementErrors(expression, `${path}.matchExpressions[${index}]`, { areValuesChecked })),
  ];
}

/** Labels as messages show them: by key. */
export const shownLabels = (labels: Readonly<Record<string, string>> | undefined): unknown => (labels === undefined ? null : Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))));

export const shownSelector = ({ matchLabels, matchExpressions }: LabelSelector): unknown =>
  ({ ...(matchLabels === undefined ? {} : { matchLabels: shownLabels(matchLabels) }), ...(matchExpressions === undefined ? {} : { matchExpressions: matchExpressions.map(({ key, operator, values }) => ({ key, operator, ...(values === undefined ? {} : { values }) })) }) });

/** A selector that no update changes. */
export const immutableSelector = (path: string, selector: LabelSelector | undefined, old: LabelSelector | undefined): FieldError[] =>
  (isDeepEqual(selector, old) ? [] : [invalid(path, selector === undefined ? null : shownSelector(selector), 'field is immutable')]);
