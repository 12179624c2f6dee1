import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doubleText } from './double-text.ts';

test('doubles are written as Go writes them', () => {
  for (const [number, want] of [
    [0, '0'], [-0, '-0'], [1, '1'], [-2.5, '-2.5'], [0.0001, '0.0001'], [0.000_01, '1e-05'], [-1.5e-7, '-1.5e-07'], [123_456.75, '123456.75'], [1_000_000, '1e+06'], [12_345_678.5, '1.23456785e+07'],
    [1e21, '1e+21'], [1e300, '1e+300'], [Number.NaN, 'NaN'], [Infinity, '+Inf'], [-Infinity, '-Inf'],
  ] as const) assert.equal(doubleText(number), want);
});
