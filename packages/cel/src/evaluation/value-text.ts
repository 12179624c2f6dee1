/** Values as complaints show them: by Go's `%v`. */
import { doubleText } from '@kaji/base';
import { Duration, isAdded, isMap, ListValue, Timestamp, typeNameOf, TypeValue, Uint, type Value } from './value.ts';
import { convertValue } from './value-conversions.ts';

export function valueText(value: Value): string {
  switch (typeof value) {
    case 'string': return value;
    case 'number': return doubleText(value);
    case 'bigint': case 'boolean': return String(value);
    default: break;
  }
  if (value === null) return '0'; // upstream's null is a number
  if (value instanceof Uint) return String(value.value);
  if (value instanceof TypeValue) return value.name;
  if (value instanceof Uint8Array) return `[${value.join(' ')}]`;
  if (value instanceof ListValue) return `[${value.values().map(valueText).join(', ')}]`;
  if (isMap(value)) return `{${value.keys().map((key) => `${valueText(key)}: ${valueText(value.find(key) ?? null)}`).join(', ')}}`;
  if (value instanceof Timestamp) return timeText(convertValue(value, 'string'));
  if (isAdded(value) && value.hash !== undefined) return value.hash;
  return value instanceof Duration ? durationText(value.nanoseconds) : typeNameOf(value);
}

function timeText(text: Value): string {
  const [, time = '', zone = ''] = /^(.*?)(Z|[+-]\d\d:\d\d)$/.exec(typeof text === 'string' ? text.replace('T', ' ') : '') ?? [];
  return `${time} ${zone === 'Z' ? '+0000 UTC' : `${zone.replace(':', '')} ${zone.replace(':', '')}`}`;
}

/** `1h30m0.5s`. */
export function durationText(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s';
  const sign = nanoseconds < 0n ? '-' : '';
  const amount = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const decimal = (unit: bigint): string => {
    const fraction = (amount % unit).toString().padStart(unit.toString().length - 1, '0').replace(/0+$/, '');
    return `${amount / unit}${fraction === '' ? '' : `.${fraction}`}`;
  };
  if (amount < 1000n) return `${sign}${amount}ns`;
  if (amount < 1_000_000n) return `${sign}${decimal(1000n)}µs`;
  if (amount < 1_000_000_000n) return `${sign}${decimal(1_000_000n)}ms`;
  const minutes = amount / 60_000_000_000n;
  const seconds = Number(amount % 60_000_000_000n) / 1e9;
  return `${sign}${minutes >= 60n ? `${minutes / 60n}h` : ''}${minutes > 0n ? `${minutes % 60n}m` : ''}${seconds}s`;
}
