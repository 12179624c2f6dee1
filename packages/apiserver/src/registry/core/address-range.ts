/** A range of service addresses. The lower part is left to those who choose an address themselves. */
import type { Random } from '@kaji/base';

export const familyOf = (address: string): 'IPv4' | 'IPv6' => (address.includes(':') ? 'IPv6' : 'IPv4');

/** How often chance may hit a taken address before the range is searched in order. */
const guesses = 32;

export class AddressRange {
  readonly #family: 'IPv4' | 'IPv6';
  readonly #base: bigint;
  readonly #size: bigint;
  readonly #random: Random;

  constructor(cidr: string, random: Random) {
    const [address = '', prefix = ''] = cidr.split('/');
    this.#family = familyOf(cidr);
    const bits = this.#family === 'IPv4' ? 32n : 128n;
    const host = bits - BigInt(prefix);
    this.#base = (toNumber(address) >> host) << host;
    // Kubernetes: at most 65,536 addresses of an IPv6 range are used.
    const whole = 1n << host;
    this.#size = this.#family === 'IPv6' && whole > 65_536n ? 65_536n : whole;
    this.#random = random;
  }

  /** True for addresses that a service may have: neither the first, nor the broadcast address. */
  contains(address: string): boolean {
    if (familyOf(address) !== this.#family) return false;
    const offset = toNumber(address) - this.#base;
    return offset > 0n && offset < this.#last();
  }

  /** A free address, by chance in the upper part of the range, then anywhere. */
  pick(isTaken: (address: string) => boolean): string | undefined {
    const last = this.#last();
    const reserved = this.#reserved();
    const span = last - reserved;
    for (let guess = 0; guess < guesses && span > 1n; guess++) {
      const address = this.#at(reserved + BigInt(Math.floor(this.#random() * Number(span))));
      if (this.contains(address) && !isTaken(address)) return address;
    }
    for (const [from, to] of [[reserved, last], [1n, reserved]] as const) {
      for (let offset = from < 1n ? 1n : from; offset < to; offset++) {
        const address = this.#at(offset);
        if (!isTaken(address)) return address;
      }
    }
    return undefined;
  }

  #last(): bigint {
    return this.#family === 'IPv4' ? this.#size - 1n : this.#size;
  }

  /** Kubernetes: min(max(16, size / 16), 256) addresses at the start; none of a small range. */
  #reserved(): bigint {
    const sixteenth = this.#size / 16n;
    if (sixteenth < 1n) return 0n;
    return sixteenth < 16n ? 16n : sixteenth > 256n ? 256n : sixteenth;
  }

  #at(offset: bigint): string {
    return toText(this.#base + offset, this.#family);
  }
}

function toNumber(address: string): bigint {
  if (familyOf(address) === 'IPv4') return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array.from({ length: zeros }, () => '0'), ...right].reduce((sum, part) => (sum << 16n) + BigInt(`0x${part}`), 0n);
}

function toText(value: bigint, family: 'IPv4' | 'IPv6'): string {
  if (family === 'IPv4') return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  return shorten(groups);
}

/** RFC 5952: the longest run of zeros is left out. */
function shorten(groups: readonly string[]): string {
  let best = { start: -1, length: 1 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === '0') length++;
    if (length > best.length) best = { start, length };
  }
  if (best.start < 0) return groups.join(':');
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}
