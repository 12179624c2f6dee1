/** Conversions between the simple types (`int("1")`), as the language defines them and with the messages of their failures. */
import { doubleText } from '@kaji/base';
import type { Literal } from './expression.ts';

/** A value that is known before an expression runs. Of lists and maps nothing but that is kept: no conversion looks into them. */
export type Constant =
  | Literal
  | { readonly type: 'timestamp'; readonly seconds: bigint; readonly nanoseconds: number; readonly offsetMinutes: number }
  | { readonly type: 'duration'; readonly nanoseconds: bigint }
  | { readonly type: 'type'; readonly name: string }
  | { readonly type: 'list' | 'map' };

/** Why a conversion is impossible. */
export interface Failure { readonly failure: string }
export const failed = (failure: string): Failure => ({ failure });

const typeNames: Readonly<Record<string, string>> = { null: 'null_type', timestamp: 'google.protobuf.Timestamp', duration: 'google.protobuf.Duration' };

/** How the type of a value calls itself when an expression runs. */
export const runtimeName = ({ type }: Constant): string => typeNames[type] ?? type;

type Target = 'bool' | 'bytes' | 'double' | 'duration' | 'int' | 'string' | 'timestamp' | 'uint';

/** The value as another type. Which types may become which at all, the overloads say. */
export function convert(value: Constant, target: Target): Constant | Failure {
  if (value.type === target) return value;
  switch (target) {
    case 'bool': return value.type === 'string' ? orFailed(readBool(value.value), target) : wrong(value, target);
    case 'bytes': return value.type === 'string' ? { type: 'bytes', value: new TextEncoder().encode(value.value) } : wrong(value, target);
    case 'double': return toDouble(value);
    case 'duration': return toDuration(value);
    case 'int': return toInt(value);
    case 'string': return toText(value);
    case 'timestamp': return toTimestamp(value);
    case 'uint': return toUint(value);
  }
}

const wrong = (value: Constant, target: string): Failure => failed(`type conversion error from '${runtimeName(value)}' to '${typeNames[target] ?? target}'`);
const orFailed = (value: Constant | undefined, target: string): Constant | Failure => value ?? wrong({ type: 'string', value: '' }, target);

const mostInt = 2n ** 63n - 1n;
const leastInt = -(2n ** 63n);
const mostUint = 2n ** 64n - 1n;
export const intOverflow = failed('integer overflow');
export const uintOverflow = failed('unsigned integer overflow');

function readBool(text: string): Constant | undefined {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return { type: 'bool', value: true };
  return ['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text) ? { type: 'bool', value: false } : undefined;
}

function toInt(value: Constant): Constant | Failure {
  switch (value.type) {
    case 'double': return Number.isFinite(value.value) && value.value > -(2 ** 63) && value.value < 2 ** 63 ? { type: 'int', value: BigInt(Math.trunc(value.value)) } : intOverflow;
    case 'uint': return value.value <= mostInt ? { type: 'int', value: value.value } : intOverflow;
    case 'duration': return { type: 'int', value: value.nanoseconds };
    case 'timestamp': return { type: 'int', value: value.seconds };
    case 'string': {
      const number = /^[+-]?\d+$/.test(value.value) ? BigInt(value.value.replace('+', '')) : undefined;
      return number === undefined || number > mostInt || number < leastInt ? wrong(value, 'int') : { type: 'int', value: number };
    }
    default: return wrong(value, 'int');
  }
}

function toUint(value: Constant): Constant | Failure {
  switch (value.type) {
    case 'double': return Number.isFinite(value.value) && value.value >= 0 && value.value < 2 ** 64 ? { type: 'uint', value: BigInt(Math.trunc(value.value)) } : uintOverflow;
    case 'int': return value.value >= 0n ? { type: 'uint', value: value.value } : uintOverflow;
    case 'string': {
      const number = /^\d+$/.test(value.value) ? BigInt(value.value) : undefined;
      return number === undefined || number > mostUint ? wrong(value, 'uint') : { type: 'uint', value: number };
    }
    default: return wrong(value, 'uint');
  }
}

function toDouble(value: Constant): Constant | Failure {
  switch (value.type) {
    case 'int': case 'uint': return { type: 'double', value: Number(value.value) };
    case 'string': {
      const number = readDouble(value.value);
      return number === undefined ? wrong(value, 'double') : { type: 'double', value: number };
    }
    default: return wrong(value, 'double');
  }
}

/** A number as Go's ParseFloat reads it; too large a number is none. */
export function readDouble(text: string): number | undefined {
  const word = /^([+-]?)(inf|infinity|nan)$/i.exec(text);
  if (word !== null) {
    if (word[2]?.toLowerCase() === 'nan') return word[1] === '' ? Number.NaN : undefined;
    return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  const hexadecimal = /^([+-]?)0x([\da-f]*)\.?([\da-f]*)p([+-]?\d+)$/i.exec(text);
  if (hexadecimal !== null) return readHexadecimal(hexadecimal[1] ?? '', hexadecimal[2] ?? '', hexadecimal[3] ?? '', hexadecimal[4] ?? '');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

function readHexadecimal(sign: string, whole: string, fraction: string, exponent: string): number | undefined {
  if (whole + fraction === '') return undefined;
  const number = Number.parseInt(whole + fraction, 16) * 2 ** (Number(exponent) - 4 * fraction.length);
  if (!Number.isFinite(number)) return undefined;
  return sign === '-' ? -number : number;
}

function toText(value: Constant): Constant | Failure {
  const text = textOf(value);
  if (text !== undefined) return { type: 'string', value: text };
  return value.type === 'bytes' ? failed('invalid UTF-8 in bytes, cannot convert to string') : wrong(value, 'string');
}

function textOf(value: Constant): string | undefined {
  switch (value.type) {
    case 'bool': case 'int': case 'uint': return String(value.value);
    case 'double': return doubleText(value.value);
    case 'string': return value.value;
    case 'null': return 'null';
    case 'type': return value.name;
    case 'duration': return `${plainText(Number(value.nanoseconds / 1_000_000_000n) + Number(value.nanoseconds % 1_000_000_000n) / 1e9)}s`;
    case 'timestamp': return timestampText(value);
    case 'bytes': {
      try {
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value.value);
      } catch (error) {
        if (error instanceof TypeError) return undefined; // not UTF-8: the caller says so
        throw error;
      }
    }
    default: return undefined;
  }
}

/** RFC 3339, by the clock of the offset that it was written with. */
function timestampText({ seconds, nanoseconds, offsetMinutes }: Instant): string {
  const local = new Date((Number(seconds) + offsetMinutes * 60) * 1000).toISOString().slice(0, 19);
  const fraction = nanoseconds === 0 ? '' : `.${String(nanoseconds).padStart(9, '0').replace(/0+$/, '')}`;
  const offset = Math.abs(offsetMinutes);
  const zone = offset === 0 ? 'Z' : `${offsetMinutes < 0 ? '-' : '+'}${String(Math.trunc(offset / 60)).padStart(2, '0')}:${String(offset % 60).padStart(2, '0')}`;
  return `${local}${fraction}${zone}`;
}

/** A number without an exponent. */
function plainText(number: number): string {
  const text = String(number);
  return text.includes('e') ? number.toFixed(9).replace(/\.?0+$/, '') : text;
}

/** Kubernetes: there is an overload that takes a number, but no number that it takes. */
function toDuration(value: Constant): Constant | Failure {
  if (value.type !== 'string') return wrong(value, 'duration');
  const nanoseconds = readDuration(value.value);
  return nanoseconds === undefined ? wrong(value, 'duration') : { type: 'duration', nanoseconds };
}

const units: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n], ['us', 1000n], ['\u00b5s', 1000n], ['\u03bcs', 1000n], ['ms', 1_000_000n], ['s', 1_000_000_000n], ['m', 60_000_000_000n], ['h', 3_600_000_000_000n],
]);

