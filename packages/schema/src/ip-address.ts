/** IP addresses and prefixes as Go's net/netip reads and writes them: clients see its complaints. */
import { goQuoted } from './go-text.ts';

export interface IpAddress {
  readonly bits: bigint;
  readonly width: 32 | 128;
  /** The interface behind `%`; empty without one. */
  readonly zone: string;
}

export interface IpPrefix {
  readonly address: IpAddress;
  readonly length: number;
}

/** What is wrong, and at which part of the text. */
class Unreadable extends Error {
  constructor(why: string, at = '') {
    super(at === '' ? why : `${why} (at ${goQuoted(at)})`);
  }
}

/** The address, or the text of the error. */
export function parseGoAddress(text: string): IpAddress | string {
  try {
    return readAddress(text);
  } catch (error) {
    if (error instanceof Unreadable) return `ParseAddr(${goQuoted(text)}): ${error.message}`;
    throw error;
  }
}

function readAddress(text: string): IpAddress {
  switch (/[.:%]/.exec(text)?.[0]) {
    case '.': return { bits: readDotted(text), width: 32, zone: '' };
    case ':': return readGroups(text);
    case '%': throw new Unreadable('missing IPv6 address');
    default: throw new Unreadable('unable to parse IP');
  }
}

function readDotted(text: string): bigint {
  const octets: number[] = [];
  let octet = '';
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (/\d/.test(character)) {
      if (octet === '0') throw new Unreadable('IPv4 field has octet with leading zero');
      octet += character;
      if (Number(octet) > 255) throw new Unreadable('IPv4 field has value >255');
    } else if (character === '.') {
      if (octet === '' || index === text.length - 1) throw new Unreadable('IPv4 field must have at least one digit', text.slice(index));
      if (octets.length === 3) throw new Unreadable('IPv4 address too long');
      octets.push(Number(octet));
      octet = '';
    } else throw new Unreadable('unexpected character', text.slice(index));
  }
  if (octets.length < 3) throw new Unreadable('IPv4 address too short');
  return [...octets, Number(octet)].reduce((bits, each) => bits * 256n + BigInt(each), 0n);
}

/** Groups of 16 bits, and where among them the zeros are left out. */
function readGroups(text: string): IpAddress {
  const percent = text.indexOf('%');
  const zone = percent < 0 ? '' : text.slice(percent + 1);
  if (percent >= 0 && zone === '') throw new Unreadable('zone must be a non-empty string');
  let rest = percent < 0 ? text : text.slice(0, percent);
  const groups: bigint[] = [];
  let gap = -1;
  if (rest.startsWith('::')) {
    gap = 0;
    rest = rest.slice(2);
  }
  while (rest !== '' && groups.length < 8) {
    const [digits = ''] = /^[\da-fA-F]*/.exec(rest) ?? [];
    if (digits.length > 4) throw new Unreadable('each group must have 4 or less digits', rest);
    if (digits === '') throw new Unreadable('each colon-separated field must have at least one digit', rest);
    if (rest.charAt(digits.length) === '.') {
      if (gap < 0 && groups.length !== 6) throw new Unreadable('embedded IPv4 address must replace the final 2 fields of the address', rest);
      if (groups.length > 6) throw new Unreadable('too many hex fields to fit an embedded IPv4 at the end of the address', rest);
      const dotted = readDotted(rest);
      groups.push(dotted >> 16n, dotted & 0xffffn);
      rest = '';
      break;
    }
    groups.push(BigInt(`0x${digits}`));
    rest = rest.slice(digits.length);
    if (rest === '') break;
    if (!rest.startsWith(':')) throw new Unreadable('unexpected character, want colon', rest);
    if (rest === ':') throw new Unreadable('colon must be followed by more characters', rest);
    rest = rest.slice(1);
    if (!rest.startsWith(':')) continue;
    if (gap >= 0) throw new Unreadable('multiple :: in address', rest);
    gap = groups.length;
    rest = rest.slice(1);
  }
  if (rest !== '') throw new Unreadable('trailing garbage after address', rest);
  return { bits: joined(groups, gap), width: 128, zone };
}

function joined(groups: readonly bigint[], gap: number): bigint {
  if (groups.length < 8 && gap < 0) throw new Unreadable('address string too short');
  if (groups.length === 8 && gap >= 0) throw new Unreadable('the :: must expand to at least one field of zeros');
  const whole = gap < 0 ? groups : [...groups.slice(0, gap), ...Array.from({ length: 8 - groups.length }, () => 0n), ...groups.slice(gap)];
  return whole.reduce((bits, group) => (bits << 16n) | group, 0n);
}

/** The prefix, or the text of the error. */
export function parseGoPrefix(text: string): IpPrefix | string {
  const complaint = (why: string): string => `netip.ParsePrefix(${goQuoted(text)}): ${why}`;
  const slash = text.lastIndexOf('/');
  if (slash < 0) return complaint("no '/'");
  const address = parseGoAddress(text.slice(0, slash));
  if (typeof address === 'string') return complaint(address);
  if (address.zone !== '') return complaint('IPv6 zones cannot be present in a prefix');
  const digits = text.slice(slash + 1);
  if (!/^(?:\d|[1-9]\d{1,18})$/.test(digits)) return complaint(`bad bits after slash: ${goQuoted(digits)}`);
  return Number(digits) > address.width ? complaint('prefix length out of range') : { address, length: Number(digits) };
}

export const isMappedAddress = ({ bits, width }: IpAddress): boolean => width === 128 && bits >> 32n === 0xffffn;

/** The bits that a prefix leaves open are zero. */
export function maskedAddress({ address, length }: IpPrefix): IpAddress {
  const open = BigInt(address.width - length);
  return { ...address, bits: (address.bits >> open) << open };
}

export const isWithinPrefix = ({ bits, width }: IpAddress, { address, length }: IpPrefix): boolean => width === address.width && (bits ^ address.bits) >> BigInt(width - length) === 0n;

/** The shortest text: lower case, the longest run of zero groups left out. */
export const ipAddressText = ({ bits, width }: IpAddress): string => (width === 32 ? dottedText(bits) : ipv6Text(Array.from({ length: 8 }, (_, index) => Number((bits >> BigInt(112 - 16 * index)) & 0xffffn))));

export const dottedText = (bits: bigint): string => [24n, 16n, 8n, 0n].map((shift) => String((bits >> shift) & 255n)).join('.');

/** The text of eight groups. */
export function ipv6Text(groups: readonly number[]): string {
  let [best, bestLength] = [-1, 1];
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > bestLength) [best, bestLength] = [start, length];
  }
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  return best < 0 ? hex(groups) : `${hex(groups.slice(0, best))}::${hex(groups.slice(best + bestLength))}`;
}
