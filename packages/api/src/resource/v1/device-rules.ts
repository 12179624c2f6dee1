/** Rules that claims on devices, classes of devices and slices of them share. */
import { append } from '@kaji/base';
import { cIdentifierErrors, dns1123LabelErrors, dns1123SubdomainErrors, givenValue, labelValueErrors, qualifiedNameErrors, valueText } from '@kaji/schema';
import { driverNameErrors } from '../../core/v1/volume-source-rules.ts';
import { duplicate, invalid, invalidAll, notSupported, required, tooLong, tooMany } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { DeviceConfiguration } from './device-configuration.ts';
import type { DeviceSelector } from './device-selector.ts';
import { selectorExpressionErrors } from './selector-expression-rules.ts';
import type { DeviceToleration } from './device-toleration.ts';

const encoder = new TextEncoder();
export const bytesOf = (text: string): number => encoder.encode(text).length;

const mostSelectors = 32;
const mostBindingConditions = 4;
const longestPoolName = 253;
const longestIdentifier = 32;
const longestParameters = 10 * 1024;
export const mostConfigurations = 32;
export const mostRequests = 32;

type ItemRule<T> = (item: T, path: string) => FieldError[];

/** Rules of a list's items, unless there are too many of them to look at. */
export function listErrors<T>(items: readonly T[] | undefined, path: string, most: number | undefined, rule: ItemRule<T>): FieldError[] {
  const list = items ?? [];
  if (most !== undefined && list.length > most) return [tooMany(path, list.length, most)];
  return list.flatMap((item, index) => rule(item, `${path}[${index}]`));
}

interface SetRules<T> {
  readonly most?: number;
  readonly rule: ItemRule<T>;
  keyOf(item: T): string;
  /** How a repeated item's key is printed; as text when absent. */
  shown?(item: T): unknown;
}

/** The same of a list in which nothing stands twice. */
export function setErrors<T>(items: readonly T[] | undefined, path: string, { most, rule, keyOf, shown }: SetRules<T>): FieldError[] {
  const list = items ?? [];
  if (most !== undefined && list.length > most) return [tooMany(path, list.length, most)];
  const seen = new Set<string>();
  const repeated = list.flatMap((item, index) => {
    const key = keyOf(item);
    const isRepeated = seen.has(key);
    seen.add(key);
    return isRepeated ? [duplicate(`${path}[${index}]`, shown === undefined ? key : shown(item))] : [];
  });
  return [...list.flatMap((item, index) => rule(item, `${path}[${index}]`)), ...repeated];
}

export const labelNameErrors = (name: string, path: string): FieldError[] => invalidAll(path, name, qualifiedNameErrors(name));
export const labelErrors = (name: string, path: string): FieldError[] => invalidAll(path, name, dns1123LabelErrors(name));

/** One or more names of nodes, between slashes. */
export function poolNameErrors(name: string, path: string): FieldError[] {
  if (name === '') return [required(path)];
  return [...(bytesOf(name) > longestPoolName ? [tooLong(path, longestPoolName)] : []), ...name.split('/').flatMap((part) => invalidAll(path, part, dns1123SubdomainErrors(part)))];
}

const identifierErrors = (name: string, path: string): FieldError[] => [...(bytesOf(name) > longestIdentifier ? [tooLong(path, longestIdentifier)] : []), ...invalidAll(path, name, cIdentifierErrors(name))];

/** `model` or `vendor.example/model`. Kubernetes: more than one slash is not looked at. */
export function attributeNameErrors(name: string, path: string): FieldError[] {
  const [first = '', second, ...more] = name.split('/');
  if (second === undefined) return identifierErrors(first, path);
  if (more.length > 0) return [];
  return [
    ...(first === '' ? [invalid(path, '', 'the domain must not be empty')] : driverNameErrors(first, path)),
    ...(second === '' ? [invalid(path, '', 'the name must not be empty')] : identifierErrors(second, path)),
  ];
}

export const fullAttributeNameErrors = (name: string, path: string): FieldError[] =>
  [...attributeNameErrors(name, path), ...(name.includes('/') ? [] : [invalid(path, name, 'a fully qualified name must be a domain and a name separated by a slash')])];

/** `isStored`: the selectors are those that were there before. */
export const selectorErrors = (selectors: readonly DeviceSelector[] | undefined, path: string, isStored = false): FieldError[] => listErrors(selectors, path, mostSelectors, ({ cel }, at) => {
  if (cel === undefined) return [required(`${at}.cel`)];
  return selectorExpressionErrors(cel.expression, `${at}.cel.expression`, isStored ? 'stored' : 'new');
});

