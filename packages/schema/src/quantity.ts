/**
 * Amounts of resources ("100m", "1Gi", "1e3"): exact arithmetic in billionths, and the one text form that upstream writes.
 * Smaller amounts are rounded up, away from zero.
 */
import { DecodeError } from './decode-error.ts';

/** How the text spells the power: 1000, 1000 as an exponent, 1024. */
export type QuantityFormat = 'DecimalSI' | 'DecimalExponent' | 'BinarySI';

export interface Quantity {
  /** The amount times 10^9. */
  readonly nano: bigint;
  readonly format: QuantityFormat;
}

const decimalSuffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const billion = 1_000_000_000n;
/** Exponents beyond this are refused, so that no text makes a number of a million digits. */
const maximumExponent = 400;
/** Upstream caps binary amounts here. */
const maximumBinary = (2n ** 63n - 1n) * billion;

interface Parts {
  readonly isNegative: boolean;
  /** Digits before and after the point; no leading zeros before. */
  readonly whole: string;
  readonly fraction: string;
  readonly base: 2 | 10;
  readonly exponent: number;
  readonly format: QuantityFormat;
}

/** How long an amount may be: arithmetic with a million digits takes as long as a thousand requests. */
const lengthLimit = 10_000;

function split(text: string): Parts {
  if (text.length > lengthLimit) throw new DecodeError('unable to parse numeric part of quantity');
  const match = /^([+-]?)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*(?:[-+]?\d*))$/.exec(text);
  if (match === null || text === '') {
    throw new DecodeError("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
  }
  const [, sign = '', digits = '', fraction = '', suffix = ''] = match;
  const number = { isNegative: sign === '-', whole: digits.replace(/^0+/, '') || '0', fraction };
  const decimal = decimalSuffixes.indexOf(suffix);
  if (decimal >= 0) return { ...number, base: 10, exponent: decimal * 3 - 9, format: 'DecimalSI' };
  const binary = binarySuffixes.indexOf(suffix);
  if (binary >= 0) return { ...number, base: 2, exponent: binary * 10, format: 'BinarySI' };
  const exponent = /^[eE]([-+]?\d+)$/.exec(suffix)?.[1];
  if (exponent === undefined || Math.abs(Number(exponent)) > maximumExponent) throw new DecodeError("unable to parse quantity's suffix");
  return { ...number, base: 10, exponent: Number(exponent), format: 'DecimalExponent' };
}

/** Quotient rounded away from zero. */
function divideUp(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  if (quotient * by === value) return quotient;
  return value < 0n ? quotient - 1n : quotient + 1n;
}

function amount(parts: Parts): Quantity {
  const digits = BigInt(parts.whole + parts.fraction) * (parts.isNegative ? -1n : 1n);
  const scale = 9 - parts.fraction.length + (parts.base === 10 ? parts.exponent : 0);
  const value = parts.base === 2 ? digits * 2n ** BigInt(parts.exponent) : digits;
  const nano = scale >= 0 ? value * 10n ** BigInt(scale) : divideUp(value, 10n ** BigInt(-scale));
  if (parts.format !== 'BinarySI') return { nano, format: parts.format };
  const capped = nano > maximumBinary ? maximumBinary : nano < -maximumBinary ? -maximumBinary : nano;
  const isBelowOne = capped !== 0n && capped < billion && capped > -billion;
  return { nano: capped, format: isBelowOne ? 'DecimalSI' : 'BinarySI' };
}

/** Throws DecodeError with upstream's words. */
export const parseQuantity = (text: string): Quantity => plainAmount(text) ?? amount(split(text.trim()));

const plainUnits: Readonly<Record<string, Quantity>> = {
  m: { nano: 1_000_000n, format: 'DecimalSI' }, '': { nano: billion, format: 'DecimalSI' },
  Ki: { nano: billion << 10n, format: 'BinarySI' }, Mi: { nano: billion << 20n, format: 'BinarySI' }, Gi: { nano: billion << 30n, format: 'BinarySI' }, Ti: { nano: billion << 40n, format: 'BinarySI' },
};

/** What nearly all amounts look like, at a fifth of the cost: every check of a container reads them several times. */
function plainAmount(text: string): Quantity | undefined {
  const match = /^(\d{1,6})(m|[KMGT]i|)$/.exec(text);
  const unit = match === null ? undefined : plainUnits[match[2] ?? ''];
  return unit && { nano: BigInt(match?.[1] ?? 0) * unit.nano, format: unit.format };
}

