/** What an address or a range is warned of, though older fields accept it: every program reads such texts in its own way. */
import { dottedText, ipv6Text } from '@kaji/schema';
import { ipv6Groups, isIpAddress, isIpv4, isMapped, rangeOf } from './ip-rules.ts';

const quote = (text: string): string => JSON.stringify(text);
const decimal = (text: string): string => text.split('.').map(Number).join('.');
const bitsOf = (groups: readonly number[]): bigint => groups.reduce((sum, group) => sum * 65_536n + BigInt(group), 0n);

/** Go's text of an address: dotted for those that are mapped, too. */
function addressText(text: string): string {
  const groups = ipv6Groups(text);
  if (groups === undefined) return decimal(text);
  return isMapped(groups) ? dottedText(bitsOf(groups) & 0xffff_ffffn) : ipv6Text(groups);
}

const isStandard = (text: string): boolean => {
  const groups = ipv6Groups(text);
  return groups === undefined ? isIpv4(text, false) : !isMapped(groups);
};

export function ipWarnings(path: string, text: string): readonly string[] {
  if (!isIpAddress(text)) return [];
  const canonical = addressText(text);
  if (!isStandard(text)) return [`${path}: non-standard IP address ${quote(text)} is invalid: use ${quote(canonical)}`];
  return text.includes(':') && canonical !== text ? [`${path}: IPv6 address ${quote(text)} should be in RFC 5952 canonical format (${quote(canonical)})`] : [];
}

/** The address of a range, made of its bits. */
const textOfBits = (bits: bigint, width: 32 | 128): string =>
  (width === 32 ? dottedText(bits) : ipv6Text(Array.from({ length: 8 }, (_, index) => Number((bits >> BigInt(112 - 16 * index)) & 0xffffn))));

export function cidrWarnings(path: string, text: string): readonly string[] {
  const range = rangeOf(text);
  if (range === undefined) return [];
  const [address = '', prefixText = ''] = text.split('/');
  const { bits, width, prefix } = range;
  const host = BigInt(width - prefix);
  const network = (bits >> host) << host;
  const canonical = `${textOfBits(network, width)}/${prefix}`;
  const warnings = bits === network ? [] : [`${path}: CIDR value ${quote(text)} is ambiguous in this context (should be ${quote(canonical)} or ${quote(`${addressText(address)}/${width}`)}?)`];
  if (!isStandard(address) || prefixText !== String(prefix)) warnings.push(`${path}: non-standard CIDR value ${quote(text)} is invalid: use ${quote(canonical)}`);
  if (warnings.length === 0 && width === 128 && text !== canonical) warnings.push(`${path}: IPv6 CIDR value ${quote(text)} should be in RFC 5952 canonical format (${quote(canonical)})`);
  return warnings;
}
