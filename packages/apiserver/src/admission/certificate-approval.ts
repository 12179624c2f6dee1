// Who approves or denies a request must have the right to for its signer.
import type { Authorizer } from '../authorization/authorizer.ts';
import type { AdmissionStep } from './admission.ts';
import { deny } from './deny.ts';
import { isSigningRequest, mayForSigner, signerOf } from './signers.ts';

export const certificateApproval = (authorizer: Authorizer): AdmissionStep => ({
  name: 'CertificateApproval',
  validate(attempt) {
    if (!isSigningRequest(attempt, 'UPDATE', 'approval')) return;
    const signer = signerOf(attempt.old);
    if (!mayForSigner(authorizer, attempt.user, 'approve', signer)) throw deny(attempt, `user not permitted to approve requests with signerName ${JSON.stringify(signer)}`);
  },
});
