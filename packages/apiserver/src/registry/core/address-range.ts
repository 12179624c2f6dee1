/** A range of service addresses. The lower part is left to those who choose an address themselves. */
import { addressNumber, addressText } from '@kaji/api';
import { defined, type Random } from '@kaji/base';
import { familyOf } from './service-families.ts';
import type { Family } from './service-fields.ts';

/** Kubernetes: no more than so many addresses are left to those who choose. */
const mostReserved = 256n;
const leastReserved = 16n;

export class AddressRange {
  /** As it was written: `10.96.0.0/16`. */
  readonly cidr: string;
  readonly family: Family;
  /** The address of the network itself. */
  readonly base: string;
  readonly #isIpv6: boolean;
  readonly #first: bigint;
  readonly #last: bigint;
  readonly #reserved: bigint;

  constructor(cidr: string) {
    const [address = '', prefix = ''] = cidr.split('/');
    this.cidr = cidr;
    this.family = familyOf(cidr);
    this.#isIpv6 = this.family === 'IPv6';
    const host = (this.family === 'IPv4' ? 32n : 128n) - BigInt(prefix);
    const base = (numberOf(address) >> host) << host;
    const size = 1n << host;
    this.base = addressText(base, this.#isIpv6);
    this.#first = base + 1n;
    // The last address of an IPv4 network is for broadcasts.
    this.#last = base + size - (this.family === 'IPv4' ? 2n : 1n);
    const sixteenth = size / 16n;
    this.#reserved = size <= leastReserved ? 0n : sixteenth < leastReserved ? leastReserved : sixteenth > mostReserved ? mostReserved : sixteenth;
  }

  /** True for addresses that a Service may have. */
  contains(address: string): boolean {
    if (familyOf(address) !== this.family) return false;
    const value = numberOf(address);
    return value >= this.#first && value <= this.#last;
  }

  /** A free address: from a place found by chance on in the upper part, then in the lower one. */
  pick(isTaken: (address: string) => boolean, random: Random): string | undefined {
    const middle = this.#first + this.#reserved;
    return this.#free(middle, this.#last, isTaken, random) ?? (this.#reserved === 0n ? undefined : this.#free(this.#first, middle - 1n, isTaken, random));
  }

  #free(from: bigint, to: bigint, isTaken: (address: string) => boolean, random: Random): string | undefined {
    const count = to - from + 1n;
    if (count <= 0n) return undefined;
    const start = BigInt(Math.floor(random() * Number(count))) % count;
    for (let step = 0n; step < count; step++) {
      const address = addressText(from + ((start + step) % count), this.#isIpv6);
      if (!isTaken(address)) return address;
    }
    return undefined;
  }
}

const numberOf = (address: string): bigint => defined(addressNumber(address), `address ${address}`);

/** As it is written best: the name of its IPAddress. */
export const canonicalAddress = (address: string): string => addressText(numberOf(address), familyOf(address) === 'IPv6');
