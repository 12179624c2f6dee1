/** Schedules of CronJobs: five fields or a descriptor, by the rules of the parser upstream uses. */
import { DecodeError, parseDuration } from '@kaji/schema';

interface Bounds {
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const fieldBounds: readonly Bounds[] = [{ least: 0, most: 59 }, { least: 0, most: 23 }, { least: 1, most: 31 }, { least: 1, most: 12, names: monthNames }, { least: 0, most: 6, names: weekdayNames }];
const descriptors: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *', '@annually': '0 0 1 1 *', '@monthly': '0 0 1 * *', '@weekly': '0 0 * * 0', '@daily': '0 0 * * *', '@midnight': '0 0 * * *', '@hourly': '0 * * * *',
};

/** When something is due: each field with the values it has, in order. */
export interface Schedule {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly number[];
  readonly months: readonly number[];
  readonly weekdays: readonly number[];
  /** One of the two kinds of days is left open: both must fit then, otherwise one of them. */
  readonly isAnyDayOpen: boolean;
  /** Of the schedule itself; undefined for wherever it is read. */
  readonly timeZone: string | undefined;
}

/** Due again and again after so many ms, counted from the last time. */
export interface Interval {
  readonly everyMs: number;
}

/** A schedule as it is meant, or in words what is wrong with it. */
export function parseSchedule(text: string): Schedule | Interval | string {
  if (text === '') return 'empty spec string';
  const zoned = /^(?:CRON_)?TZ=(\S*) (.*)$/s.exec(text);
  if (zoned === null && /^(?:CRON_)?TZ=/.test(text)) return 'invalid schedule format';
  if (zoned !== null && !isTimeZone(zoned[1] ?? '')) return `provided bad location ${zoned[1] ?? ''}: unknown time zone ${zoned[1] ?? ''}`;
  const schedule = (zoned?.[2] ?? text).trim();
  if (schedule.startsWith('@every ')) return intervalOf(schedule);
  const described = schedule.startsWith('@') ? descriptors[schedule] : schedule;
  if (described === undefined) return `unrecognized descriptor: ${schedule}`;
  const fields = described.split(/\s+/).filter((field) => field !== '');
  if (fields.length !== fieldBounds.length) return `expected exactly ${fieldBounds.length} fields, found ${fields.length}: [${fields.join(' ')}]`;
  const read: (readonly number[])[] = [];
  for (const [index, bounds] of fieldBounds.entries()) {
    const values = new Set<number>();
    for (const range of (fields[index] ?? '').split(',')) {
      const found = range === '' ? [] : valuesOf(range, bounds);
      if (typeof found === 'string') return found;
      for (const value of found) values.add(value);
    }
    read.push([...values].sort((first, second) => first - second));
  }
  const [minutes = [], hours = [], days = [], months = [], weekdays = []] = read;
  return { minutes, hours, days, months, weekdays, isAnyDayOpen: [fields[2], fields[4]].some((field) => /^[*?]/.test(field ?? '')), timeZone: zoned?.[1] };
}

/** What is wrong with a schedule, or nothing. */
export function scheduleError(text: string): string | undefined {
  const parsed = parseSchedule(text);
  return typeof parsed === 'string' ? parsed : undefined;
}

function intervalOf(text: string): Interval | string {
  try {
    // Kubernetes: whole seconds, one at least.
    return { everyMs: Math.max(1000, Math.floor(parseDuration(text.slice('@every '.length)) / 1000) * 1000) };
  } catch (error) {
    if (error instanceof DecodeError) return `failed to parse duration ${text}: ${error.message}`;
    throw error;
  }
}

/** A number, or in words what is wrong with it. */
function numberOf(text: string, names: readonly string[] = [], firstNamed = 0): number | string {
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return named + firstNamed;
  if (!/^[-+]?\d+$/.test(text)) return `failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
  const value = Number(text);
  return value < 0 ? `negative number (${value}) not allowed: ${text}` : value;
}

/** The values of a range, or in words what is wrong with it. */
function valuesOf(text: string, { least, most, names }: Bounds): readonly number[] | string {
  const [range = '', stepText, ...moreSteps] = text.split('/');
  const [low = '', high, ...moreHyphens] = range.split('-');
  const isAll = low === '*' || low === '?';
  const start = isAll ? least : numberOf(low, names, least);
  if (typeof start === 'string') return start;
  if (!isAll && moreHyphens.length > 0) return `too many hyphens: ${text}`;
  const end = isAll ? most : high === undefined ? (stepText === undefined ? start : most) : numberOf(high, names, least);
  if (typeof end === 'string') return end;
  if (moreSteps.length > 0) return `too many slashes: ${text}`;
  const step = stepText === undefined ? 1 : numberOf(stepText);
  if (typeof step === 'string') return step;
  if (start < least) return `beginning of range (${start}) below minimum (${least}): ${text}`;
  if (end > most) return `end of range (${end}) above maximum (${most}): ${text}`;
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${text}`;
  if (step === 0) return `step of range should be a positive number: ${text}`;
  return Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => start + index * step);
}

/** Whether the IANA database has a zone of this name, in this case: `UTC`, `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    const known = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    return known === name || known.toLowerCase() !== name.toLowerCase();
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
