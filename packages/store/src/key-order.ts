import type { Range } from './store.ts';

/**
 * Compares keys in the byte order of their UTF-8, which is the order of code points and SQLite's order.
 * JavaScript compares UTF-16 units, and there surrogates (code points from 0x10000 on) sort before 0xE000 to 0xFFFF.
 */
export function compareKeys(left: string, right: string): number {
  if (left === right) return 0;
  const shared = Math.min(left.length, right.length);
  for (let index = 0; index < shared; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

/** Lifts surrogates above every other unit. */
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);

export const isInRange = (range: Range, key: string): boolean => compareKeys(key, range.start) >= 0 && compareKeys(key, range.end) < 0;

/** A key's range: that key alone. */
export const onlyKey = (key: string): Range => ({ start: key, end: `${key}\0` });

/** All keys that start with `prefix`, which ends in an ASCII character that has a successor (`/` in practice). */
export const withPrefix = (prefix: string): Range => ({ start: prefix, end: prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1) });
