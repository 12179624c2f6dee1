import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeOpenApiV2 } from './openapi-v2-protobuf.ts';
import { varint } from './varint.ts';

const cases: readonly (readonly [string, unknown, readonly number[]])[] = [
  ['text', { swagger: '2.0' }, [10, 3, 50, 46, 48]],
  ['a type in a definition', { definitions: { A: { type: 'b' } } }, [74, 13, 10, 11, 10, 1, 65, 18, 6, 178, 1, 3, 10, 1, 98]],
  ['an extension, as YAML', { definitions: { A: { 'x-k': 1 } } }, [74, 21, 10, 19, 10, 1, 65, 18, 14, 250, 1, 11, 10, 3, 120, 45, 107, 18, 4, 18, 2, 49, 10]],
  ['a reference in a property', { definitions: { A: { properties: { b: { $ref: '#' } } } } }, [74, 20, 10, 18, 10, 1, 65, 18, 13, 202, 1, 10, 10, 8, 10, 1, 98, 18, 3, 10, 1, 35]],
];

for (const [name, document, want] of cases) {
  test(`${name} stands where the form has it`, () => {
    const got = [...encodeOpenApiV2(document)];
    assert.deepEqual(got, want);
  });
}

test('numbers beyond a byte take more', () => {
  assert.deepEqual([0, 127, 128, 16_384].map((value) => [...varint(value)]), [[0], [127], [128, 1], [128, 128, 1]]);
});
