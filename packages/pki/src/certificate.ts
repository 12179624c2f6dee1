/** X.509 version 3 certificates: written as an authority wants them, read as strangers send them. */
import { createHash, X509Certificate } from 'node:crypto';
import { bits, boolean, children, contextTag, encode, integer, objectId, octets, PkiError, readBits, readObjectId, readTime, Reader, sequence, tag, time, type Value } from './der.ts';
import { publicKeyDer, type Signer } from './keys.ts';
import { fromPem, toPem } from './pem.ts';
import { type AlternativeNames, encodeAlternativeNames, noAlternativeNames, readAlternativeNames, readSubject, type Subject } from './subject.ts';

/** What a certificate may be used for. */
export type Usage = 'server' | 'client';

/** What we read from a certificate. */
export interface Certificate extends Subject, AlternativeNames {
  /** Hexadecimal, lower case. */
  readonly serial: string;
  readonly issuer: Subject;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly isAuthority: boolean;
  /** Object identifiers of the extended usages; undefined when the certificate does not limit them. */
  readonly usages: readonly string[] | undefined;
  readonly der: Uint8Array;
}

export const usageIds = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2', any: '2.5.29.37.0' } as const;
export const extensionIds = { subjectKey: '2.5.29.14', keyUsage: '2.5.29.15', alternativeNames: '2.5.29.17', constraints: '2.5.29.19', authorityKey: '2.5.29.35', extendedUsage: '2.5.29.37' } as const;

/** What an authority decides about a certificate. */
export interface CertificateFields {
  readonly serial: Uint8Array;
  /** Encoded names. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** The subject's public key, as DER. */
  readonly publicKey: Uint8Array;
  readonly names: Partial<AlternativeNames>;
  readonly usages: readonly Usage[];
  readonly isAuthority: boolean;
}

/** RFC 5280: the version 3 extensions hang on the number 2. */
const version3 = encode(contextTag(0, true), integer(Uint8Array.of(2)));

export function writeCertificate(fields: CertificateFields, issuer: Signer): string {
  const body = sequence(
    version3,
    integer(fields.serial),
    issuer.algorithm,
    fields.issuer,
    sequence(time(fields.notBeforeMs), time(fields.notAfterMs)),
    fields.subject,
    fields.publicKey,
    encode(contextTag(3, true), sequence(...extensionsOf(fields, issuer))),
  );
  return toPem('CERTIFICATE', sequence(body, issuer.algorithm, bits(issuer.sign(body))));
}

function extensionsOf(fields: CertificateFields, issuer: Signer): readonly Uint8Array[] {
  const extensions: Uint8Array[] = [];
  // Digital signature and key encipherment for ends; digital signature, certificate and revocation list signing for authorities.
  extensions.push(extension(extensionIds.keyUsage, true, fields.isAuthority ? bits(Uint8Array.of(0b1000_0110), 1) : bits(Uint8Array.of(0b1010_0000), 5)));
  if (fields.usages.length > 0) extensions.push(extension(extensionIds.extendedUsage, false, sequence(...fields.usages.map((usage) => objectId(usageIds[usage])))));
  extensions.push(extension(extensionIds.constraints, true, fields.isAuthority ? sequence(boolean(true)) : sequence()));
  extensions.push(extension(extensionIds.subjectKey, false, octets(keyId(fields.publicKey))));
  extensions.push(extension(extensionIds.authorityKey, false, sequence(encode(contextTag(0, false), keyId(publicKeyDer(issuer.publicKey))))));
  const names = encodeAlternativeNames(fields.names);
  if (names !== undefined) extensions.push(extension(extensionIds.alternativeNames, false, names));
  return extensions;
}

export const extension = (id: string, isCritical: boolean, content: Uint8Array): Uint8Array => sequence(objectId(id), ...(isCritical ? [boolean(true)] : []), octets(content));

/** RFC 5280's first method: the SHA-1 of the key itself. A name, not a protection. */
function keyId(publicKey: Uint8Array): Uint8Array {
  const reader = new Reader(new Reader(publicKey).next(tag.sequence).content);
  reader.next();
  return createHash('sha1').update(readBits(reader.next())).digest();
}

