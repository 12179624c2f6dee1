/** Addresses and ranges as fields of the API take them. */
import { dottedText, ipAddressText, ipv6Text } from '@kaji/schema';
import { invalid, invalidAll } from './field-error.ts';
import type { FieldError } from './resource.ts';

const octet = /^\d{1,3}$/;

/** Addresses as nearly all are written. */
const plainIpv4 = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;

export function isIpv4(text: string, allowsLeadingZeros: boolean): boolean {
  if (plainIpv4.test(text)) return true;
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => octet.test(part) && Number(part) <= 255 && (allowsLeadingZeros || part === String(Number(part))));
}

/** The eight groups of an IPv6 address; undefined if the text is none. */
export function ipv6Groups(text: string): number[] | undefined {
  if (!text.includes(':')) return undefined;
  let source = text;
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (tail !== null) {
    const [, head = '', dotted = ''] = tail;
    if (!isIpv4(dotted, false)) return undefined;
    const [a = 0, b = 0, c = 0, d = 0] = dotted.split('.').map(Number);
    source = `${head}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  }
  const halves = source.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  if (!groups.flat().every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  const [left = [], right] = groups;
  const missing = 8 - left.length - (right?.length ?? 0);
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...left, ...Array.from({ length: right === undefined ? 0 : missing }, () => '0'), ...(right ?? [])].map((group) => Number.parseInt(group, 16));
}

export const isMapped = (groups: readonly number[]): boolean => groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;

export const isIpv6Text = (text: string): boolean => text.includes(':') && ipv6Groups(text) !== undefined;
/** Kubernetes: addresses of version 4 in the form of version 6 count as version 4. */
export const isIpv6Address = (text: string): boolean => isIpv6Text(text) && !isMapped(ipv6Groups(text) ?? []);
export const isIpAddress = (text: string): boolean => isIpv4(text, true) || isIpv6Text(text);

interface IpRules {
  /** Newer fields take the canonical form only. */
  readonly isCanonical?: boolean;
}

/** What is wrong with an address, in words. */
export function ipMessages(text: string, { isCanonical = false }: IpRules = {}): string[] {
  if (!isIpAddress(text)) return ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'];
  const groups = ipv6Groups(text);
  if (groups === undefined && !isIpv4(text, false)) return ['must not have leading 0s'];
  if (groups !== undefined && isMapped(groups)) return ['must not be an IPv4-mapped IPv6 address'];
  return isCanonical && groups !== undefined && text !== ipv6Text(groups) ? [`must be in canonical form ("${ipv6Text(groups)}")`] : [];
}

export const ipErrors = (path: string, text: string, rules?: IpRules): FieldError[] => invalidAll(path, text, ipMessages(text, rules));

interface Range {
  readonly bits: bigint;
  readonly width: 32 | 128;
  readonly prefix: number;
}

export function rangeOf(text: string): Range | undefined {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  const [, address = '', prefixText = ''] = match;
  const prefix = Number(prefixText);
  if (isIpv4(address, true)) return prefix > 32 ? undefined : { bits: address.split('.').reduce((sum, part) => sum * 256n + BigInt(Number(part)), 0n), width: 32, prefix };
  const groups = ipv6Groups(address);
  return groups === undefined || prefix > 128 ? undefined : { bits: groups.reduce((sum, group) => sum * 65536n + BigInt(group), 0n), width: 128, prefix };
}

export const isCidr = (text: string): boolean => rangeOf(text) !== undefined;

/** What is wrong with a range. */
export function cidrErrors(path: string, text: string, { isCanonical = false }: IpRules = {}): FieldError[] {
  const range = rangeOf(text);
  if (range === undefined) return [invalid(path, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')];
  const [address = '', prefix = ''] = text.split('/');
  if ((range.width === 32 && !isIpv4(address, false)) || prefix !== String(Number(prefix))) return [invalid(path, text, 'must not have leading 0s in IP or prefix length')];
  const groups = ipv6Groups(address);
  if (groups !== undefined && isMapped(groups)) return [invalid(path, text, 'must not have an IPv4-mapped IPv6 address')];
  const host = BigInt(range.width - range.prefix);
  if ((range.bits & ((1n << host) - 1n)) !== 0n) return [invalid(path, text, 'must not have bits set beyond the prefix length')];
  const canonical = `${addressText(range.bits, range.width === 128)}/${range.prefix}`;
  return isCanonical && text !== canonical ? [invalid(path, text, `must be in canonical form ("${canonical}")`)] : [];
}

/** What is wrong with an address of an interface, which is written with the length of its network's prefix. */
export function interfaceAddressErrors(path: string, text: string): FieldError[] {
  const range = rangeOf(text);
  if (range === undefined) return [invalid(path, text, 'must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)')];
  const [address = ''] = text.split('/');
  const groups = ipv6Groups(address);
  const isDotted = groups === undefined || isMapped(groups);
  const prefix = isDotted && range.prefix > 32 ? range.prefix - 96 : range.prefix;
  const canonical = `${isDotted ? dottedText(range.bits & 0xffff_ffffn) : ipv6Text(groups)}/${prefix}`;
  return text === canonical ? [] : [invalid(path, text, `must be in canonical form ("${canonical}")`)];
}

/** An address as a number; undefined if the text is none. */
export function addressNumber(text: string): bigint | undefined {
  if (isIpv4(text, true)) return text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  return ipv6Groups(text)?.reduce((sum, group) => sum * 65536n + BigInt(group), 0n);
}

/** The canonical text of an address. */
export const addressText = (bits: bigint, isIpv6: boolean): string => ipAddressText({ bits, width: isIpv6 ? 128 : 32, zone: '' });

/** Whether two ranges share an address: one of them is then within the other. */
export function rangesOverlap(left: string, right: string): boolean {
  const [a, b] = [rangeOf(left), rangeOf(right)];
  if (a === undefined || b === undefined || a.width !== b.width) return false;
  const host = BigInt(a.width - Math.min(a.prefix, b.prefix));
  return a.bits >> host === b.bits >> host;
}

/** Whether a range can give an address out: Kubernetes keeps back its first, and the last one of IPv4. */
export function rangeContains(text: string, address: string): boolean {
  const [range, number] = [rangeOf(text), addressNumber(address)];
  if (range === undefined || number === undefined || (range.width === 128) !== address.includes(':')) return false;
  const size = 1n << BigInt(range.width - range.prefix);
  const index = number - (range.bits / size) * size;
  return index > 0n && index < (range.width === 32 ? size - 1n : size);
}

/** Whether a range is within another and smaller; undefined where one of them is no range. */
export function isStrictSubrange(text: string, outer: string): boolean | undefined {
  const [range, around] = [rangeOf(text), rangeOf(outer)];
  if (range === undefined || around === undefined) return undefined;
  const host = BigInt(around.width - around.prefix);
  return range.width === around.width && range.prefix > around.prefix && range.bits >> host === around.bits >> host;
}

/** What is wrong with an address that traffic is to be sent to. */
export function destinationErrors(path: string, text: string): FieldError[] {
  if (!isIpAddress(text)) return [invalid(path, text, 'must be a valid IP address')];
  const groups = ipv6Groups(text);
  const [first = 0, second = 0, third = 0] = groups === undefined ? text.split('.').map(Number) : [];
  const last = groups?.at(-1) ?? 0;
  const isZero = groups === undefined ? /^[0.]+$/.test(text) : groups.every((group) => group === 0);
  const isLoopback = groups === undefined ? first === 127 : groups.slice(0, 7).every((group) => group === 0) && last === 1;
  const head = groups?.[0] ?? 0;
  const isLinkLocal = groups === undefined ? first === 169 && second === 254 : (head & 0xffc0) === 0xfe80;
  const isLocalMulticast = groups === undefined ? first === 224 && second === 0 && third === 0 : (head & 0xff0f) === 0xff02;
  return [
    ...(isZero ? [invalid(path, text, `may not be unspecified (${text})`)] : []),
    ...(isLoopback ? [invalid(path, text, 'may not be in the loopback range (127.0.0.0/8, ::1/128)')] : []),
    ...(isLinkLocal ? [invalid(path, text, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)')] : []),
    ...(isLocalMulticast ? [invalid(path, text, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)')] : []),
  ];
}
