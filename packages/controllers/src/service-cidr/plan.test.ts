import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Address, canGo, hasCondition, heldCondition, overlapping, type Range, rangesOf, readyCondition } from './plan.ts';

const range = (name: string, ...cidrs: string[]): Range => ({ metadata: { name }, spec: { cidrs } }) as Range;
const address = (name: string, labels: Record<string, string> = { 'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io' }): Address => ({ metadata: { name, labels } }) as unknown as Address;
const names = (ranges: readonly Range[]): (string | undefined)[] => ranges.map(({ metadata }) => metadata.name);

test('an address is of every range that can give it out', () => {
  const ranges = [range('a', '10.0.0.0/24'), range('b', '10.0.0.0/16', 'fd00::/112'), range('c', '10.1.0.0/24')];
  for (const [text, want] of [
    ['10.0.0.5', ['a', 'b']],
    ['10.0.0.0', []],
    ['10.0.0.255', ['b']],
    ['10.0.255.255', []],
    ['fd00::', []],
    ['fd00::ffff', ['b']],
    ['10.2.0.1', []],
  ] as const) assert.deepEqual(names(rangesOf(text, ranges)), want, text);
});

test('ranges overlap where one is within the other', () => {
  const ranges = [range('a', '10.0.0.0/24'), range('b', '10.0.0.0/16', 'fd00::/112'), range('c', '10.1.0.0/24'), range('d', 'fd00::/120')];
  assert.deepEqual(names(overlapping(range('x', '10.0.0.0/8'), ranges)), ['a', 'b', 'c']);
  assert.deepEqual(names(overlapping(range('x', 'fd00::/64'), ranges)), ['b', 'd']);
});

for (const [name, others, addresses, want] of [
  ['no addresses', [], [], true],
  ['an address only it holds', [], [address('10.0.0.5')], false],
  ['an address of somebody else', [], [address('10.0.0.5', {})], true],
  ['an address of another range, too', [range('b', '10.0.0.0/28')], [address('10.0.0.5')], true],
  ['an address out of the other range', [range('b', '10.0.0.0/28')], [address('10.0.0.5'), address('10.0.0.77')], false],
  ['within a wider range', [range('b', '10.0.0.0/16')], [address('10.0.0.77')], true],
  ['an address of neither', [], [address('10.5.0.5')], true],
] as const) {
  test(`a range that is deleted ${want ? 'goes' : 'stays'}: ${name}`, () => {
    const own = range('a', '10.0.0.0/24');
    assert.equal(canGo(own, [own, ...others], addresses), want);
  });
}

test('a condition is said once', () => {
  const said = { ...range('a', '10.0.0.0/24'), status: { conditions: [{ ...readyCondition, lastTransitionTime: '2026-01-01T00:00:00Z' }] } } as Range;
  assert.ok(hasCondition(said, readyCondition));
  assert.ok(!hasCondition(said, heldCondition));
  assert.ok(!hasCondition(range('a'), readyCondition));
});
