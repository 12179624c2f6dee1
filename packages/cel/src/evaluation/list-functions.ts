/** Functions on lists, sets and optional values. */
import type { Implementation } from './functions.ts';
import { textIndexOf, textLastIndexOf } from './text-functions.ts';
import { areEqual, compareValues, Duration, Failure, isMap, ListValue, noSuchOverload, none, Optional, sizeOfValue, Timestamp, typeNameOf, Uint, type Value } from './value.ts';

const onList = (run: (items: readonly Value[], ...more: Value[]) => Value): Implementation => ([list, ...more]) => (list instanceof ListValue ? run(list.values(), ...more) : noSuchOverload);

const has = (items: readonly Value[], value: Value): boolean => items.some((item) => areEqual(item, value));

/** The greatest or the least item. */
const extreme = (name: string, wanted: number): Implementation => onList((items) => {
  let [best] = items;
  if (best === undefined) return new Failure(`${name} called on empty list`);
  if (items.some((item) => compareValues(item, item) === undefined)) return noSuchOverload;
  for (const item of items.slice(1)) {
    // Kubernetes: what cannot be compared with the best so far is passed over.
    if (compareValues(item, best) === wanted) best = item;
  }
  return best;
});

const isSorted = onList((items) => {
  for (const [index, item] of items.slice(1).entries()) {
    const order = compareValues(items[index] ?? null, item);
    if (order === undefined) return noSuchOverload;
    if (order > 0) return false;
  }
  return true;
});

const sorted = (items: readonly Value[], keys: readonly Value[]): Value => {
  if (items.length !== keys.length) return new Failure(`@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got ${String(items.length)} and ${String(keys.length)} elements respectively`);
  const [first = null] = keys;
  if (keys.length > 0 && compareValues(first, first) === undefined) return new Failure('list elements must be comparable');
  const isMixed = keys.some((key) => compareValues(first, key) === undefined);
  if (isMixed) return new Failure('list elements must have the same type');
  return ListValue.of(items.map((item, index) => [item, keys[index] ?? null] as const).toSorted(([, a], [, b]) => compareValues(a, b) ?? 0).map(([item]) => item));
};

function sum(add: Implementation): Implementation {
  return (args, overload) => {
    const [list] = args;
    if (!(list instanceof ListValue)) return noSuchOverload;
    let total: Value | undefined;
    for (const item of list.values()) {
      total = total === undefined ? (item === 0 ? 0 : item) : add([total, item], '');
      if (total instanceof Failure) return total;
    }
    if (total !== undefined) return total;
    return overload.includes('uint') ? new Uint(0n) : overload.includes('double') ? 0 : overload.includes('duration') ? new Duration(0n) : 0n;
  };
}

function flattened(items: readonly Value[], depth: bigint): Value[] {
  return items.flatMap((item) => (item instanceof ListValue && depth > 0n ? flattened(item.values(), depth - 1n) : [item]));
}

const flatten: Implementation = ([list = null, depth]) => {
  const levels = depth ?? 1n;
  if (!(list instanceof ListValue) || typeof levels !== 'bigint') return new Failure(`no such overload: ${typeNameOf(list)}.flatten(${depth === undefined ? '' : typeNameOf(depth)})`);
  return levels < 0n ? new Failure('level must be non-negative') : ListValue.of(flattened(list.values(), levels));
};

const slice = onList((items, start = 0n, end = 0n) => {
  if (typeof start !== 'bigint' || typeof end !== 'bigint') return noSuchOverload;
  const length = BigInt(items.length);
  if (start < 0n || end < 0n) return new Failure(`cannot slice(${String(start)}, ${String(end)}), negative indexes not supported`);
  if (start > end) return new Failure(`cannot slice(${String(start)}, ${String(end)}), start index must be less than or equal to end index`);
  return end > length ? new Failure(`cannot slice(${String(start)}, ${String(end)}), list is length ${String(length)}`) : ListValue.of(items.slice(Number(start), Number(end)));
});

