/** What can be wrong with a value that a schema describes. */
import { goQuoted, type JsonValue } from '@kaji/schema';
import { invalid } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';

/** Go has whole numbers that 64 bits do not hold as doubles. */
export const isTooLong = (value: JsonValue): value is bigint => typeof value === 'bigint' && BigInt.asIntN(64, value) !== value;

/** A value as Go prints it: the fields of objects by name. */
export function shownValue(value: JsonValue): JsonValue {
  if (isTooLong(value)) return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: JsonValue) => shownValue(item));
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)).map(([name, item]): [string, JsonValue] => [name, shownValue(item)]));
}

/** Something wrong with a value: its own words, and the error that they become for the field. */
export interface Mistake {
  readonly text: string;
  /** Where, from the value that is checked: `spec.names[0]`; Kubernetes: with a point before what is missing at the root. */
  readonly name: string;
  error(path: string): FieldError;
}

export const mistake = (name: string, text: string, error: Mistake['error']): Mistake => ({ name, text, error });
/** Of which only the words are kept, without a value. Kubernetes: nor is the place, but in the words. */
export const bareMistake = (text: string): Mistake => mistake('', text, (path) => invalid(path, '', text));
export const invalidMistake = (name: string, text: string, value: unknown): Mistake => mistake(name, text, (path) => invalid(path, value, text));

export function wrongType(name: string, type: string, given: string): Mistake {
  const text = `${name} in body must be of type ${type}: ${goQuoted(given)}`;
  return mistake(name, text, (path) => ({ ...invalid(path, given, text), reason: 'FieldValueTypeInvalid' }));
}
