import { bytes, int32, list, message, ref, someOf, string, strings, stringsMap, time } from '@kaji/schema';
import { certificateSigningRequestColumns } from '../../columns/server.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { segmentName } from '../../meta/v1/name-rules.ts';

export class CertificateSigningRequestSpec extends message('k8s.io.api.certificates.v1.CertificateSigningRequestSpec', {
  request: bytes(1).required(),
  signerName: string(7).required(),
  expirationSeconds: int32(8).explicit(),
  usages: someOf(5, 'signing', 'digital signature', 'content commitment', 'key encipherment', 'key agreement', 'data encipherment', 'cert sign', 'crl sign', 'encipher only', 'decipher only', 'any', 'server auth', 'client auth', 'code signing', 'email protection', 's/mime', 'ipsec end system', 'ipsec tunnel', 'ipsec user', 'timestamping', 'ocsp signing', 'microsoft sgc', 'netscape sgc').atomic(),
  username: string(2),
  uid: string(3),
  groups: strings(4).atomic(),
  extra: stringsMap(6),
}) {}

export class CertificateSigningRequestCondition extends message('k8s.io.api.certificates.v1.CertificateSigningRequestCondition', {
  type: string(1).required(),
  status: string(6).required(),
  reason: string(2),
  message: string(3),
  lastUpdateTime: time(4).always(),
  lastTransitionTime: time(5).always(),
}) {}

export class CertificateSigningRequestStatus extends message('k8s.io.api.certificates.v1.CertificateSigningRequestStatus', {
  conditions: list(1, CertificateSigningRequestCondition).mapBy('type'),
  certificate: bytes(2),
}) {}

export class CertificateSigningRequest extends message('k8s.io.api.certificates.v1.CertificateSigningRequest', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, CertificateSigningRequestSpec).required(),
  status: ref(3, CertificateSigningRequestStatus).always(),
}) {}

export const certificatesigningrequests = resource({
  group: 'certificates.k8s.io', version: 'v1', plural: 'certificatesigningrequests', singular: 'certificatesigningrequest', kind: 'CertificateSigningRequest', isNamespaced: false, type: CertificateSigningRequest,
  columns: certificateSigningRequestColumns,
  nameErrors: segmentName,
  selectableFields: {
    'spec.signerName': ({ spec }) => spec.signerName,
  },
  shortNames: ['csr'],
  subresources: [
    { name: 'approval', verbs: ['get', 'patch', 'update'] },
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
