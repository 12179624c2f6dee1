import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBase64 } from './base64.ts';
import { DecodeError } from './decode-error.ts';

const sound: readonly (readonly [text: string, packed: string])[] = [['', ''], ['YQ==', 'YQ=='], ['YQ\n=\r\n=\n', 'YQ=='], ['YWJj\nYWI=', 'YWJjYWI=']];

for (const [text, packed] of sound) test(`${JSON.stringify(text)} is base64`, () => { assert.equal(readBase64(text), packed); });

/** As Go's decoder counts. */
const broken: readonly (readonly [text: string, at: number])[] = [
  ['*', 0], ['a b', 1], ['ab-d', 2], ['YQ', 0], ['YWJjYQ', 4], ['YQ=', 3], ['YQ=a', 2], ['YQ=\na', 3], ['YQ==YQ==', 4], ['=', 0], ['a===', 1], ['abc=\nd', 5], ['a\nb', 1], ['ab\nü', 3],
];

for (const [text, at] of broken) {
  test(`${JSON.stringify(text)} is wrong at byte ${at}`, () => {
    assert.throws(() => readBase64(text), (error) => error instanceof DecodeError && error.message === `illegal base64 data at input byte ${at}`);
  });
}
