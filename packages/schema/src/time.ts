/** Times and durations in the API's text forms. Times are milliseconds since 1970, as `Clock.now()` gives them. */
import { DecodeError } from './decode-error.ts';

/** Go's layout of metav1.Time and MicroTime, as decoding errors quote it. */
const layouts = { time: '2006-01-02T15:04:05Z07:00', microTime: '2006-01-02T15:04:05.000000Z07:00' } as const;

interface Instant {
  readonly seconds: number;
  readonly nanoseconds: number;
}

const daysIn = (year: number, month: number): number => new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();

const range = { '2006': [0, 9999], '01': [1, 12], '02': [1, 31], '15': [0, 23], '04': [0, 59], '05': [0, 59] } as const;
const rangeNames = { '2006': 'year', '01': 'month', '02': 'day', '15': 'hour', '04': 'minute', '05': 'second' } as const;

/** Reads text as Go's time.Parse does; throws DecodeError with its words. */
function readTime(text: string, kind: 'time' | 'microTime'): Instant {
  const failed = (rest: string, element: string): DecodeError =>
    new DecodeError(`parsing time ${JSON.stringify(text)} as ${JSON.stringify(layouts[kind])}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(element)}`);
  const wrong = (what: string): DecodeError => new DecodeError(`parsing time ${JSON.stringify(text)}: ${what} out of range`);
  let rest = text;
  const numbers: number[] = [];
  for (const [element, separator] of [['2006', '-'], ['01', '-'], ['02', 'T'], ['15', ':'], ['04', ':'], ['05', '']] as const) {
    const digits = rest.slice(0, element.length);
    if (digits.length < element.length || !/^\d+$/.test(digits)) throw failed(rest, element);
    const value = Number(digits);
    const [least, most] = range[element];
    if (element !== '02' && (value < least || value > most)) throw wrong(rangeNames[element]);
    numbers.push(value);
    rest = rest.slice(element.length);
    if (separator === '') continue;
    if (!rest.startsWith(separator)) throw failed(rest, separator);
    rest = rest.slice(1);
  }
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = numbers;
  let nanoseconds = 0;
  const fraction = kind === 'time' ? /^[.,]\d+/.exec(rest)?.[0] : /^[.]\d{6}/.exec(rest)?.[0];
  if (fraction !== undefined) {
    nanoseconds = Number(fraction.slice(1, 10).padEnd(9, '0'));
    rest = rest.slice(fraction.length);
  } else if (kind === 'microTime') throw failed(rest, '.000000');
  const zone = /^(?:Z|([+-])(\d\d):(\d\d))/.exec(rest);
  if (zone === null) throw failed(rest, 'Z07:00');
  if (rest.length > zone[0].length) throw new DecodeError(`parsing time ${JSON.stringify(text)}: extra text: ${JSON.stringify(rest.slice(zone[0].length))}`);
  if (day < 1 || day > daysIn(year, month)) throw wrong('day');
  const offset = zone[0] === 'Z' ? 0 : (zone[1] === '-' ? -60 : 60) * (Number(zone[2]) * 60 + Number(zone[3]));
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  return { seconds: date.getTime() / 1000 - offset, nanoseconds };
}

/** The zero time of Go, 0001-01-01T00:00:00Z: it means "absent". */
const zeroSeconds = -62135596800;

const secondsText = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 19);

/** Text of metav1.Time or MicroTime in its one written form (UTC, whole seconds or six digits); '' for Go's zero time. Throws DecodeError. */
export function normalizeTime(text: string, kind: 'time' | 'microTime'): string {
  const { seconds, nanoseconds } = readTime(text, kind);
  return instantText(seconds, nanoseconds, kind);
}

/** The text of an instant; '' for Go's zero time. */
export function instantText(seconds: number, nanoseconds: number, kind: 'time' | 'microTime'): string {
  if (seconds === zeroSeconds && nanoseconds === 0) return '';
  if (kind === 'time') return `${secondsText(seconds)}Z`;
  return `${secondsText(seconds)}.${String(Math.floor(nanoseconds / 1000)).padStart(6, '0')}Z`;
}

/** Seconds and nanoseconds of text in its written form. */
export function instantOf(text: string): Instant {
  const fraction = text.length > 20 ? Number(text.slice(20, -1).padEnd(9, '0')) : 0;
  return { seconds: Math.floor(Date.parse(text) / 1000), nanoseconds: fraction };
}

