import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allocate, parsePodRange } from './plan.ts';

const cases: readonly (readonly [name: string, cidr: string, nodePrefix: number, taken: readonly string[], want: string | undefined])[] = [
  ['starts at the beginning', '10.244.0.0/16', 24, [], '10.244.0.0/24'],
  ['skips what is taken', '10.244.0.0/16', 24, ['10.244.0.0/24', '10.244.1.0/24'], '10.244.2.0/24'],
  ['fills gaps', '10.244.0.0/16', 24, ['10.244.0.0/24', '10.244.2.0/24'], '10.244.1.0/24'],
  ['ignores bits behind the prefix', '10.244.7.9/16', 24, [], '10.244.0.0/24'],
  ['goes above half of the address space', '192.168.0.0/23', 24, ['192.168.0.0/24'], '192.168.1.0/24'],
  ['says when it is full', '10.0.0.0/23', 24, ['10.0.0.0/24', '10.0.1.0/24'], undefined],
];

for (const [name, cidr, nodePrefix, taken, want] of cases) {
  test(name, () => { assert.equal(allocate(parsePodRange(cidr, nodePrefix), new Set(taken)), want); });
}

test('refuses what is no range', () => {
  assert.throws(() => parsePodRange('10.0.0.0', 24), /no IPv4 range/);
  assert.throws(() => parsePodRange('10.0.0.0/24', 16), /cannot be a \/16/);
});