function withoutFactors(value: bigint, factor: bigint, limit: number): { mantissa: bigint; times: number } {
  let mantissa = value;
  let times = 0;
  while (times < limit && mantissa !== 0n && mantissa % factor === 0n) {
    mantissa /= factor;
    times++;
  }
  return { mantissa, times };
}

/** The canonical text: no precision lost, no fraction, the largest suffix. */
export function formatQuantity({ nano, format }: Quantity): string {
  if (nano === 0n) return '0';
  const isSmall = nano > -1024n * billion && nano < 1024n * billion;
  if (format === 'BinarySI' && !isSmall && nano % billion === 0n) {
    const { mantissa, times } = withoutFactors(nano / billion, 1024n, binarySuffixes.length - 1);
    return `${mantissa}${binarySuffixes[times] ?? ''}`;
  }
  if (format === 'DecimalExponent') {
    const { mantissa, times } = withoutFactors(nano, 1000n, maximumExponent);
    return times === 3 ? `${mantissa}` : `${mantissa}e${times * 3 - 9}`;
  }
  const { mantissa, times } = withoutFactors(nano, 1000n, decimalSuffixes.length - 1);
  return `${mantissa}${decimalSuffixes[times] ?? ''}`;
}

/** Whether upstream keeps the text as it was written. */
function isKept(parts: Parts): boolean {
  const digits = parts.whole + parts.fraction;
  if (parts.base === 2) {
    const precision = 15 - parts.whole.length - Math.trunc((parts.exponent * 3) / 10) - 1;
    return parts.fraction === '' && precision >= 0 && (BigInt(digits) & 7n) !== 0n;
  }
  const scale = parts.exponent - parts.fraction.length;
  return digits.length <= 18 && scale >= -9 && scale % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0');
}

/** What upstream writes for this text; the text itself where that is canonical. Throws DecodeError. */
export function canonicalQuantity(text: string): string {
  if (/^[1-9]\d{0,2}(?:m|[KMGT]i|)$/.test(text)) return text;
  const trimmed = text.trim();
  if (trimmed === '0') return trimmed;
  const parts = split(trimmed);
  return isKept(parts) ? trimmed : formatQuantity(amount(parts));
}

/** A number of 64 bits and the power of ten that it is taken by. */
export interface SmallAmount {
  readonly value: bigint;
  readonly scale: number;
}

/** The amount in the form in which upstream keeps small ones; undefined of others. Throws DecodeError. */
export function smallAmount(text: string): SmallAmount | undefined {
  const { isNegative, whole, fraction, base, exponent } = split(text.trim());
  const digits = BigInt(whole + fraction) * (isNegative ? -1n : 1n);
  if (base === 2) return fraction === '' && 14 - whole.length - Math.trunc((exponent * 3) / 10) >= 0 ? { value: digits << BigInt(exponent), scale: 0 } : undefined;
  const scale = exponent - fraction.length;
  return (whole + fraction).length <= 18 && scale >= -9 ? { value: digits, scale } : undefined;
}

/** -1, 0 or 1. */
export function compareQuantities(left: string, right: string): number {
  if (left === right) return 0;
  const difference = parseQuantity(left).nano - parseQuantity(right).nano;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** The sum, in the format of the first unless that is zero. */
export function addQuantities(left: string, right: string): string {
  const [first, second] = [parseQuantity(left), parseQuantity(right)];
  return formatQuantity({ nano: first.nano + second.nano, format: first.nano === 0n ? second.format : first.format });
}

/** The difference, in the format of the first unless that is zero. */
export function subtractQuantities(left: string, right: string): string {
  const [first, second] = [parseQuantity(left), parseQuantity(right)];
  return formatQuantity({ nano: first.nano - second.nano, format: first.nano === 0n ? second.format : first.format });
}

/** The amount in whole units, rounded up. */
export const quantityValue = (text: string): bigint => divideUp(parseQuantity(text).nano, billion);

/** The amount in thousandths, rounded up. */
export const quantityMilliValue = (text: string): bigint => divideUp(parseQuantity(text).nano, 1_000_000n);

/** The amount rounded to thousandths, away from zero, in the same format; the text itself where it has no finer parts. */
export function inThousandths(text: string): string {
  if (!/[nu.eE]/.test(text)) return text;
  const { nano, format } = parseQuantity(text);
  const rest = nano % 1_000_000n;
  return rest === 0n ? text : formatQuantity({ nano: nano - rest + (rest > 0n ? 1_000_000n : -1_000_000n), format });
}
