import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AddressRange } from './address-range.ts';

const never = (): boolean => false;

for (const [cidr, family, base, first, dynamic, last] of [
  ['192.168.1.0/24', 'IPv4', '192.168.1.0', '192.168.1.1', '192.168.1.17', '192.168.1.254'],
  ['192.168.0.0/16', 'IPv4', '192.168.0.0', '192.168.0.1', '192.168.1.1', '192.168.255.254'],
  ['10.96.0.0/12', 'IPv4', '10.96.0.0', '10.96.0.1', '10.96.1.1', '10.111.255.254'],
  ['192.168.1.0/27', 'IPv4', '192.168.1.0', '192.168.1.1', '192.168.1.17', '192.168.1.30'],
  ['192.168.1.0/28', 'IPv4', '192.168.1.0', '192.168.1.1', '192.168.1.1', '192.168.1.14'],
  ['192.168.1.0/30', 'IPv4', '192.168.1.0', '192.168.1.1', '192.168.1.1', '192.168.1.2'],
  ['fd00::/112', 'IPv6', 'fd00::', 'fd00::1', 'fd00::101', 'fd00::ffff'],
  ['fd00::/120', 'IPv6', 'fd00::', 'fd00::1', 'fd00::11', 'fd00::ff'],
] as const) {
  test(`the bands of ${cidr}`, () => {
    const range = new AddressRange(cidr);
    assert.deepEqual([range.family, range.base], [family, base]);
    assert.ok(range.contains(first) && range.contains(last) && !range.contains(base));
    assert.equal(range.pick(never, () => 0), dynamic);
    assert.ok(range.contains(range.pick(never, () => 0.999999999999) ?? ''));
  });
}

test('the lower band is used when the upper one is full', () => {
  const range = new AddressRange('192.168.1.0/27');
  const taken = new Set<string>();
  for (let count = 0; count < 30; count++) {
    const address = range.pick((each) => taken.has(each), () => 0.4) ?? '';
    assert.equal(Number(address.split('.')[3]) < 17, count >= 14, address);
    taken.add(address);
  }
  assert.equal(taken.size, 30);
  assert.equal(range.pick((each) => taken.has(each), () => 0.4), undefined);
});

test('an address of the other family is not contained', () => {
  assert.ok(!new AddressRange('10.0.0.0/8').contains('fd00::1'));
  assert.ok(!new AddressRange('fd00::/64').contains('10.0.0.1'));
  assert.ok(!new AddressRange('10.0.0.0/24').contains('10.0.0.255'));
});
