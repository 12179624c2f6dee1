/** Arithmetic and comparisons, with the overflows of 64 bits. */
import type { Implementation } from './functions.ts';
import { unhashable } from './run.ts';
import { areEqual, compareValues, Duration, EntryMap, equality, Failure, isMap, ListValue, noSuchOverload, Timestamp, Uint, type Value } from './value.ts';
import { valueText } from './value-text.ts';

const mostInt = 2n ** 63n - 1n;
const leastInt = -(2n ** 63n);
const mostUint = 2n ** 64n - 1n;
const billion = 1_000_000_000n;
/** The first and the last nanosecond that a timestamp may be. */
const earliest = -62_135_596_800n * billion;
const latest = 253_402_300_800n * billion - 1n;

const divisionByZero = new Failure('division by zero');
const modulusByZero = new Failure('modulus by zero');

const int = (value: bigint): Value => (value > mostInt || value < leastInt ? new Failure('integer overflow') : value);
const uint = (value: bigint): Value => (value > mostUint || value < 0n ? new Failure('unsigned integer overflow') : new Uint(value));
/** Kubernetes: durations overflow as ints do. */
const duration = (value: bigint): Value => (value > mostInt || value < leastInt ? new Failure('integer overflow') : new Duration(value));
const moved = ({ nanoseconds, offsetMinutes }: Timestamp, by: bigint): Value => (nanoseconds + by < earliest || nanoseconds + by > latest ? new Failure('timestamp overflow') : new Timestamp(nanoseconds + by, offsetMinutes));

interface Arithmetic {
  readonly ints: (left: bigint, right: bigint) => bigint | Failure;
  readonly doubles?: (left: number, right: number) => number;
}

/** An operator on two numbers of one type. */
function arithmetic({ ints, doubles }: Arithmetic): Implementation {
  return ([left, right]) => {
    if (typeof left === 'bigint' && typeof right === 'bigint') {
      const result = ints(left, right);
      return typeof result === 'bigint' ? int(result) : result;
    }
    if (left instanceof Uint && right instanceof Uint) {
      const result = ints(left.value, right.value);
      return typeof result === 'bigint' ? uint(result) : result;
    }
    return typeof left === 'number' && typeof right === 'number' && doubles !== undefined ? doubles(left, right) : noSuchOverload;
  };
}

const addNumbers = arithmetic({ ints: (left, right) => left + right, doubles: (left, right) => left + right });
const subtractNumbers = arithmetic({ ints: (left, right) => left - right, doubles: (left, right) => left - right });

const add: Implementation = (args, overload) => {
  const [left, right] = args;
  if (typeof left === 'string' && typeof right === 'string') return left + right;
  if (left instanceof Uint8Array && right instanceof Uint8Array) return new Uint8Array([...left, ...right]);
  if (left instanceof ListValue && right instanceof ListValue) return left.plus(right);
  if (left instanceof Duration && right instanceof Duration) return duration(left.nanoseconds + right.nanoseconds);
  if (left instanceof Timestamp && right instanceof Duration) return moved(left, right.nanoseconds);
  if (left instanceof Duration && right instanceof Timestamp) return moved(right, left.nanoseconds);
  return addNumbers(args, overload);
};

const subtract: Implementation = (args, overload) => {
  const [left, right] = args;
  if (left instanceof Duration && right instanceof Duration) return duration(left.nanoseconds - right.nanoseconds);
  if (left instanceof Timestamp && right instanceof Duration) return moved(left, -right.nanoseconds);
  if (left instanceof Timestamp && right instanceof Timestamp) return duration(left.nanoseconds - right.nanoseconds);
  return subtractNumbers(args, overload);
};

const negate: Implementation = ([value]) => (typeof value === 'bigint' ? int(-value) : typeof value === 'number' ? -value : noSuchOverload);

const comparison = (isIn: (order: number) => boolean): Implementation => ([left = null, right = null]) => {
  const order = compareValues(left, right);
  if (order === undefined) return noSuchOverload;
  return Number.isNaN(order) ? new Failure('NaN values cannot be ordered') : isIn(order);
};

const contains: Implementation = ([item = null, container]) => {
  if (container instanceof ListValue) return container.values().some((other) => areEqual(item, other));
  if (container instanceof EntryMap && container.size > 0 && item instanceof Uint8Array) throw unhashable();
  if (!isMap(container)) return noSuchOverload;
  const found = container.find(item);
  return found instanceof Failure ? found : found !== undefined;
};

const insert: Implementation = ([map, key, value]) => {
  if (!isMap(map)) return noSuchOverload;
  const added = isMap(key) ? key.keys().map((each) => [each, key.find(each) ?? null] as const) : [[key ?? null, value ?? null] as const];
  const repeated = added.find(([each]) => map.find(each) !== undefined);
  if (repeated !== undefined) return new Failure(`insert failed: key ${valueText(repeated[0])} already exists`);
  if (added.some(([each]) => each instanceof Uint8Array)) throw unhashable();
  return new EntryMap([...map.keys().map((each) => [each, map.find(each) ?? null] as const), ...added]);
};

export const operators: readonly (readonly [string, Implementation])[] = [
  ['_+_', add], ['_-_', subtract], ['-_', negate],
  ['_*_', arithmetic({ ints: (left, right) => left * right, doubles: (left, right) => left * right })],
  ['_/_', arithmetic({ ints: (left, right) => (right === 0n ? divisionByZero : left / right), doubles: (left, right) => left / right })],
  ['_%_', arithmetic({ ints: (left, right) => (right === 0n ? modulusByZero : left % right) })],
  ['_==_', ([left = null, right = null]) => equality(left, right)], ['_!=_', ([left = null, right = null]) => !areEqual(left, right)],
  ['_<_', comparison((order) => order < 0)], ['_<=_', comparison((order) => order <= 0)], ['_>_', comparison((order) => order > 0)], ['_>=_', comparison((order) => order >= 0)],
  ['!_', ([value]) => (typeof value === 'boolean' ? !value : noSuchOverload)], ['@in', contains], ['cel.@mapInsert', insert],
];
