/** How secrets are written: of a certificate and a key that do not go together, who wrote them is warned. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { ApiObject } from '@kaji/api';
import type { Secret } from '@kaji/api/core/v1';
import { pemBlocks, toPem } from '@kaji/pki';
import type { Strategy } from '../strategy.ts';

export const secretStrategy: Strategy<Secret & ApiObject> = {
  warnings: ({ type, data = {} }) => (type === 'kubernetes.io/tls' ? pairWarnings(textOf(data['tls.crt']), textOf(data['tls.key'])) : []),
};

const textOf = (base64 = ''): string => Buffer.from(base64, 'base64').toString('latin1');

/** What Go's TLS says of a pair that it would not serve with. */
function pairWarnings(certificate: string, key: string): string[] {
  const certificates = pemBlocks(certificate);
  const leaf = certificates.find(({ label }) => label === 'CERTIFICATE');
  if (leaf === undefined) return [noCertificate(certificates.map(({ label }) => label))];
  const keys = pemBlocks(key);
  const found = keys.find(({ label }) => label === 'PRIVATE KEY' || label.endsWith(' PRIVATE KEY'));
  if (found === undefined) return [noKey(keys.map(({ label }) => label))];
  let x509: X509Certificate;
  try {
    x509 = new X509Certificate(Buffer.from(leaf.der));
  } catch {
    return ['x509: malformed certificate']; // why it cannot be read is of no use to a client
  }
  try {
    return x509.checkPrivateKey(createPrivateKey(toPem(found.label, found.der))) ? [] : ['tls: private key does not match public key'];
  } catch {
    return ['tls: failed to parse private key']; // likewise
  }
}

function noCertificate(skipped: readonly string[]): string {
  if (skipped.length === 0) return 'tls: failed to find any PEM data in certificate input';
  if (skipped.length === 1 && skipped[0]?.endsWith('PRIVATE KEY') === true) return 'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched';
  return `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${skipped.join(' ')}]`;
}

function noKey(skipped: readonly string[]): string {
  if (skipped.length === 0) return 'tls: failed to find any PEM data in key input';
  if (skipped.length === 1 && skipped[0] === 'CERTIFICATE') return 'tls: found a certificate rather than a key in the PEM for the private key';
  return `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${skipped.join(' ')}]`;
}