/** `isStored`: it was there before, when such data could be longer. */
export function configurationErrors({ opaque }: DeviceConfiguration, path: string, isStored = false): FieldError[] {
  if (opaque === undefined) return [required(`${path}.opaque`)];
  return [...driverNameErrors(opaque.driver, `${path}.opaque.driver`), ...rawErrors(opaque.parameters, `${path}.opaque.parameters`, isStored ? undefined : longestParameters)];
}

/** Data that only a driver understands: any JSON object. */
export function rawErrors(value: unknown, path: string, most: number | undefined): FieldError[] {
  if (value === undefined || value === null) return [required(path)];
  if (most !== undefined && bytesOf(valueText(value)) > most) return [tooLong(path, most)];
  return typeof value === 'object' && !Array.isArray(value) ? [] : [invalid(path, '<value omitted>', 'must be a valid JSON object')];
}

export const taintEffects = ['NoExecute', 'NoSchedule', 'None'];
const operators = ['Equal', 'Exists'];

export function tolerationErrors({ key = '', operator, value = '', effect }: DeviceToleration, path: string): FieldError[] {
  const errors = key === '' ? [] : labelNameErrors(key, `${path}.key`);
  if (operator === 'Exists') append(errors, value === '' ? [] : [invalid(`${path}.value`, value, 'must be empty for operator `Exists`')]);
  else if (operator === 'Equal') append(errors, invalidAll(`${path}.value`, value, labelValueErrors(value)));
  else errors.push(operator === undefined || operator === '' ? required(`${path}.operator`) : notSupported(`${path}.operator`, operator, operators));
  return effect === undefined || effect as string === '' || taintEffects.includes(effect) ? errors : [...errors, notSupported(`${path}.effect`, effect, taintEffects)]; // clients may send any text
}

interface Binding {
  readonly bindingConditions?: readonly string[] | undefined;
  readonly bindingFailureConditions?: readonly string[] | undefined;
}

/** Conditions that a device is ready by, and those that say that it never will be: both or neither, and no condition twice. */
export function bindingErrors(bound: Binding, path: string): FieldError[] {
  const { bindingConditions: conditions = [], bindingFailureConditions: failures = [] } = bound;
  const [at, failuresAt] = [`${path}.bindingConditions`, `${path}.bindingFailureConditions`];
  const errors = [...listErrors(conditions, at, mostBindingConditions, labelNameErrors), ...listErrors(failures, failuresAt, mostBindingConditions, labelNameErrors)];
  conditions.forEach((condition, index) => { if (conditions.indexOf(condition) < index) errors.push(duplicate(`${at}[${index}]`, condition)); });
  failures.forEach((condition, index) => {
    if (failures.indexOf(condition) < index) errors.push(duplicate(`${failuresAt}[${index}]`, condition));
    if (conditions.includes(condition)) errors.push(invalid(`${failuresAt}[${index}]`, condition, 'bindingFailureConditions must not overlap with bindingConditions'));
  });
  if (conditions.length === 0 && failures.length > 0) errors.push(invalid(at, givenValue(bound, 'bindingConditions'), 'bindingConditions are required to use bindingFailureConditions'));
  if (failures.length === 0 && conditions.length > 0) errors.push(invalid(failuresAt, givenValue(bound, 'bindingFailureConditions'), 'bindingFailureConditions are required to use bindingConditions'));
  return errors;
}

const isHex = (text: string): boolean => /^[0-9a-fA-F]*$/.test(text);

/** Go's reader of UUIDs knows four forms; the API takes the plainest. */
export function uuidErrors(text: string, path: string): FieldError[] {
  const why = uuidProblem(text);
  if (why !== undefined) return [invalid(path, text, `error validating uid: ${why}`)];
  return text.length === 36 && text === text.toLowerCase() ? [] : [invalid(path, text, 'uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters')];
}

function uuidProblem(text: string): string | undefined {
  let plain = text;
  switch (bytesOf(text)) {
    case 32: return isHex(text) ? undefined : 'invalid UUID format';
    case 36: break;
    case 38:
      if (!text.startsWith('{') || !text.endsWith('}')) return 'invalid bracketed UUID format';
      plain = text.slice(1, -1);
      break;
    case 45:
      if (text.slice(0, 9).toLowerCase() !== 'urn:uuid:') return `invalid urn prefix: ${JSON.stringify(text.slice(0, 9))}`;
      plain = text.slice(9);
      break;
    default: return `invalid UUID length: ${bytesOf(text)}`;
  }
  return /^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/.test(plain) ? undefined : 'invalid UUID format';
}
