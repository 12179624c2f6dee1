import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bool, int32, list, message, quantity, ref, string, stringMap, strings } from './index.ts';
import { goForm } from './go-form.ts';
import { isSemanticallyEqual } from './semantic-equal.ts';

class Part extends message('test.Part', { name: string(1).required(), podIP: string(2), isRead: bool(3).explicit() }) {}
class Whole extends message('test.Whole', {
  part: ref(1, Part), held: ref(2, Part).always(), parts: list(3, Part), names: strings(4), count: int32(5).explicit(), plain: int32(6), labels: stringMap(7), size: quantity(8).explicit(), pdName: string(9).with({ goName: 'PDName' }),
}) {}

test('an object is shown by the names of Go, with what is not set', () => {
  assert.deepEqual(goForm(Whole, { held: { name: 'a' }, size: '1Gi' }), {
    Part: null, Held: { Name: 'a', PodIP: '', IsRead: null }, Parts: null, Names: null, Count: null, Plain: 0, Labels: null, Size: '1Gi', PDName: '',
  });
  assert.deepEqual(Object.keys(goForm(Whole, { held: { name: '' } }) as object), ['Part', 'Held', 'Parts', 'Names', 'Count', 'Plain', 'Labels', 'Size', 'PDName']);
  assert.deepEqual((goForm(Whole, { held: { name: '' }, parts: [{ name: 'b', isRead: true }], count: 0 }) as { Parts: unknown; Count: unknown }).Parts, [{ Name: 'b', PodIP: '', IsRead: true }]);
});

for (const [name, a, b, want] of [
  ['amounts written in two ways', { size: '1Gi' }, { size: '1024Mi' }, true],
  ['other amounts', { size: '1Gi' }, { size: '1G' }, false],
  ['an empty list and none', { names: [] }, {}, true],
  ['an empty map and none', { labels: {} }, {}, true],
  ['a number that is zero and none', { count: 0 }, {}, false],
  ['another order of labels', { labels: { a: '1', b: '2' } }, { labels: { b: '2', a: '1' } }, true],
  ['another order of a list', { names: ['a', 'b'] }, { names: ['b', 'a'] }, false],
  ['parts that differ', { parts: [{ name: 'a' }] }, { parts: [{ name: 'b' }] }, false],
] as const) {
  test(`${name} ${want ? 'mean the same' : 'differ'}`, () => {
    const held = { held: { name: '' } };
    assert.equal(isSemanticallyEqual(Whole, { ...held, ...a } as Whole, { ...held, ...b } as Whole), want);
  });
}

test('lists of messages, and what stands in the place of one, are compared as well', () => {
  const same = (left: unknown, right: unknown): boolean => isSemanticallyEqual(Part, left as Part, right as Part); // what alternatives hold
  const rows: readonly (readonly [left: unknown, right: unknown, want: boolean])[] = [
    [[{ name: 'a' }], [{ name: 'a', podIP: '' }], true], [[{ name: 'a' }], [{ name: 'b' }], false], [[{ name: 'a' }], [], false], [[{ name: 'a' }], { name: 'a' }, false],
    [true, false, false], [true, {}, false], [true, true, true],
  ];
  for (const [left, right, want] of rows) assert.equal(same(left, right), want, JSON.stringify([left, right]));
});
