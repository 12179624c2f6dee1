/** `'%s is %d'.format([a, b])`. Numbers are written as in English. */
import { doubleText } from '@kaji/base';
import { goQuoted } from '@kaji/schema';
import { byteCharacters, readClause, type WrittenClause } from '../format-rules.ts';
import { convertValue } from './value-conversions.ts';
import { Duration, Failure, isMap, ListValue, noSuchOverload, type MapValue, Timestamp, typeNameOf, TypeValue, Uint, type Value } from './value.ts';
import type { Implementation } from './functions.ts';

/** Why a value cannot be written. */
class Unwritable extends Error {}

const defaultPrecision = 6;
/** Digits behind the point that are worked out: upstream works out as many as it is told. */
const mostPrecision = 10_000;

export const format: Implementation = ([text, list]) => {
  if (typeof text !== 'string' || !(list instanceof ListValue)) return noSuchOverload;
  try {
    return written(text, list);
  } catch (error) {
    if (error instanceof Unwritable) return new Failure(error.message);
    throw error;
  }
};

function written(text: string, list: ListValue): string {
  const bytes = byteCharacters(text);
  let result = '';
  let used = 0;
  for (let index = 0; index < bytes.length; index++) {
    const character = bytes.charAt(index);
    if (character !== '%') result += character;
    else if (bytes[index + 1] === '%') result += bytes.charAt(++index);
    else {
      if (used >= list.size) throw new Unwritable(`index ${used} out of range`);
      if (index + 1 >= bytes.length) throw new Unwritable('unexpected end of string');
      const read = readClause(bytes, index + 1);
      if (typeof read === 'string') throw new Unwritable(`could not parse formatting clause: ${read}`);
      result += byteCharacters(clauseText(read, list.at(used++)));
      index = read.end - 1;
    }
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(result, (character) => character.charCodeAt(0)));
}

function clauseText(written: WrittenClause, value: Value): string {
  try {
    const text = textBy(written, value);
    if (text === undefined) throw new Unwritable(`${written.clause.refusal}, was given ${typeNameOf(value)}`);
    return text;
  } catch (error) {
    if (error instanceof Unwritable) throw new Unwritable(`error during formatting: ${error.message}`);
    throw error;
  }
}

/** Undefined of a value that the clause is not for. */
function textBy({ letter, precision = defaultPrecision }: WrittenClause, value: Value): string | undefined {
  const whole = value instanceof Uint ? value.value : typeof value === 'bigint' ? value : undefined;
  switch (letter) {
    case 's': return plainText(value);
    case 'd': return whole?.toString();
    case 'b': return typeof value === 'boolean' ? String(Number(value)) : whole?.toString(2);
    case 'o': return whole?.toString(8);
    case 'x': return whole?.toString(16) ?? hexadecimal(value);
    case 'X': return (whole?.toString(16) ?? hexadecimal(value))?.toUpperCase();
    default: {
      const number = typeof value === 'number' ? value : typeof value === 'string' ? namedNumbers.get(value) : undefined;
      return number === undefined ? undefined : letter === 'f' ? fixed(number, Math.min(precision, mostPrecision)) : scientific(number, Math.min(precision, mostPrecision));
    }
  }
}

const namedNumbers: ReadonlyMap<string, number> = new Map([['NaN', Number.NaN], ['Infinity', Number.POSITIVE_INFINITY], ['-Infinity', Number.NEGATIVE_INFINITY]]);

function hexadecimal(value: Value): string | undefined {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return bytes instanceof Uint8Array ? Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('') : undefined;
}

const unusual = (number: number): string => (Number.isNaN(number) ? 'NaN' : number > 0 ? '∞' : '-∞');

function fixed(number: number, precision: number): string {
  if (!Number.isFinite(number)) return unusual(number);
  const [whole = '', fraction] = exactText(Math.abs(number), precision).split('.');
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
  return `${number < 0 ? '-' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** Kubernetes: what is told as the precision is taken for the width. */
function scientific(number: number, width: number): string {
  if (!Number.isFinite(number)) return unusual(number).padStart(width);
  const [digits = '', exponent = ''] = Math.abs(number).toExponential(defaultPrecision).split('e');
  const raised = Math.abs(Number(exponent)).toString().padStart(2, '0').replaceAll(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(digit)));
  return `${number < 0 ? '-' : ''}${digits}×10${Number(exponent) < 0 ? '⁻' : ''}${raised}`.padStart(width);
}

/** A number from zero on with so many digits behind the point, of two that are as near the even one. */
function exactText(number: number, precision: number): string {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, number);
  const raw = bits.getBigUint64(0);
  const power = Number(raw >> 52n);
  const mantissa = (raw & (2n ** 52n - 1n)) | (power === 0 ? 0n : 2n ** 52n);
  const shift = (power === 0 ? 1 : power) - 1075;
  const scaled = mantissa * 10n ** BigInt(precision) * (shift > 0 ? 2n ** BigInt(shift) : 1n);
  const divisor = shift < 0 ? 2n ** BigInt(-shift) : 1n;
  const [quotient, twice] = [scaled / divisor, (scaled % divisor) * 2n];
  const rounded = twice > divisor || (twice === divisor && quotient % 2n === 1n) ? quotient + 1n : quotient;
  const digits = rounded.toString().padStart(precision + 1, '0');
  return precision === 0 ? digits : `${digits.slice(0, -precision)}.${digits.slice(-precision)}`;
}

function plainText(value: Value): string | undefined {
  if (value instanceof ListValue) return `[${value.values().map(literalText).join(', ')}]`;
  if (isMap(value)) return mapText(value);
  if (value === null) return 'null';
  const text = convertValue(value, 'string');
  if (text instanceof Failure && value instanceof Uint8Array) throw new Unwritable(`could not convert argument ${goQuoted(text.message)} to string`);
  return typeof text === 'string' ? text : undefined;
}

/** A part of a list or map, as an expression would write it. */
function literalText(value: Value): string {
  if (typeof value === 'string') return goQuoted(value);
  if (typeof value === 'number') return Number.isFinite(value) ? `${value < 0 || Object.is(value, -0) ? '-' : ''}${exactText(Math.abs(value), defaultPrecision)}` : `"${doubleText(value)}"`;
  const text = plainText(value);
  if (text === undefined) throw new Unwritable(`no formatting function for ${typeNameOf(value)}`);
  if (value instanceof Uint8Array) return `b${goQuoted(text)}`;
  if (value instanceof Timestamp) return `timestamp("${text}")`;
  return value instanceof Duration ? `duration("${text}")` : text;
}

function mapText(map: MapValue): string {
  const entries = map.keys().map((key): [string, string] => {
    if (key === null || typeof key === 'number' || key instanceof TypeValue) throw new Unwritable(`no formatting function for map key of type ${typeNameOf(key)}`);
    return [literalText(key), literalText(map.find(key) ?? null)];
  });
  return `{${entries.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)).map(([key, value]) => `${key}:${value}`).join(', ')}}`;
}
