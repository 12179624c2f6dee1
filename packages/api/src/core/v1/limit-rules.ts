/** Rules of LimitRanges. */
import { append } from '@kaji/base';
import { compareQuantities, parseQuantity, qualifiedNameErrors } from '@kaji/schema';
import { duplicate, forbidden, invalid, invalidAll, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { LimitRange, LimitRangeItem } from './limit-range.ts';
import { containerNameErrors, isOvercommitAllowed, resourceNameErrors } from './resource-rules.ts';

type Amounts = Readonly<Record<string, string>>;

const nameErrors = (name: string, path: string, type: string): FieldError[] => (type === 'Pod' || type === 'Container' ? containerNameErrors(name, path) : resourceNameErrors(name, path));

/** Says which of two amounts of a name is too large. */
function above(name: string, low: string | undefined, high: string | undefined, words: readonly [low: string, high: string]): string | undefined {
  return low !== undefined && high !== undefined && compareQuantities(low, high) > 0 ? `${words[0]} value ${low} is greater than ${words[1]} value ${high}` : undefined;
}

function amountErrors(item: LimitRangeItem, name: string, path: string): FieldError[] {
  const [max, min, standard, request, ratio] = [item.max?.[name], item.min?.[name], item.default?.[name], item.defaultRequest?.[name], item.maxLimitRequestRatio?.[name]];
  const errors: FieldError[] = [];
  const check = (field: string, shown: string | undefined, why: string | undefined): void => {
    if (why !== undefined) errors.push(invalid(`${path}.${field}[${name}]`, shown, why));
  };
  check('min', min, above(name, min, max, ['min', 'max']));
  check('defaultRequest', request, above(name, min, request, ['min', 'default request']));
  check('defaultRequest', request, above(name, request, max, ['default request', 'max']));
  check('defaultRequest', request, above(name, request, standard, ['default request', 'default limit']));
  // Kubernetes: here the other of the two is shown.
  check('default', min, above(name, min, standard, ['min', 'default']));
  check('default', max, above(name, standard, max, ['default', 'max']));
  if (ratio !== undefined) {
    if (compareQuantities(ratio, '1') < 0) errors.push(invalid(`${path}.maxLimitRequestRatio[${name}]`, ratio, `ratio ${ratio} is less than 1`));
    if (max !== undefined && min !== undefined) {
      const limit = Number(parseQuantity(max).nano) / Number(parseQuantity(min).nano);
      if (Number(parseQuantity(ratio).nano) / 1e9 > limit) errors.push(invalid(`${path}.maxLimitRequestRatio[${name}]`, ratio, `ratio ${ratio} is greater than max/min = ${limit.toFixed(6)}`));
    }
  }
  if (!isOvercommitAllowed(name) && standard !== undefined && request !== undefined && compareQuantities(standard, request) !== 0) {
    errors.push(invalid(`${path}.defaultRequest[${name}]`, request, `default value ${standard} must equal to defaultRequest value ${request} in ${name}`));
  }
  return errors;
}

export function validateLimitRange({ spec }: LimitRange): FieldError[] {
  const types = new Set<string>();
  return spec.limits.flatMap((item, index) => {
    const path = `spec.limits[${index}]`;
    const { type } = item;
    const messages = qualifiedNameErrors(type);
    const errors = invalidAll(`${path}.type`, type, messages);
    if (messages.length === 0 && !type.includes('/') && !['Pod', 'Container', 'PersistentVolumeClaim'].includes(type)) errors.push(invalid(`${path}.type`, type, 'must be a standard limit type or fully qualified'));
    if (types.has(type)) errors.push(duplicate(`${path}.type`, type));
    types.add(type);
    const lists: readonly (readonly [string, Amounts | undefined])[] = [['max', item.max], ['min', item.min], ...(type === 'Pod' ? [] : [['default', item.default], ['defaultRequest', item.defaultRequest]] as const), ['maxLimitRequestRatio', item.maxLimitRequestRatio]];
    for (const [list, amounts] of lists) for (const name of Object.keys(amounts ?? {})) append(errors, nameErrors(name, `${path}.${list}[${name}]`, type));
    if (type === 'Pod') for (const list of ['default', 'defaultRequest'] as const) if (Object.keys(item[list] ?? {}).length > 0) errors.push(forbidden(`${path}.${list}`, "may not be specified when `type` is 'Pod'"));
    if (type === 'PersistentVolumeClaim' && item.min?.['storage'] === undefined && item.max?.['storage'] === undefined) errors.push(required(`${path}.limits`, 'either minimum or maximum storage value is required, but neither was provided'));
    const names = new Set(lists.flatMap(([, amounts]) => Object.keys(amounts ?? {})));
    return [...errors, ...[...names].flatMap((name) => amountErrors(type === 'Pod' ? { ...item, default: undefined, defaultRequest: undefined } : item, name, path))];
  });
}