export function readCertificate(certificate: string | Uint8Array): Certificate {
  const der = typeof certificate === 'string' ? fromPem(certificate, 'CERTIFICATE') : certificate;
  const reader = bodyOf(der);
  reader.optional(contextTag(0, true));
  const serial = Buffer.from(reader.next(tag.integer).content).toString('hex');
  reader.next(tag.sequence);
  const issuer = readSubject(reader.next(tag.sequence));
  const validity = new Reader(reader.next(tag.sequence).content);
  const [notBeforeMs, notAfterMs] = [readTime(validity.next()), readTime(validity.next())];
  const subject = readSubject(reader.next(tag.sequence));
  reader.next(tag.sequence);
  let extensions = new Map<string, Uint8Array>();
  while (!reader.isAtEnd) {
    const value = reader.next();
    if (value.tag === contextTag(3, true)) extensions = readExtensions(new Reader(value.content).next(tag.sequence));
  }
  const extendedUsage = extensions.get(extensionIds.extendedUsage);
  return {
    ...subject, ...alternativeNamesOf(extensions), serial, issuer, notBeforeMs, notAfterMs, der,
    isAuthority: isAuthority(extensions.get(extensionIds.constraints)),
    usages: extendedUsage === undefined ? undefined : [...children(new Reader(extendedUsage).next(tag.sequence))].map(readObjectId),
  };
}

const bodyOf = (der: Uint8Array): Reader => new Reader(new Reader(new Reader(der).next(tag.sequence).content).next(tag.sequence).content);

/** The subject as it stands in a certificate, byte for byte: what its children must name as their issuer. */
export function rawSubjectOf(certificatePem: string): Uint8Array {
  const reader = bodyOf(fromPem(certificatePem, 'CERTIFICATE'));
  reader.optional(contextTag(0, true));
  for (let skipped = 0; skipped < 4; skipped++) reader.next(); // serial, algorithm, issuer, validity
  return reader.next(tag.sequence).raw;
}

export function readExtensions(list: Value): Map<string, Uint8Array> {
  const extensions = new Map<string, Uint8Array>();
  for (const value of children(list)) {
    const reader = new Reader(value.content);
    const id = readObjectId(reader.next(tag.objectId));
    reader.optional(tag.boolean);
    if (extensions.has(id)) throw new PkiError(`extension ${id} appears twice`);
    extensions.set(id, reader.next(tag.octetString).content);
  }
  return extensions;
}

export function alternativeNamesOf(extensions: ReadonlyMap<string, Uint8Array>): AlternativeNames {
  const content = extensions.get(extensionIds.alternativeNames);
  return content === undefined ? noAlternativeNames : readAlternativeNames(new Reader(content));
}

function isAuthority(constraints: Uint8Array | undefined): boolean {
  if (constraints === undefined) return false;
  const claim = new Reader(new Reader(constraints).next(tag.sequence).content).optional(tag.boolean);
  return claim !== undefined && claim.content[0] !== 0;
}

/** A client certificate's subject, or why it proves nothing. */
export type Verdict = { readonly certificate: Certificate } | { readonly problem: string };

/** Whether one of the authorities (PEM, several in one text are fine) vouches for this client certificate at this time. */
export function verifyClient(der: Uint8Array, authorities: readonly string[], nowMs: number): Verdict {
  let certificate: Certificate;
  let presented: X509Certificate;
  try {
    certificate = readCertificate(der);
    presented = new X509Certificate(der);
  } catch (error) {
    return { problem: `malformed certificate: ${error instanceof Error ? error.message : String(error)}` };
  }
  const isUsable = certificate.usages === undefined || certificate.usages.includes(usageIds.client) || certificate.usages.includes(usageIds.any);
  if (!isUsable) return { problem: 'certificate specifies an incompatible key usage' };
  if (nowMs < certificate.notBeforeMs || nowMs > certificate.notAfterMs) return { problem: 'certificate has expired or is not yet valid' };
  for (const pem of authorities) {
    const authority = new X509Certificate(pem);
    if (!authority.ca || !presented.checkIssued(authority) || !presented.verify(authority.publicKey)) continue;
    const { notBeforeMs, notAfterMs } = readCertificate(authority.raw);
    if (nowMs >= notBeforeMs && nowMs <= notAfterMs) return { certificate };
  }
  return { problem: 'certificate signed by unknown authority' };
}
