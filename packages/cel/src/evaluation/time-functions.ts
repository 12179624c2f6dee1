/** Parts of timestamps, in a time zone, and of durations. */
import { goQuoted } from '@kaji/schema';
import type { Implementation } from './functions.ts';
import { Duration, Failure, noSuchOverload, Timestamp, type Value } from './value.ts';

const million = 1_000_000n;

/** The part of a timestamp that a date of UTC tells, shifted to the zone first. */
const part = (read: (date: Date, nanoseconds: bigint) => number): Implementation => ([value, zone]) => {
  if (!(value instanceof Timestamp)) return noSuchOverload;
  const fraction = ((value.nanoseconds % million) + million) % million;
  const date = new Date(Number((value.nanoseconds - fraction) / million));
  const shift = zone === undefined ? 0 : typeof zone === 'string' ? zoneShift(zone, date) : noSuchOverload;
  return shift instanceof Failure ? shift : BigInt(read(new Date(date.getTime() + shift), value.nanoseconds));
};

function offsetOf(hours: string, minutes: string): number | Failure {
  const wrong = [hours, minutes].find((digits) => !/^[+-]?\d+$/.test(digits));
  if (wrong !== undefined) return new Failure(`strconv.Atoi: parsing ${goQuoted(wrong)}: invalid syntax`);
  return (Number(hours) * 60 + (hours.startsWith('-') ? -1 : 1) * Number(minutes)) * 60_000;
}

/** How far a zone's clocks are ahead of UTC at a time, in milliseconds. */
function zoneShift(zone: string, at: Date): number | Failure {
  const colon = zone.indexOf(':');
  if (colon >= 0) return offsetOf(zone.slice(0, colon), zone.slice(colon + 1));
  if (zone === '' || zone === 'UTC' || zone === 'Local') return 0;
  if (zone.includes('..') || /^[/\\]/.test(zone)) return new Failure('time: invalid location name');
  // By any case there, by one here.
  if (!/[A-Z]/.test(zone)) return new Failure(`unknown time zone ${zone}`);
  try {
    const parts = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' }).formatToParts(at);
    const of = (type: string): number => Number(parts.find((each) => each.type === type)?.value ?? 0);
    return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) - Math.floor(at.getTime() / 1000) * 1000;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return new Failure(`unknown time zone ${zone}`);
  }
}

/** A duration in a unit, cut; of a timestamp the part. */
const either = (nanoseconds: bigint, ofTimestamp: Implementation): Implementation => (args, overload) => {
  const [value] = args;
  return value instanceof Duration ? value.nanoseconds / nanoseconds : ofTimestamp(args, overload);
};

const milliseconds: Implementation = (args, overload): Value => {
  const [value] = args;
  return value instanceof Duration ? value.nanoseconds / million : part((date) => date.getUTCMilliseconds())(args, overload);
};

const dayOfYear = (date: Date): number => Math.floor((Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000);

export const timeFunctions: readonly (readonly [string, Implementation])[] = [
  ['getFullYear', part((date) => date.getUTCFullYear())], ['getMonth', part((date) => date.getUTCMonth())], ['getDayOfYear', part(dayOfYear)], ['getDayOfMonth', part((date) => date.getUTCDate() - 1)],
  ['getDate', part((date) => date.getUTCDate())], ['getDayOfWeek', part((date) => date.getUTCDay())],
  ['getHours', either(3_600_000_000_000n, part((date) => date.getUTCHours()))], ['getMinutes', either(60_000_000_000n, part((date) => date.getUTCMinutes()))],
  ['getSeconds', either(1_000_000_000n, part((date) => date.getUTCSeconds()))], ['getMilliseconds', milliseconds],
];
