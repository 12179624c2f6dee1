import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressAt, doOverlap, freeSubnet, parseRange } from './addresses.ts';

describe('ranges', () => {
  const cases: readonly [string, { first: number; size: number } | undefined][] = [
    ['10.96.0.0/12', { first: 0x0a600000, size: 2 ** 20 }],
    ['172.30.0.0/24', { first: 0xac1e0000, size: 256 }],
    ['192.0.2.7', { first: 0xc0000207, size: 1 }],
    ['0.0.0.0/0', { first: 0, size: 2 ** 32 }],
    ['10.96.0.1/12', undefined],
    ['10.96.0.256', undefined],
    ['10.0.0.0/33', undefined],
    ['default', undefined],
    ['fd00::/64', undefined],
  ];
  for (const [text, want] of cases) it(`${text} is ${want === undefined ? 'refused' : 'read'}`, () => { assert.deepEqual(parseRange(text), want); });

  it('give the address at a place', () => {
    assert.equal(addressAt('10.96.0.0/12', 10), '10.96.0.10');
    assert.equal(addressAt('10.96.0.0/12', 256), '10.96.1.0');
    assert.throws(() => addressAt('10.0.0.0/30', 4), /has no address 4/);
  });

  it('overlap when they share an address', () => {
    const range = (text: string): NonNullable<ReturnType<typeof parseRange>> => parseRange(text) ?? assert.fail(text);
    assert.equal(doOverlap(range('10.0.0.0/8'), range('10.96.0.0/12')), true);
    assert.equal(doOverlap(range('10.0.0.0/24'), range('10.0.1.0/24')), false);
  });
});

describe('the network of a cluster', () => {
  const cases: readonly [string, string, readonly number[], number | undefined][] = [
    ['is the first when nothing is there', 'default via 192.0.2.1 dev eth0\n', [], 0],
    ['lies beside routes of the host', '172.30.0.0/23 dev docker0\n172.30.2.5 dev tun0\n', [], 3],
    ['lies beside local addresses', 'local 172.30.0.1 dev kaji-0 table local\n', [], 1],
    ['lies beside other clusters, also stopped ones', '', [0, 1], 2],
    ['does not exist when all is taken', '172.16.0.0/12 dev vpn\n', [], undefined],
  ];
  for (const [name, routes, taken, want] of cases) it(name, () => { assert.equal(freeSubnet(routes, taken), want); });
});
