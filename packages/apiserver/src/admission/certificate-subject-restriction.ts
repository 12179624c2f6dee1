// Nobody becomes a cluster's master by a certificate that is asked for.
import type { CertificateSigningRequest } from '@kaji/api/certificates/v1';
import { organizationsOf } from '../registry/certificates/problems.ts';
import type { AdmissionStep } from './admission.ts';
import { deny } from './deny.ts';
import { isSigningRequest, signerOf } from './signers.ts';

const clientSigner = 'kubernetes.io/kube-apiserver-client';

export const certificateSubjectRestriction: AdmissionStep = {
  name: 'CertificateSubjectRestriction',
  validate(attempt) {
    const { object } = attempt;
    if (!isSigningRequest(attempt, 'CREATE', '') || object === undefined || signerOf(object) !== clientSigner) return;
    const organizations = organizationsOf((object as unknown as CertificateSigningRequest).spec.request); // the resource says so
    if (typeof organizations === 'string') throw deny(attempt, `failed to parse CSR: ${organizations}`);
    if (organizations.includes('system:masters')) throw deny(attempt, `use of ${clientSigner} signer with system:masters group is not allowed`);
  },
};
