/** What can be wrong with a field, in upstream's words. Rules return lists of these. */
import { append } from '@kaji/base';
import { goForm, goQuoted, goText, isDeepEqual, isSemanticallyEqual, type MessageType, valueText } from '@kaji/schema';
import type { FieldError } from './resource.ts';

const detailed = (text: string, why: string): string => (why === '' ? text : `${text}: ${why}`);
const valueOf = (value: unknown): string => (typeof value === 'string' ? goQuoted(value) : typeof value === 'number' ? goText(value) : valueText(value ?? null));

export const required = (field: string, why = ''): FieldError => ({ field, reason: 'FieldValueRequired', message: detailed('Required value', why) });
export const invalid = (field: string, value: unknown, why: string): FieldError => ({ field, reason: 'FieldValueInvalid', message: detailed(`Invalid value: ${valueOf(value)}`, why) });
export const forbidden = (field: string, why: string): FieldError => ({ field, reason: 'FieldValueForbidden', message: detailed('Forbidden', why) });
export const duplicate = (field: string, value: unknown): FieldError => ({ field, reason: 'FieldValueDuplicate', message: `Duplicate value: ${valueOf(value)}` });
export const notFoundField = (field: string, value: unknown, why = ''): FieldError => ({ field, reason: 'FieldValueNotFound', message: detailed(`Not found: ${valueOf(value)}`, why) });
export const tooLong = (field: string, mostBytes: number): FieldError => ({ field, reason: 'FieldValueTooLong', message: `Too long: ${mostBytes < 0 ? 'value is too long' : `may not be more than ${mostBytes} byte${mostBytes === 1 ? '' : 's'}`}` });
export const tooMany = (field: string, count: number, most: number): FieldError => ({ field, reason: 'FieldValueTooMany', message: `Too many: ${count}: ${most < 0 ? 'has too many items' : `must have at most ${most} item${most === 1 ? '' : 's'}`}` });
export const notSupported = (field: string, value: unknown, supported: readonly string[]): FieldError =>
  ({ field, reason: 'FieldValueNotSupported', message: detailed(`Unsupported value: ${valueOf(value)}`, `supported values: ${supported.map(goQuoted).join(', ')}`) });

export const internalError = (field: string, why: string): FieldError => ({ field, reason: 'InternalError', message: `Internal error: ${why}` });

/** Nobody is told of more errors, nor of more text. */
const errorLimits = { count: 5000, length: 4 * 1024 * 1024 } as const;

/** What is wrong with items, one after the other, until there is enough to be told: no answer names all of a hundred thousand mistakes. */
export function errorsOf<T>(items: Iterable<T>, rule: (item: T, index: number) => readonly FieldError[]): FieldError[] {
  const errors: FieldError[] = [];
  let length = 0;
  let index = 0;
  for (const item of items) {
    const own = rule(item, index++);
    if (own.length === 0) continue;
    append(errors, own);
    for (const { message } of own) length += message.length;
    if (errors.length >= errorLimits.count || length >= errorLimits.length) break;
  }
  return errors;
}

/** One error a message. */
export const invalidAll = (field: string, value: unknown, messages: readonly string[]): FieldError[] => messages.map((message) => invalid(field, value, message));

/** A field that no update changes. */
export const immutable = (field: string, value: unknown, old: unknown): FieldError[] => (isDeepEqual(value, old) ? [] : [invalid(field, value ?? null, 'field is immutable')]);

/** An object that no update changes, shown as Go prints it. */
export const immutableObject = <T>(field: string, type: MessageType<T>, value: T | undefined, old: T | undefined): FieldError[] =>
  (isSemanticallyEqual(type, value, old) ? [] : [invalid(field, value === undefined ? null : goForm(type, value), 'field is immutable')]);

export const nonNegative = (field: string, value: number | undefined): FieldError[] => ((value ?? 0) < 0 ? [invalid(field, value, 'must be greater than or equal to 0')] : []);

export const oneOfValues = (field: string, value: string | undefined, supported: readonly string[]): FieldError[] =>
  (value === undefined || value === '' ? [required(field)] : supported.includes(value) ? [] : [notSupported(field, value, supported)]);
