/** Addresses of a cluster's own network, and the arithmetic of IPv4 ranges. */
import { assert } from '@kaji/base';

/** Of 172.30.N.0/24: the host is .1, the API .2, nodes begin at .11. */
export const hostAddress = (subnet: number): string => `172.30.${subnet}.1`;
export const serverAddress = (subnet: number): string => `172.30.${subnet}.2`;
export const nodeAddress = (subnet: number, index: number): string => `172.30.${subnet}.${10 + index}`;
export const networkOf = (subnet: number): string => `172.30.${subnet}.0/24`;
export const serverPort = 6443;
export const maxNodes = 200;

/** A range as numbers: `first` and the count of addresses. */
export interface AddressRange {
  readonly first: number;
  readonly size: number;
}

/** Undefined when the text is no IPv4 range, or has bits set behind its prefix. */
export function parseRange(text: string): AddressRange | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(text);
  if (match === null) return undefined;
  const parts = match.slice(1, 5).map(Number);
  const prefix = match[5] === undefined ? 32 : Number(match[5]);
  if (parts.some((part) => part > 255) || prefix > 32) return undefined;
  const first = parts.reduce((sum, part) => sum * 256 + part, 0);
  const size = 2 ** (32 - prefix);
  return first % size === 0 ? { first, size } : undefined;
}

export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

/** The address at a place in a range: 1 is the first that a host may have. */
export function addressAt(range: string, place: number): string {
  const parsed = parseRange(range);
  assert(parsed !== undefined && place < parsed.size, `${range} has no address ${place}`);
  return formatAddress(parsed.first + place);
}

export const doOverlap = (left: AddressRange, right: AddressRange): boolean => left.first < right.first + right.size && right.first < left.first + left.size;

/**
 * The first N whose 172.30.N.0/24 touches no route of the host and no other cluster's network.
 * Routes are lines of `ip -4 route show table all`; a default route touches everything and is passed over.
 */
export function freeSubnet(routes: string, taken: readonly number[]): number | undefined {
  const used: AddressRange[] = [];
  for (const line of routes.split('\n')) {
    for (const word of line.trim().split(/\s+/).slice(0, 2)) {
      const range = parseRange(word);
      if (range !== undefined) used.push(range);
    }
  }
  for (let subnet = 0; subnet < 256; subnet++) {
    const candidate = parseRange(networkOf(subnet));
    assert(candidate !== undefined, 'a network of ours is a range');
    if (!taken.includes(subnet) && !used.some((range) => doOverlap(range, candidate))) return subnet;
  }
  return undefined;
}