const range: Implementation = ([count]) => {
  if (typeof count !== 'bigint') return noSuchOverload;
  // Kubernetes: the limit on costs ends what would be too long, after it is made; ours is not made.
  return ListValue.of(Array.from({ length: Math.max(0, Math.min(Number(count), longestRange)) }, (_, index) => BigInt(index)));
};
const longestRange = 1_000_000;

/** What is not even equal to itself stays, too. */
const distinct = onList((items) => ListValue.of(items.filter((item, index) => {
  const first = items.findIndex((other) => areEqual(other, item));
  return first === index || first < 0;
})));
const indexIn = (items: readonly Value[], value: Value): bigint => BigInt(items.findIndex((item) => areEqual(item, value)));
const lastIndexIn = (items: readonly Value[], value: Value): bigint => BigInt(items.findLastIndex((item) => areEqual(item, value)));

const onSets = (test: (left: readonly Value[], right: readonly Value[]) => boolean): Implementation => ([left, right]) => (left instanceof ListValue && right instanceof ListValue ? test(left.values(), right.values()) : noSuchOverload);
const includes = (left: readonly Value[], right: readonly Value[]): boolean => right.every((item) => has(left, item));

/** The first second of year 1. */
const zeroTime = -62_135_596_800_000_000_000n;

const isZero = (value: Value): boolean =>
  value === null || value === false || value === 0n || value === 0 || value === '' || ((value instanceof Uint8Array || value instanceof ListValue || isMap(value)) && sizeOfValue(value) === 0)
  || (value instanceof Timestamp && value.nanoseconds === zeroTime) || (value instanceof Uint && value.value === 0n) || (value instanceof Duration && value.nanoseconds === 0n);

const onOptional = (run: (value: Value | undefined) => Value): Implementation => ([optional]) => (optional instanceof Optional ? run(optional.value) : noSuchOverload);
const unwrap: Implementation = onList((items) => ListValue.of(items.flatMap((item) => (item instanceof Optional && item.value !== undefined ? [item.value] : []))));

export const listFunctions = (add: Implementation): readonly (readonly [string, Implementation])[] => [
  ['size', ([value = null]) => (typeof value === 'string' || value instanceof Uint8Array || value instanceof ListValue || isMap(value) ? BigInt(sizeOfValue(value)) : noSuchOverload)],
  ['max', extreme('max', 1)], ['min', extreme('min', -1)], ['isSorted', isSorted], ['sum', sum(add)],
  ['indexOf', (args, overload) => (args[0] instanceof ListValue ? indexIn(args[0].values(), args[1] ?? null) : textIndexOf(args, overload))],
  ['lastIndexOf', (args, overload) => (args[0] instanceof ListValue ? lastIndexIn(args[0].values(), args[1] ?? null) : textLastIndexOf(args, overload))],
  ['flatten', flatten], ['slice', slice], ['lists.range', range], ['distinct', distinct], ['reverse', onList((items) => ListValue.of(items.toReversed()))],
  ['sort', onList((items) => sorted(items, items))], ['@sortByAssociatedKeys', onList((items, keys = null) => (keys instanceof ListValue ? sorted(items, keys.values()) : noSuchOverload))],
  ['first', onList(([item]) => new Optional(item))], ['last', onList((items) => new Optional(items.at(-1)))],
  ['sets.contains', onSets(includes)], ['sets.equivalent', onSets((left, right) => includes(left, right) && includes(right, left))], ['sets.intersects', onSets((left, right) => right.some((item) => has(left, item)))],
  ['optional.none', () => none], ['optional.of', ([value]) => new Optional(value)], ['optional.ofNonZeroValue', ([value = null]) => (isZero(value) ? none : new Optional(value))],
  ['hasValue', onOptional((value) => value !== undefined)], ['value', onOptional((value) => (value === undefined ? new Failure('optional.none() dereference') : value))], ['optional.unwrap', unwrap], ['unwrapOpt', unwrap],
];
