import assert from 'node:assert/strict';
import { stripTypeScriptTypes } from 'node:module';
import { test } from 'node:test';
import { descriptionsOf } from './descriptions.ts';

const module = `
import { message, ref } from '@kaji/schema';

/** Not of a type. */
export const limit: number = 3;

/** What is sold. */
export class Thing extends message('org.example.Thing', {
  /** Its name, unless it has none. */
  name: string(1).required(),
  // Kubernetes: not for clients.
  bare: oneOf(2, 'a, b', 'it\\'s'),
  /**
   * How much of it there is:
   * in units
   * of the shop.
   *
   * One of
   * - few
   * - many
   */
  'odd-name': list(3, Other).with({ mapKeys: ['x'], presence: 'always' }), // and more
  /** The last. */ last: bool(4),
}) {}

export class Empty extends message('org.example.Empty', {}) {}

/** Has what recursive types need. */
export class Deep extends message('org.example.Deep', {
  /** Its own kind. */
  child: ownRef(1),
}) {}
export interface Deep { child?: Deep }
`;

const want = [
  ['org.example.Thing', { text: 'What is sold.', fields: new Map([['name', 'Its name, unless it has none.'], ['bare', ''], ['odd-name', 'How much of it there is: in units of the shop.\n\nOne of\n- few\n- many'], ['last', 'The last.']]) }],
  ['org.example.Empty', { text: '', fields: new Map() }],
  ['org.example.Deep', { text: 'Has what recursive types need.', fields: new Map([['child', 'Its own kind.']]) }],
] as const;

test('comments above types and fields are read from the source', () => {
  assert.deepEqual([...descriptionsOf(module)], want);
});

test('they are still there when the types are stripped', () => {
  assert.deepEqual([...descriptionsOf(stripTypeScriptTypes(module))], want);
});
