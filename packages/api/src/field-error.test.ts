import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorsOf, required } from './field-error.ts';

test('rules of many items stop where there is enough to be told', () => {
  let asked = 0;
  const errors = errorsOf(Array.from({ length: 20_000 }, (_, index) => index), (index) => {
    asked++;
    return index % 2 === 0 ? [required(`items[${index}]`)] : [];
  });
  assert.deepEqual([errors.length, errors[1]?.field, asked], [5000, 'items[2]', 9999]);
});

test('and where the text of a few is enough', () => {
  assert.equal(errorsOf(Array.from({ length: 100 }, () => 'x'.repeat(1024 * 1024)), (text) => [required('a', text)]).length, 4);
});
