import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptsJson } from './accept.ts';

const cases: readonly (readonly [accept: string, want: boolean])[] = [
  ['', true],
  ['application/json', true],
  ['application/vnd.kubernetes.protobuf,application/json', true],
  ['application/vnd.kubernetes.protobuf, application/json;q=0.5', true],
  ['*/*', true],
  ['application/*', false],
  ['application/vnd.kubernetes.protobuf', false],
  ['text/plain', false],
];
for (const [accept, want] of cases) {
  test(`a page of JSON ${want ? 'suits' : 'does not suit'} a client that accepts ${JSON.stringify(accept)}`, () => {
    assert.equal(acceptsJson({ headers: accept === '' ? {} : { accept }, query: new URLSearchParams() }), want);
  });
}
