import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addQuantities, canonicalQuantity, compareQuantities, parseQuantity, quantityMilliValue, quantityValue } from './quantity.ts';

const canonical: readonly (readonly [string, string])[] = [
  ['0', '0'], ['100m', '100m'], ['1000m', '1'], ['1.5', '1500m'], ['0.5Gi', '512Mi'], ['1.5Gi', '1536Mi'], ['1024Ki', '1Mi'], ['1000Ki', '1000Ki'], ['128Mi', '128Mi'],
  ['0.1Ki', '102400m'], ['1e3', '1e3'], ['1000000', '1M'], ['0.0000000001', '1n'], ['-5', '-5'], ['12345', '12345'], ['1E', '1E'], ['0Ki', '0'], ['2048', '2048'], ['010', '010'],
];
for (const [text, wanted] of canonical) test(`${text} is written ${wanted}`, () => assert.equal(canonicalQuantity(text), wanted));

for (const text of ['', 'lots', '1.2.3', '1Q', '--1', '1e', '1e99999999']) test(`${JSON.stringify(text)} is refused`, () => assert.throws(() => canonicalQuantity(text), { name: 'DecodeError' }));

test('arithmetic is exact and keeps the first format', () => {
  assert.equal(addQuantities('1Gi', '1'), '1073741825');
  assert.equal(addQuantities('100m', '0.9'), '1');
  assert.equal(compareQuantities('1Gi', '1G'), 1);
  assert.equal(quantityValue('1500m'), 2n);
  assert.equal(quantityMilliValue('2Gi'), 2_147_483_648_000n);
});

test('plain amounts are read as all others are', () => {
  for (const digits of ['0', '00', '010', '1', '1024', '999999']) {
    for (const unit of ['m', '', 'Ki', 'Mi', 'Gi', 'Ti']) assert.deepEqual(parseQuantity(`${digits}${unit}`), parseQuantity(` ${digits}${unit}`), `${digits}${unit}`);
  }
});
