/** Equality by what values mean: amounts that are written differently are the same. */
import { isDeepEqual } from './deep-equal.ts';
import type { Field, MessageType } from './field.ts';
import { planOf } from './plan.ts';
import { compareQuantities } from './quantity.ts';

/** Whether two decoded objects of a type mean the same: upstream's semantic equality. */
export function isSemanticallyEqual<T>(type: MessageType<T>, left: T | undefined, right: T | undefined): boolean {
  if (isDeepEqual(left, right)) return true;
  if (left === undefined || right === undefined || left === null || right === null) return false;
  // A list of messages may stand in a message's place, or a scalar.
  if (Array.isArray(left)) return Array.isArray(right) && left.length === right.length && left.every((item, index) => isSemanticallyEqual(type, item as T, right[index] as T)); // items of the type
  if (Array.isArray(right)) return false;
  if (typeof left !== 'object' || typeof right !== 'object') return false;
  const [a, b] = [left, right] as readonly Readonly<Record<string, unknown>>[]; // plain objects of the type
  return planOf(type).fields.every(({ name, field }) => isSameField(field, a?.[name], b?.[name]));
}

function isSameField(field: Field<unknown, boolean>, left: unknown, right: unknown): boolean {
  if (isDeepEqual(left, right) || (isNothing(field, left) && isNothing(field, right))) return true;
  if (left === undefined || right === undefined || left === null || right === null) return false;
  if (field.kind === 'list') {
    const [a, b] = [left, right] as [readonly unknown[], readonly unknown[]]; // lists by their kind
    return a.length === b.length && a.every((item, index) => isSameItem(field, item, b[index]));
  }
  if (field.kind === 'map') {
    const [a, b] = [left, right] as [Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>]; // maps by their kind
    const names = Object.keys(a);
    return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && isSameItem(field, a[name], b[name]));
  }
  return isSameItem(field, left, right);
}

/** Absent, or as good as absent: an empty list or map, or the zero value of what does not tell zero from absence. */
function isNothing({ kind, options }: Field<unknown, boolean>, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (kind === 'list' || kind === 'map') return Object.keys(value).length === 0;
  return kind === 'scalar' && options.presence !== 'explicit' && (value === '' || value === 0 || value === false);
}

function isSameItem({ of }: Field<unknown, boolean>, left: unknown, right: unknown): boolean {
  if (typeof of !== 'string') return isSemanticallyEqual(of, left, right);
  return of === 'quantity' ? compareQuantities(String(left), String(right)) === 0 : isDeepEqual(left, right);
}
