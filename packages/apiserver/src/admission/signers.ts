// What the steps for signing requests share: rights are given for signers by name, or for all of a domain.
import type { CertificateSigningRequest } from '@kaji/api/certificates/v1';
import { type Authorizer, resourceAction } from '../authorization/authorizer.ts';
import type { User } from '../pipeline/request.ts';
import type { Attempt } from './admission.ts';

export const isSigningRequest = ({ resource, operation, subresource }: Attempt, wanted: Attempt['operation'], part: string): boolean =>
  resource.group === 'certificates.k8s.io' && resource.plural === 'certificatesigningrequests' && operation === wanted && subresource === part;

export const signerOf = (object: Attempt['object']): string => (object as CertificateSigningRequest | undefined)?.spec.signerName ?? ''; // only asked of signing requests

export function mayForSigner(authorizer: Authorizer, user: User, verb: 'approve' | 'sign', signer: string): boolean {
  const may = (name: string): boolean => authorizer.authorize(user, resourceAction({ verb, group: 'certificates.k8s.io', version: '*', plural: 'signers', name })).isAllowed;
  return may(signer) || may(`${signer.split('/', 1)[0] ?? ''}/*`);
}
