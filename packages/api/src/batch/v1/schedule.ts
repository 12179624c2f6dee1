/** Schedules of CronJobs: five fields or a descriptor, by the rules of the parser upstream uses. */
import { DecodeError, parseDuration } from '@kaji/schema';

interface Bounds {
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const fieldBounds: readonly Bounds[] = [{ least: 0, most: 59 }, { least: 0, most: 23 }, { least: 1, most: 31 }, { least: 1, most: 12, names: months }, { least: 0, most: 6, names: weekdays }];
const descriptors = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

/** What is wrong with a schedule, or nothing. */
export function scheduleError(text: string): string | undefined {
  if (text === '') return 'empty spec string';
  const zoned = /^(?:CRON_)?TZ=(\S*) (.*)$/s.exec(text);
  if (zoned === null && /^(?:CRON_)?TZ=/.test(text)) return 'invalid schedule format';
  if (zoned !== null && !isTimeZone(zoned[1] ?? '')) return `provided bad location ${zoned[1] ?? ''}: unknown time zone ${zoned[1] ?? ''}`;
  const schedule = (zoned?.[2] ?? text).trim();
  if (schedule.startsWith('@')) return descriptorError(schedule);
  const fields = schedule.split(/\s+/).filter((field) => field !== '');
  if (fields.length !== fieldBounds.length) return `expected exactly ${fieldBounds.length} fields, found ${fields.length}: [${fields.join(' ')}]`;
  for (const [index, bounds] of fieldBounds.entries()) {
    for (const range of (fields[index] ?? '').split(',')) {
      const error = range === '' ? undefined : rangeError(range, bounds);
      if (error !== undefined) return error;
    }
  }
  return undefined;
}

function descriptorError(text: string): string | undefined {
  if (descriptors.includes(text)) return undefined;
  if (!text.startsWith('@every ')) return `unrecognized descriptor: ${text}`;
  try {
    parseDuration(text.slice('@every '.length));
    return undefined;
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

function rangeError(text: string, { least, most, names }: Bounds): string | undefined {
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
  return step === 0 ? `step of range should be a positive number: ${text}` : undefined;
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
