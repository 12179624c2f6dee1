/** The formats of text that schemas may name (`format: ipv4`), and which texts have them. */
import { parseGoUrl } from '@kaji/schema';
import { isCidr, isIpAddress } from '../../ip-rules.ts';
import { isMailAddress } from './mail-address.ts';

type Check = (text: string) => boolean;

const matching = (pattern: RegExp): Check => (text) => pattern.test(text);

const byte = '[0-9a-fA-F]{2}';
const twoBytes = '[0-9a-fA-F]{4}';
const octet = String.raw`(?:0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])`;
const colour = String.raw`[\t\n\f\r ]*${octet}[\t\n\f\r ]*`;
const shortName = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';
const card = /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|6(?:011|5\d\d)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|(?:2131|1800|35\d{3})\d{11})$/;
const host = /^(?:[a-zA-Z0-9\p{S}\p{L}](?:-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?|(?:[a-zA-Z0-9\p{S}\p{L}](?:[a-zA-Z0-9\-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?\.)+[a-zA-Z\p{L}]{2,63})$/u;
/** Of 6, 8 or 20 bytes: each behind a separator of one kind, or each two behind a point, or all without. */
const hardware = new RegExp(`^(?:${[6, 8, 20].flatMap((size) => [`${byte}(?::${byte}){${size - 1}}`, `${byte}(?:-${byte}){${size - 1}}`, `${twoBytes}(?:[.]${twoBytes}){${size / 2 - 1}}`, `(?:${byte}){${size}}`]).join('|')})$`);
const sizeOf = (text: string): number => new TextEncoder().encode(text).length;

const uuid = (version: string, variant: string): Check => matching(new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`, 'i'));
const any = '[0-9a-f]';

/** By their names without hyphens, as upstream compares them. */
const checks: ReadonlyMap<string, Check> = new Map([
  ['bsonobjectid', matching(/^[0-9a-fA-F]{24}$/)], ['uri', isRequestUri], ['email', isMailAddress], ['hostname', isHostName],
  ['ipv4', (text) => text.includes('.') && isIpAddress(text)], ['ipv6', (text) => text.includes(':') && isIpAddress(text)], ['cidr', isCidr],
  ['mac', matching(hardware)], ['uuid', uuid(any, any)], ['uuid3', uuid('3', any)], ['uuid4', uuid('4', '[89ab]')], ['uuid5', uuid('5', '[89ab]')],
  ['isbn', (text) => isIsbn10(text) || isIsbn13(text)], ['isbn10', isIsbn10], ['isbn13', isIsbn13], ['creditcard', isCreditCard],
  ['ssn', (text) => sizeOf(text) === 11 && /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text)], ['hexcolor', matching(/^#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/)],
  ['rgbcolor', matching(new RegExp(`^rgb\\(${colour},${colour},${colour}\\)$`))], ['byte', matching(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/)],
  ['password', () => true], ['date', isDate], ['duration', isDuration], ['datetime', isDateTime],
  ['k8sshortname', (text) => text.length <= 63 && matching(new RegExp(`^${shortName}$`))(text)],
  ['k8slongname', (text) => text.length <= 253 && matching(new RegExp(`^${shortName}(?:\\.${shortName})*$`))(text)],
]);

const named = (format: string): Check | undefined => checks.get(format.replaceAll('-', ''));

/** Whether text has a format; undefined of formats that are not known. */
export const hasFormat = (format: string, text: string): boolean | undefined => named(format)?.(text);

const numberFormats: Readonly<Record<string, readonly string[]>> = { integer: ['int32', 'int64'], number: ['float', 'double'] };

/** Whether the format says anything about values of the type. Others are kept, and not checked. */
export function isRecognizedFormat(format: string, type: string): boolean {
  return type === '' || type === 'string' ? named(format) !== undefined : numberFormats[type]?.includes(format) === true;
}

/** As an HTTP request names its resource: an address with a scheme, or a path. */
function isRequestUri(text: string): boolean {
  if (text === '*') return true;
  return (text.startsWith('/') || /^[a-zA-Z][\w+.-]*:/.test(text)) && typeof parseGoUrl(text.replaceAll('#', '%23')) !== 'string';
}

function isHostName(text: string): boolean {
  return sizeOf(text) <= 255 && host.test(text) && text.split('.').every((part) => sizeOf(part) <= 63);
}

const digitsOf = (text: string): number[] => Array.from(text, Number);

function isIsbn10(text: string): boolean {
  const plain = text.replaceAll(/[\t\n\f\r -]+/g, '');
  if (!/^(?:\d{9}X|\d{10})$/.test(plain)) return false;
  return digitsOf(plain.replace('X', '')).concat(plain.endsWith('X') ? [10] : []).reduce((sum, digit, index) => sum + (index + 1) * digit, 0) % 11 === 0;
}

function isIsbn13(text: string): boolean {
  const plain = text.replaceAll(/[\t\n\f\r -]+/g, '');
  if (!/^\d{13}$/.test(plain)) return false;
  const digits = digitsOf(plain);
  const sum = digits.slice(0, 12).reduce((total, digit, index) => total + digit * (index % 2 === 0 ? 1 : 3), 0);
  return digits[12] === (10 - (sum % 10)) % 10;
}

function isCreditCard(text: string): boolean {
  const plain = text.replaceAll(/[^0-9]+/g, '');
  if (!card.test(plain)) return false;
  const sum = digitsOf(plain).toReversed().reduce((total, digit, index) => {
    const doubled = digit * 2;
    return total + (index % 2 === 0 ? digit : doubled >= 10 ? (doubled % 10) + 1 : doubled);
  }, 0);
  return sum % 10 === 0;
}

function isDate(text: string): boolean {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  const leap = Number(year) % 4 === 0 && (Number(year) % 100 !== 0 || Number(year) % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][Number(month) - 1] ?? 0;
  return year !== '' && Number(day) >= 1 && Number(day) <= days;
}

function isDateTime(text: string): boolean {
  const [date = '', time = ''] = text.toLowerCase().split('t');
  const parts = /^(\d{2}):(\d{2}):(\d{2})(?:.\d+)?(?:z|[+-]\d{2}:\d{2})$/.exec(time);
  return isDate(date) && parts !== null && Number(parts[1]) <= 23 && Number(parts[2]) <= 59 && Number(parts[3]) <= 59;
}

const goDuration = /^[+-]?(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+)$/;
/** The units of the other form, each with its spellings; of the last one anything may follow. */
const units = [['ns', 'nano'], ['us', '\u00b5s', 'micro'], ['ms', 'milli'], ['s', 'sec'], ['m', 'min'], ['h', 'hr', 'hour'], ['d', 'day'], ['w', 'wk', 'week']];

/** Go's durations, and others with units as words: `3 days`. */
function isDuration(text: string): boolean {
  if (goDuration.test(text)) return true;
  const amounts = [...text.matchAll(/(\d+)[\t\n\f\r ]*([A-Za-z\u00b5]+)/g)];
  if (amounts.some(([, digits = '']) => BigInt(digits) >= 2n ** 63n)) return false;
  return amounts.some(([, , word = '']) => units.some((names) => names.some((name, index) => word.toLowerCase() === name || (index === names.length - 1 && word.toLowerCase().startsWith(name)))));
}
