/** A value in one line for tables of tests. */
import { doubleText } from '@kaji/base';
import { goQuoted } from '@kaji/schema';
import { convertValue } from '../evaluation/value-conversions.ts';
import { valueText } from '../evaluation/value-text.ts';
import { Duration, isMap, ListValue, Optional, Timestamp, typeNameOf, TypeValue, Uint, type Value } from '../evaluation/value.ts';

export function describeValue(value: Value): string {
  switch (typeof value) {
    case 'string': return goQuoted(value);
    case 'number': return `d${doubleText(value)}`;
    case 'bigint': case 'boolean': return String(value);
    default: break;
  }
  if (value === null) return 'null';
  if (value instanceof Uint8Array) return `b${value.toHex()}`;
  if (value instanceof Uint) return `${value.value}u`;
  if (value instanceof Duration) return `dur(${value.nanoseconds})`;
  if (value instanceof Timestamp) return `ts(${valueText(convertValue(value, 'string'))})`;
  if (value instanceof TypeValue) return `type(${value.name})`;
  if (value instanceof Optional) return value.value === undefined ? 'opt()' : `opt(${describeValue(value.value)})`;
  if (value instanceof ListValue) return `[${value.values().map(describeValue).join(',')}]`;
  return isMap(value) ? `{${value.keys().map((key) => `${describeValue(key)}:${describeValue(value.find(key) ?? null)}`).sort().join(',')}}` : typeNameOf(value);
}
