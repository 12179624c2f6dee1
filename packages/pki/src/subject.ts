/** Who a certificate is about: the distinguished name, and the names and addresses beside it. */
import { children, contextTag, encode, objectId, PkiError, readObjectId, readText, type Reader, sequence, setOf, tag, utf8, type Value } from './der.ts';

/** Kubernetes: the common name is the user, the organizations are the groups. */
export interface Subject {
  readonly commonName: string;
  readonly organizations: readonly string[];
}

export interface AlternativeNames {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly uris: readonly string[];
}

export const noAlternativeNames: AlternativeNames = { dnsNames: [], ipAddresses: [], emailAddresses: [], uris: [] };

const commonNameId = '2.5.4.3';
const organizationId = '2.5.4.10';

export function encodeSubject(subject: { readonly commonName: string; readonly organizations?: readonly string[] }): Uint8Array {
  const attribute = (id: string, text: string): Uint8Array => sequence(objectId(id), utf8(text));
  const sets: Uint8Array[] = [];
  const organizations = [...subject.organizations ?? []].map((text) => attribute(organizationId, text)).sort((a, b) => Buffer.compare(a, b));
  if (organizations.length > 0) sets.push(setOf(...organizations));
  if (subject.commonName !== '') sets.push(setOf(attribute(commonNameId, subject.commonName)));
  return sequence(...sets);
}

export function readSubject(name: Value): Subject {
  let commonName = '';
  const organizations: string[] = [];
  for (const set of children(name)) {
    for (const attribute of children(set)) {
      const [id, text] = [...children(attribute)];
      if (id === undefined || text === undefined) throw new PkiError('an attribute of a name lacks its value');
      const kind = readObjectId(id);
      if (kind === commonNameId) commonName = readText(text);
      if (kind === organizationId) organizations.push(readText(text));
    }
  }
  return { commonName, organizations };
}

/** The content of a subjectAltName extension; undefined when there is nothing to say. */
export function encodeAlternativeNames(names: Partial<AlternativeNames>): Uint8Array | undefined {
  const text = (number: number) => (value: string): Uint8Array => encode(contextTag(number, false), Buffer.from(value, 'latin1'));
  const parts = [
    ...(names.emailAddresses ?? []).map(text(1)),
    ...(names.dnsNames ?? []).map(text(2)),
    ...(names.uris ?? []).map(text(6)),
    ...(names.ipAddresses ?? []).map((address) => encode(contextTag(7, false), addressBytes(address))),
  ];
  return parts.length === 0 ? undefined : sequence(...parts);
}

export function readAlternativeNames(reader: Reader): AlternativeNames {
  const names = { dnsNames: [] as string[], ipAddresses: [] as string[], emailAddresses: [] as string[], uris: [] as string[] };
  for (const value of children(reader.next(tag.sequence))) {
    const text = (): string => Buffer.from(value.content).toString('latin1');
    switch (value.tag) {
      case contextTag(1, false): names.emailAddresses.push(text()); break;
      case contextTag(2, false): names.dnsNames.push(text()); break;
      case contextTag(6, false): names.uris.push(text()); break;
      case contextTag(7, false): names.ipAddresses.push(addressText(value.content)); break;
      default: break; // other forms of names mean nothing to Kubernetes
    }
  }
  return names;
}

function addressBytes(address: string): Uint8Array {
  const bytes = /^\d{1,3}(\.\d{1,3}){3}$/.test(address) ? address.split('.').map(Number) : sixteenBytes(address);
  if (bytes === undefined || bytes.some((byte) => byte > 0xff)) throw new PkiError(`"${address}" is no IP address`);
  return Uint8Array.from(bytes);
}

function sixteenBytes(address: string): readonly number[] | undefined {
  const [head = '', tail, ...more] = expandEmbedded(address).split('::');
  const groups = (text: string): number[] => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const left = groups(head);
  const right = groups(tail ?? '');
  const all = tail === undefined ? left : [...left, ...Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => 0), ...right];
  if (more.length > 0 || all.length !== 8 || !all.every((group) => group >= 0 && group <= 0xffff)) return undefined;
  return all.flatMap((group) => [group >> 8, group & 0xff]);
}

/** `::ffff:1.2.3.4` with its last part in hexadecimal. */
function expandEmbedded(address: string): string {
  const match = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  if (match === null) return address;
  const [a = 0, b = 0, c = 0, d = 0] = match.slice(2).map(Number);
  return `${match[1] ?? ''}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) throw new PkiError('an IP address has 4 or 16 bytes');
  const groups: string[] = [];
  for (let index = 0; index < 16; index += 2) groups.push((((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0)).toString(16));
  return shortest(groups);
}

/** RFC 5952: the longest run of zero groups becomes `::`. */
function shortest(groups: readonly string[]): string {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === '0') length++;
    if (length > best.length) best = { start, length };
  }
  if (best.length < 2) return groups.join(':');
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}
