/** What schemas say of numbers. Go has whole ones as int64 and others as double, and what is wrong with a number shows which. */
import { doubleText } from '@kaji/base';
import type { JSONSchemaProps } from './custom-resource-definition-spec.ts';
import { bareMistake, type Mistake, mistake } from './value-mistake.ts';

interface NumberPlace {
  readonly name: string;
  readonly type: string;
  readonly format: string;
}

/** A number and its limit, both whole or both doubles, and how they are shown. */
interface Pair {
  readonly value: number | bigint;
  readonly limit: number | bigint;
  wrong(text: string, what?: 'value' | 'limit'): Mistake;
  readonly shownLimit: string;
}

/** What is wrong with a number, in the order of upstream's checks. */
export function numberMistakes(value: number | bigint, schema: JSONSchemaProps, name: string): Mistake[] {
  const { type = '', format = '', maximum, minimum, multipleOf, exclusiveMinimum: isAbove = false, exclusiveMaximum: isBelow = false } = schema;
  const isKnown = type === 'integer' ? ['int32', 'int64'].includes(format) : ['float', 'double'].includes(format);
  const place: NumberPlace = { name, type: type === 'integer' || type === 'number' ? type : '', format: isKnown ? format : '' };
  const limited = (limit: number | undefined, what: string, mistakeOf: (pair: Pair) => Mistake | undefined): Mistake[] => {
    if (limit === undefined) return [];
    const odd = rangeMistake(limit, what, place);
    const found = mistakeOf(pairOf(value, limit, odd === undefined, name));
    return [odd, found].filter((each) => each !== undefined);
  };
  const odd = rangeMistake(value, 'Checked', place);
  return [
    ...(odd === undefined ? [] : [odd]), ...limited(multipleOf, 'MultipleOf', (pair) => multipleMistake(pair, name)),
    ...limited(minimum, 'Minimum boundary', (pair) => ((isAbove ? pair.value > pair.limit : pair.value >= pair.limit) ? undefined
      : pair.wrong(`${name} in body should be greater than${isAbove ? '' : ' or equal to'} ${pair.shownLimit}`))),
    ...limited(maximum, 'Maximum boundary', (pair) => ((isBelow ? pair.value < pair.limit : pair.value <= pair.limit) ? undefined
      : pair.wrong(`${name} in body should be less than${isBelow ? '' : ' or equal to'} ${pair.shownLimit}`))),
  ];
}

const largest = 2 ** 63;

/** Kubernetes: what is made whole loses its fraction, and becomes the least of 64 bits where it does not fit these. */
export function wholeOf(number: number | bigint): bigint {
  if (typeof number === 'bigint') return number;
  return BigInt(number >= -largest && number < largest ? Math.trunc(number) : -largest);
}

/** Limits are doubles: those of whole numbers are made whole. */
function pairOf(given: number | bigint, limit: number, mayBeWhole: boolean, name: string): Pair {
  const isWhole = mayBeWhole && (typeof given === 'bigint' || Number.isSafeInteger(given));
  const shown = (number: number | bigint): string => (typeof number === 'bigint' ? String(number) : doubleText(number));
  const [value, used] = isWhole ? [wholeOf(given), wholeOf(limit)] : [Number(given), limit];
  return {
    value, limit: used, shownLimit: shown(used),
    wrong: (text, what = 'value') => mistake(name, text, (path) => ({ field: path, reason: 'FieldValueInvalid', message: `Invalid value: ${shown(what === 'value' ? value : used)}: ${text}` })),
  };
}

function multipleMistake({ value, limit, shownLimit, wrong }: Pair, name: string): Mistake | undefined {
  if (limit <= 0) return wrong(`factor MultipleOf declared for ${name} must be positive: ${shownLimit}`, 'limit');
  const isMultiple = typeof limit === 'bigint' ? wholeOf(value) % limit === 0n : isWhole(limit < 1 ? (1 / limit) * Number(value) : Number(value) / limit);
  return isMultiple ? undefined : wrong(`${name} in body should be a multiple of ${shownLimit}`);
}

/** Whether a number is whole, give or take what doubles lose. */
export function isWhole(value: number): boolean {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) return false;
  const rounded = Math.round(Math.abs(value));
  const difference = Math.abs(Math.abs(value) - rounded);
  return difference === 0 || (rounded !== 0 && difference < 1e-9 * rounded);
}

const largestFloat = 3.4028235677973366e38;

/** Whether a number can be one of the type at all. */
function rangeMistake(value: number | bigint, what: string, { name, type, format }: NumberPlace): Mistake | undefined {
  const fits = type === 'integer' ? isInteger(value, format === 'int32' ? 32 : 64) : format !== 'float' || Math.abs(Number(value)) < largestFloat;
  return fits ? undefined : bareMistake(`${what} value must be of type ${type} ${format === '' ? '(default format)' : `with format ${format}`} in ${name}`);
}

/** Kubernetes: judged by the digits that show a double, of which zeros may stand for others. */
function isInteger(value: number | bigint, bits: 32 | 64): boolean {
  const text = String(value);
  return /^-?\d+$/.test(text) && BigInt.asIntN(bits, BigInt(text)) === BigInt(text);
}
