// Client certificates: the common name is the user, the organizations its groups.
import type { Clock } from '@kaji/base';
import { type Certificate, readCertificate, toPem, verifyClient } from '@kaji/pki';
import { createHash } from 'node:crypto';
import { type Authenticator, unauthorized } from '../pipeline/authenticate.ts';
import type { ClientCertificate, User } from '../pipeline/request.ts';

interface Known {
  readonly user: User;
  readonly certificate: Certificate;
}

/** Checks once a connection; after that only the dates. */
export function certificateAuthenticator(clock: Clock, authoritiesPem: string): Authenticator {
  const authorities = splitPem(authoritiesPem);
  const known = new WeakMap<ClientCertificate, Known>();
  return {
    authenticate({ remote: { certificate } }) {
      if (certificate === undefined) return undefined;
      let found = known.get(certificate);
      if (found === undefined) {
        found = userOf(certificate, authorities, clock.now());
        known.set(certificate, found);
      }
      const now = clock.now();
      if (now < found.certificate.notBeforeMs || now > found.certificate.notAfterMs) throw unauthorized(new Error('certificate has expired or is not yet valid'));
      return found.user;
    },
  };
}

/** Several certificates in one file, one text each. */
export const splitPem = (text: string): readonly string[] => text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];

function userOf(presented: ClientCertificate, authorities: readonly string[], nowMs: number): Known {
  const certificate = verifyChain(presented, authorities, nowMs);
  if (certificate.commonName === '') throw unauthorized(new Error('the certificate names no user'));
  const fingerprint = createHash('sha256').update(presented.der).digest('hex');
  return { certificate, user: { name: certificate.commonName, groups: certificate.organizations, extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${fingerprint}`] } } };
}

/** The certificate, if an authority vouches for it, directly or through what the client sent along. */
export function verifyChain(presented: ClientCertificate, authorities: readonly string[], nowMs: number): Certificate {
  const direct = verifyClient(presented.der, authorities, nowMs);
  if ('certificate' in direct) return direct.certificate;
  for (const [index, der] of presented.intermediates.entries()) {
    const pem = toPem('CERTIFICATE', der);
    const rest = { der, intermediates: presented.intermediates.slice(index + 1) };
    const verdict = verifyClient(presented.der, [pem], nowMs);
    if ('certificate' in verdict && isVouchedFor(rest, authorities, nowMs)) return verdict.certificate;
  }
  throw unauthorized(new Error(direct.problem));
}

function isVouchedFor(presented: ClientCertificate, authorities: readonly string[], nowMs: number): boolean {
  if (!readCertificate(presented.der).isAuthority) return false;
  try {
    verifyChain(presented, authorities, nowMs);
    return true;
  } catch {
    return false; // this one does not lead to an authority; the next may
  }
}

