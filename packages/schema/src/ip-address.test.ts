import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ipAddressText, isWithinPrefix, maskedAddress, parseGoAddress, parseGoPrefix } from './ip-address.ts';

const addresses: readonly (readonly [text: string, want: string])[] = [
  ['10.0.0.1', '10.0.0.1'], ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'], ['::', '::'], ['1::', '1::'], ['::ffff:1.2.3.4', '::ffff:102:304'], ['fe80::1%eth0', 'fe80::1'],
  ['', 'ParseAddr(""): unable to parse IP'], ['x', 'ParseAddr("x"): unable to parse IP'], ['%', 'ParseAddr("%"): missing IPv6 address'],
  ['1.2.3', 'ParseAddr("1.2.3"): IPv4 address too short'], ['1.2.3.4.5', 'ParseAddr("1.2.3.4.5"): IPv4 address too long'], ['1..2.3', 'ParseAddr("1..2.3"): IPv4 field must have at least one digit (at ".2.3")'],
  ['01.2.3.4', 'ParseAddr("01.2.3.4"): IPv4 field has octet with leading zero'], ['1.2.3.256', 'ParseAddr("1.2.3.256"): IPv4 field has value >255'], ['1.2.3.x', 'ParseAddr("1.2.3.x"): unexpected character (at "x")'],
  ['::1%', 'ParseAddr("::1%"): zone must be a non-empty string'], ['12345::', 'ParseAddr("12345::"): each group must have 4 or less digits (at "12345::")'],
  ['1:2', 'ParseAddr("1:2"): address string too short'], ['1::2::3', 'ParseAddr("1::2::3"): multiple :: in address (at ":3")'], ['1:', 'ParseAddr("1:"): colon must be followed by more characters (at ":")'],
  ['1:2:3:4:5:6:7:8::', 'ParseAddr("1:2:3:4:5:6:7:8::"): the :: must expand to at least one field of zeros'], ['1:2:3:4:5:6:7:8:9', 'ParseAddr("1:2:3:4:5:6:7:8:9"): trailing garbage after address (at "9")'],
  ['1:g::', 'ParseAddr("1:g::"): each colon-separated field must have at least one digit (at "g::")'], ['1:2.3.4.5', 'ParseAddr("1:2.3.4.5"): embedded IPv4 address must replace the final 2 fields of the address (at "2.3.4.5")'],
];

for (const [text, want] of addresses) {
  test(`reads the address ${JSON.stringify(text)} as Go does`, () => {
    const address = parseGoAddress(text);
    assert.equal(typeof address === 'string' ? address : ipAddressText(address), want);
  });
}

const prefixes: readonly (readonly [text: string, want: string])[] = [
  ['10.1.2.3/8', '10.0.0.0'], ['2001:db8:1::/32', '2001:db8::'], ['::/0', '::'], ['10.0.0.0', `netip.ParsePrefix("10.0.0.0"): no '/'`], ['10.0.0.0/33', 'netip.ParsePrefix("10.0.0.0/33"): prefix length out of range'],
  ['10.0.0.0/08', 'netip.ParsePrefix("10.0.0.0/08"): bad bits after slash: "08"'], ['x/8', 'netip.ParsePrefix("x/8"): ParseAddr("x"): unable to parse IP'],
  ['fe80::%a/8', 'netip.ParsePrefix("fe80::%a/8"): IPv6 zones cannot be present in a prefix'],
];

for (const [text, want] of prefixes) {
  test(`masks the prefix ${JSON.stringify(text)}`, () => {
    const prefix = parseGoPrefix(text);
    assert.equal(typeof prefix === 'string' ? prefix : ipAddressText(maskedAddress(prefix)), want);
  });
}

test('an address is within the prefixes of its own family that it starts with', () => {
  const within = (text: string, prefix: string): boolean => {
    const [address, range] = [parseGoAddress(text), parseGoPrefix(prefix)];
    return typeof address !== 'string' && typeof range !== 'string' && isWithinPrefix(address, range);
  };
  assert.deepEqual([within('10.1.2.3', '10.9.0.0/8'), within('11.1.2.3', '10.9.0.0/8'), within('::a01:203', '10.0.0.0/8'), within('::1', '::/0')], [true, false, false, true]);
});
