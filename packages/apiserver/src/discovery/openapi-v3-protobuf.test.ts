import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeOpenApiV3 } from './openapi-v3-protobuf.ts';

const schemas = (value: unknown): unknown => ({ components: { schemas: { A: value } } });

const cases: readonly (readonly [string, unknown, readonly number[]])[] = [
  ['text', { openapi: '3' }, [10, 1, 51]],
  ['a type', schemas({ type: 'b' }), [42, 15, 10, 13, 10, 11, 10, 1, 65, 18, 6, 10, 4, 202, 1, 1, 98]],
  ['a reference', schemas({ $ref: '#' }), [42, 14, 10, 12, 10, 10, 10, 1, 65, 18, 5, 18, 3, 10, 1, 35]],
  ['a number by default', schemas({ default: 1 }), [42, 23, 10, 21, 10, 19, 10, 1, 65, 18, 14, 10, 12, 138, 2, 9, 9, 0, 0, 0, 0, 0, 0, 240, 63]],
  ['an object by default, which has no form', schemas({ default: {} }), [42, 14, 10, 12, 10, 10, 10, 1, 65, 18, 5, 10, 3, 138, 2, 0]],
  ['fields in the order of their numbers', { info: { version: '1', title: 'K' }, openapi: '3' }, [10, 1, 51, 18, 6, 10, 1, 75, 50, 1, 49]],
];

for (const [name, document, want] of cases) {
  test(`${name} stands where the form has it`, () => {
    assert.deepEqual([...encodeOpenApiV3(document)], want);
  });
}
