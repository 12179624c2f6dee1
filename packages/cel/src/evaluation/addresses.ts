/** IP addresses and networks as values. */
import { goQuoted, type IpAddress, ipAddressText, type IpPrefix, isMappedAddress, isWithinPrefix, maskedAddress, parseGoAddress, parseGoPrefix } from '@kaji/schema';
import type { Implementation } from './functions.ts';
import { type AddedValue, Failure, noSuchOverload, type Value } from './value.ts';

const prefixText = ({ address, length }: IpPrefix): string => `${ipAddressText(address)}/${length}`;
const areSame = (left: IpAddress, right: IpAddress): boolean => left.bits === right.bits && left.width === right.width;

export class AddressValue implements AddedValue {
  readonly kind = 'added';
  readonly typeName = 'net.IP';
  readonly goType = 'cel.IP';
  readonly address: IpAddress;

  constructor(address: IpAddress) {
    this.address = address;
  }

  get hash(): string {
    return ipAddressText(this.address);
  }

  get native(): string {
    return `(netip.Addr)${this.hash}`;
  }

  get size(): number {
    return this.address.width / 8;
  }

  isEqual(other: Value): boolean | Failure {
    return other instanceof AddressValue ? areSame(this.address, other.address) : noSuchOverload;
  }
}

export class NetworkValue implements AddedValue {
  readonly kind = 'added';
  readonly typeName = 'net.CIDR';
  readonly goType = 'cel.CIDR';
  readonly prefix: IpPrefix;

  constructor(prefix: IpPrefix) {
    this.prefix = prefix;
  }

  get hash(): string {
    return prefixText(this.prefix);
  }

  get native(): string {
    return `(netip.Prefix)${this.hash}`;
  }

  get size(): number {
    return Math.ceil(this.prefix.length / 8);
  }

  isEqual(other: Value): boolean | Failure {
    return other instanceof NetworkValue ? areSame(this.prefix.address, other.prefix.address) && this.prefix.length === other.prefix.length : noSuchOverload;
  }
}

function readAddress(text: string): AddressValue | Failure {
  const address = parseGoAddress(text);
  if (typeof address === 'string') return new Failure(`IP Address ${goQuoted(text)} parse error during conversion from string: ${address}`);
  if (address.zone !== '') return new Failure(`IP address ${goQuoted(text)} with zone value is not allowed`);
  return isMappedAddress(address) ? new Failure(`IPv4-mapped IPv6 address ${goQuoted(text)} is not allowed`) : new AddressValue(address);
}

function readNetwork(text: string): NetworkValue | Failure {
  const complaint = 'network address parse error during conversion from string: ';
  const prefix = parseGoPrefix(text);
  if (typeof prefix === 'string') return new Failure(complaint + complaint + prefix);
  return isMappedAddress(prefix.address) ? new Failure(`${complaint}IPv4-mapped IPv6 address ${goQuoted(text)} is not allowed`) : new NetworkValue(prefix);
}

const onText = (run: (text: string) => Value): Implementation => ([text]) => (typeof text === 'string' ? run(text) : noSuchOverload);
const onAddress = (run: (address: IpAddress) => Value): Implementation => ([value]) => (value instanceof AddressValue ? run(value.address) : noSuchOverload);
const onNetwork = (run: (prefix: IpPrefix, other: Value) => Value): Implementation => ([value, other = null]) => (value instanceof NetworkValue ? run(value.prefix, other) : noSuchOverload);

/** A question about the first bits of an address: what they are in each family. */
const startsWith = (ofIpv4: readonly [bits: number, length: number], ofIpv6: readonly [bits: number, length: number]) => ({ bits, width }: IpAddress): boolean => {
  const [wanted, length] = width === 32 ? ofIpv4 : ofIpv6;
  return bits >> BigInt(width - length) === BigInt(wanted);
};
const isLoopback = ({ bits, width }: IpAddress): boolean => (width === 32 ? bits >> 24n === 127n : bits === 1n);
const isMulticast = startsWith([0xe, 4], [0xff, 8]);
const isLinkLocalUnicast = startsWith([0xa9fe, 16], [0xfe80 >> 6, 10]);
const isLinkLocalMulticast = ({ bits, width }: IpAddress): boolean => (width === 32 ? bits >> 8n === 0xe00000n : (bits >> 112n & 0xff0fn) === 0xff02n);
const isUnspecified = ({ bits }: IpAddress): boolean => bits === 0n;
const isGlobalUnicast = (address: IpAddress): boolean =>
  !isUnspecified(address) && !isLoopback(address) && !isMulticast(address) && !isLinkLocalUnicast(address) && !(address.width === 32 && address.bits === 0xffff_ffffn);

const contains = onNetwork((prefix, other) => {
  const value = typeof other === 'string' ? readAddress(other) : other;
    // Kubernetes: why the text is no address is not told.
  return value instanceof AddressValue ? isWithinPrefix(value.address, prefix) : noSuchOverload;
});

const containsNetwork = onNetwork((prefix, other) => {
  const value = typeof other === 'string' ? readNetwork(other) : other;
  if (value instanceof NetworkValue) return prefix.length <= value.prefix.length && isWithinPrefix(value.prefix.address, prefix);
  return value instanceof Failure ? value : noSuchOverload;
});

const textOf = (value: Value | undefined): Value => {
  if (value instanceof AddressValue) return ipAddressText(value.address);
  return value instanceof NetworkValue ? prefixText(value.prefix) : noSuchOverload;
};

export const addressFunctions: readonly (readonly [string, Implementation])[] = [
  ['ip', ([value]) => (typeof value === 'string' ? readAddress(value) : value instanceof NetworkValue ? new AddressValue(value.prefix.address) : noSuchOverload)],
  ['isIP', onText((text) => readAddress(text) instanceof AddressValue)],
  ['ip.isCanonical', onText((text) => {
    const value = readAddress(text);
    return value instanceof Failure ? value : ipAddressText(value.address) === text;
  })],
  ['family', onAddress(({ width }) => (width === 32 ? 4n : 6n))],
  ['isUnspecified', onAddress(isUnspecified)], ['isLoopback', onAddress(isLoopback)], ['isLinkLocalMulticast', onAddress(isLinkLocalMulticast)],
  ['isLinkLocalUnicast', onAddress(isLinkLocalUnicast)], ['isGlobalUnicast', onAddress(isGlobalUnicast)],
  ['cidr', onText(readNetwork)], ['isCIDR', onText((text) => readNetwork(text) instanceof NetworkValue)],
  ['containsIP', contains], ['containsCIDR', containsNetwork], ['prefixLength', onNetwork(({ length }) => BigInt(length))],
  ['masked', onNetwork((prefix) => new NetworkValue({ ...prefix, address: maskedAddress(prefix) }))], ['string', ([value]) => textOf(value)],
];