/** `1h30m`, as Go reads it: nanoseconds, or undefined of what is no duration or too long a one. */
export function readDuration(text: string): bigint | undefined {
  const [, sign = '', rest = ''] = /^([+-]?)([^]*)$/.exec(text) ?? [];
  if (rest === '0') return 0n;
  if (rest === '') return undefined;
  let total = 0n;
  const part = /(\d*)(\.(\d*))?([^\d.]+)/y;
  while (part.lastIndex < rest.length) {
    const match = part.exec(rest);
    if (match === null) return undefined;
    const [, whole = '', , fraction = '', unitName = ''] = match;
    const unit = units.get(unitName);
    if (unit === undefined || whole + fraction === '') return undefined;
    total += BigInt(whole === '' ? 0 : whole) * unit + (fraction === '' ? 0n : BigInt(fraction) * unit / 10n ** BigInt(fraction.length));
    if (total > 2n ** 63n) return undefined;
  }
  if (sign === '-') return -total;
  return total > mostInt ? undefined : total;
}

const earliest = -62_135_596_800n;
const latest = 253_402_300_799n;
const timestampOverflow = failed('timestamp overflow');

function toTimestamp(value: Constant): Constant | Failure {
  if (value.type === 'int') return value.value < earliest || value.value > latest ? timestampOverflow : { type: 'timestamp', seconds: value.value, nanoseconds: 0, offsetMinutes: 0 };
  if (value.type !== 'string') return wrong(value, 'timestamp');
  const read = readTimestamp(value.value);
  if (read === undefined) return wrong(value, 'timestamp');
  return read.seconds < earliest || read.seconds > latest ? timestampOverflow : { type: 'timestamp', ...read };
}

/** A point in time, and by how much the clock that told it is ahead of UTC. */
export interface Instant {
  readonly seconds: bigint;
  readonly nanoseconds: number;
  readonly offsetMinutes: number;
}

/** RFC 3339 as Go's time package reads it: no leap seconds, an hour of one digit or two, offsets up to 24:60, any number of digits after the point. */
export function readTimestamp(text: string): Instant | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{1,2}):(\d{2}):(\d{2})([.,]\d+)?(Z|([+-])(\d{2}):(\d{2}))$/.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  if (year === undefined || month === undefined || day === undefined || hour === undefined || minute === undefined || second === undefined) return undefined;
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59) return undefined;
  const [offsetHours, offsetMinutes] = [Number(match[10] ?? 0), Number(match[11] ?? 0)];
  if (offsetHours > 24 || offsetMinutes > 60) return undefined;
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, day);
  local.setUTCHours(hour, minute, second);
  const offset = (offsetHours * 60 + offsetMinutes) * (match[9] === '-' ? -1 : 1);
  return { seconds: BigInt(local.getTime() / 1000 - offset * 60), offsetMinutes: offset, nanoseconds: Number((match[7] ?? '').slice(1, 10).padEnd(9, '0')) };
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
