import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indent } from './indent.ts';

const cases: readonly unknown[] = [{}, [], { a: 1 }, { a: [], b: {}, c: [1, [2], { d: 'x"\\{}[],:' }], e: null }, 'text', [{ deep: { deeper: { deepest: [[[]]] } } }]];

for (const value of cases) {
  test(`indents ${JSON.stringify(value)}`, () => {
    assert.equal(Buffer.from(indent(new TextEncoder().encode(JSON.stringify(value)))).toString(), JSON.stringify(value, undefined, 2));
  });
}