/** Milliseconds since 1970 of RFC 3339 text; undefined when it is absent or is none. */
export function parseTime(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const value = Date.parse(text);
  return Number.isNaN(value) ? undefined : value;
}

/** metav1.Time: whole seconds. */
export const formatTime = (timeMs: number): string => `${secondsText(Math.floor(timeMs / 1000))}Z`;

/** metav1.MicroTime: six digits of fraction. */
export const formatMicroTime = (timeMs: number): string =>
  instantText(Math.floor(timeMs / 1000), Math.round((timeMs - Math.floor(timeMs / 1000) * 1000) * 1000) * 1000, 'microTime');

const unitNanoseconds: Readonly<Record<string, bigint>> = { ns: 1n, us: 1000n, 'µs': 1000n, 'μs': 1000n, ms: 1_000_000n, s: 1_000_000_000n, m: 60_000_000_000n, h: 3_600_000_000_000n };

/** Nanoseconds of Go's duration text ("1h0m0.5s"). Throws DecodeError with Go's words. */
export function durationNanoseconds(text: string): bigint {
  const invalid = (): DecodeError => new DecodeError(`time: invalid duration ${JSON.stringify(text)}`);
  let rest = text;
  const isNegative = rest.startsWith('-');
  if (isNegative || rest.startsWith('+')) rest = rest.slice(1);
  if (rest === '0') return 0n;
  if (rest === '') throw invalid();
  let total = 0n;
  while (rest !== '') {
    const part = /^(\d*)(?:\.(\d*))?([^\d.]*)/.exec(rest);
    const [all = '', whole = '', fraction = '', unit = ''] = part ?? [];
    if (whole === '' && fraction === '') throw invalid();
    if (unit === '') throw new DecodeError(`time: missing unit in duration ${JSON.stringify(text)}`);
    const scale = unitNanoseconds[unit];
    if (scale === undefined) throw new DecodeError(`time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`);
    total += BigInt(whole === '' ? 0 : whole) * scale;
    if (fraction !== '') total += (BigInt(fraction) * scale) / 10n ** BigInt(fraction.length);
    rest = rest.slice(all.length);
  }
  if (total > 2n ** 63n - 1n) throw invalid();
  return isNegative ? -total : total;
}

/** Go's text of a duration in nanoseconds. */
export function durationText(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s';
  const sign = nanoseconds < 0n ? '-' : '';
  const value = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const decimal = (unit: bigint): string => {
    const fraction = (value % unit).toString().padStart(unit.toString().length - 1, '0').replace(/0+$/, '');
    return `${value / unit}${fraction === '' ? '' : `.${fraction}`}`;
  };
  if (value < 1000n) return `${sign}${value}ns`;
  if (value < 1_000_000n) return `${sign}${decimal(1000n)}µs`;
  if (value < 1_000_000_000n) return `${sign}${decimal(1_000_000n)}ms`;
  const minutes = value / 60_000_000_000n;
  const seconds = value % 60_000_000_000n;
  const fraction = (seconds % 1_000_000_000n).toString().padStart(9, '0').replace(/0+$/, '');
  const secondsPart = `${seconds / 1_000_000_000n}${fraction === '' ? '' : `.${fraction}`}s`;
  if (minutes === 0n) return `${sign}${secondsPart}`;
  const hours = minutes / 60n;
  return hours === 0n ? `${sign}${minutes}m${secondsPart}` : `${sign}${hours}h${minutes % 60n}m${secondsPart}`;
}

/** Milliseconds of Go's duration text. */
export const parseDuration = (text: string): number => Number(durationNanoseconds(text)) / 1e6;

/** Go's duration text of milliseconds. */
export const formatDuration = (durationMs: number): string => durationText(BigInt(Math.round(durationMs * 1e6)));

/** How old something is, in the short form of kubectl's AGE: "5s", "3m20s", "4h", "12d", "2y30d". */
export function humanDuration(durationMs: number): string {
  const seconds = Math.trunc(durationMs / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  const both = (large: number, largeUnit: string, small: number, smallUnit: string): string => (small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`);
  if (minutes < 10) return both(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(seconds / 3600);
  if (hours < 8) return both(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 192) return both(days, 'd', hours % 24, 'h');
  if (hours < 24 * 365 * 2) return `${days}d`;
  const years = Math.floor(hours / 24 / 365);
  if (hours < 24 * 365 * 8) return both(years, 'y', days % 365, 'd');
  return `${years}y`;
}
