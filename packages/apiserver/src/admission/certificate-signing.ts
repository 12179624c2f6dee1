// Who puts a certificate or conditions into a request's status must have the right to sign for its signer.
import type { CertificateSigningRequest } from '@kaji/api/certificates/v1';
import { isDeepEqual } from '@kaji/schema';
import type { Authorizer } from '../authorization/authorizer.ts';
import type { AdmissionStep, Attempt } from './admission.ts';
import { deny } from './deny.ts';
import { isSigningRequest, mayForSigner, signerOf } from './signers.ts';

export const certificateSigning = (authorizer: Authorizer): AdmissionStep => ({
  name: 'CertificateSigning',
  validate(attempt) {
    if (!isSigningRequest(attempt, 'UPDATE', 'status') || isDeepEqual(outcomeOf(attempt.object), outcomeOf(attempt.old))) return;
    const signer = signerOf(attempt.old);
    if (!mayForSigner(authorizer, attempt.user, 'sign', signer)) throw deny(attempt, `user not permitted to sign requests with signerName ${JSON.stringify(signer)}`);
  },
});

function outcomeOf(object: Attempt['object']): unknown {
  const { certificate = '', conditions = [] } = (object as CertificateSigningRequest | undefined)?.status ?? {}; // the resource says so
  return { certificate, conditions };
}
