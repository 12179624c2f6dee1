/** What schemas say of numbers. */
import { doubleText } from '@kaji/base';
import type { JSONSchemaProps } from './custom-resource-definition-spec.ts';
import { bareMistake, invalidMistake, type Mistake } from './value-mistake.ts';

interface NumberPlace {
  readonly name: string;
  readonly type: string;
  readonly format: string;
}

/** What is wrong with a number, in the order of upstream's checks. */
export function numberMistakes(value: number | bigint, schema: JSONSchemaProps, name: string): Mistake[] {
  const { type = '', format = '', maximum, minimum, multipleOf } = schema;
  const isKnown = type === 'integer' ? ['int32', 'int64'].includes(format) : ['float', 'double'].includes(format);
  const place: NumberPlace = { name, type: type === 'integer' || type === 'number' ? type : '', format: isKnown ? format : '' };
  const isInteger = typeof value === 'bigint' || Number.isSafeInteger(value);
  // Bounds are doubles. Kubernetes: those of whole numbers lose their fractions, as long as they are in the range of the type themselves.
  const bounded = (given: number | undefined, what: string, mistakeOf: (bound: Bound) => Mistake | undefined): Mistake[] => {
    if (given === undefined) return [];
    const odd = rangeMistake(given, what, place);
    const whole = Math.trunc(given);
    const found = mistakeOf(odd === undefined && isInteger ? { bound: whole, shown: String(whole) } : { bound: given, shown: doubleText(given) });
    return [...(odd === undefined ? [] : [odd]), ...(found === undefined ? [] : [found])];
  };
  const odd = rangeMistake(value, 'Checked', place);
  return [
    ...(odd === undefined ? [] : [odd]),
    ...bounded(multipleOf, 'MultipleOf', (factor) => multipleMistake(value, factor, name)),
    ...bounded(minimum, 'Minimum boundary', (bound) => lowMistake(value, bound, schema.exclusiveMinimum === true, name)),
    ...bounded(maximum, 'Maximum boundary', (bound) => highMistake(value, bound, schema.exclusiveMaximum === true, name)),
  ];
}

interface Bound {
  readonly bound: number;
  readonly shown: string;
}

function lowMistake(value: number | bigint, { bound, shown }: Bound, isExclusive: boolean, name: string): Mistake | undefined {
  if (isExclusive ? value > bound : value >= bound) return undefined;
  return invalidMistake(name, `${name} in body should be greater than${isExclusive ? '' : ' or equal to'} ${shown}`, value);
}

function highMistake(value: number | bigint, { bound, shown }: Bound, isExclusive: boolean, name: string): Mistake | undefined {
  if (isExclusive ? value < bound : value <= bound) return undefined;
  return invalidMistake(name, `${name} in body should be less than${isExclusive ? '' : ' or equal to'} ${shown}`, value);
}

function multipleMistake(value: number | bigint, { bound: factor, shown }: Bound, name: string): Mistake | undefined {
  if (factor <= 0) return invalidMistake(name, `factor MultipleOf declared for ${name} must be positive: ${shown}`, factor);
  const isMultiple = Number.isInteger(factor) && (typeof value === 'bigint' || Number.isSafeInteger(value)) ? BigInt(value) % BigInt(factor) === 0n
    : isWhole(factor < 1 ? (1 / factor) * Number(value) : Number(value) / factor);
  return isMultiple ? undefined : invalidMistake(name, `${name} in body should be a multiple of ${shown}`, value);
}

/** Whether a number is whole, give or take what doubles lose. */
export function isWhole(value: number): boolean {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) return false;
  const rounded = Math.round(Math.abs(value));
  const difference = Math.abs(Math.abs(value) - rounded);
  return difference === 0 || (rounded !== 0 && difference < 1e-9 * rounded);
}

const limits: Readonly<Record<string, number>> = { int32: 2 ** 31, int64: 2 ** 63 };
const largestFloat = 3.4028235677973366e38;

/** Whether a number can be one of the type at all. */
function rangeMistake(value: number | bigint, what: string, { name, type, format }: NumberPlace): Mistake | undefined {
  const limit = limits[format] ?? limits.int64 ?? 0;
  const fits = type === 'integer' ? (typeof value === 'bigint' || Number.isInteger(value)) && value >= -limit && value < limit : format !== 'float' || Math.abs(Number(value)) < largestFloat;
  return fits ? undefined : bareMistake(`${what} value must be of type ${type} ${format === '' ? '(default format)' : `with format ${format}`} in ${name}`);
}
