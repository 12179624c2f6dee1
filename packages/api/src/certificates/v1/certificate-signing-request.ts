import { bytes, int32, list, message, ref, someOf, string, strings, stringsMap, time } from '@kaji/schema';
import { certificateSigningRequestColumns } from '../../columns/server.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

/** What certificate is asked for. It cannot be changed. */
export class CertificateSigningRequestSpec extends message('k8s.io.api.certificates.v1.CertificateSigningRequestSpec', {
  /** The request, PKCS#10 in PEM. */
  request: bytes(1).required(),
  /** Who is to sign. Those of kubernetes.io each have rules of their own. */
  signerName: string(7).required(),
  /** For how many seconds it should hold, at least 600. Signers may make it less. */
  expirationSeconds: int32(8).explicit(),
  /** What the certificate is for. */
  usages: someOf(5, 'signing', 'digital signature', 'content commitment', 'key encipherment', 'key agreement', 'data encipherment', 'cert sign', 'crl sign', 'encipher only', 'decipher only', 'any', 'server auth', 'client auth', 'code signing', 'email protection', 's/mime', 'ipsec end system', 'ipsec tunnel', 'ipsec user', 'timestamping', 'ocsp signing', 'microsoft sgc', 'netscape sgc').atomic().named('v1.KeyUsage'),
  /** Who asks. The server sets it. */
  username: string(2),
  /** Id of who asks. The server sets it. */
  uid: string(3),
  /** Groups of who asks. The server sets them. */
  groups: strings(4).atomic(),
  /** What else is known of who asks. The server sets it. */
  extra: stringsMap(6),
}) {}

/** Something that holds of a request. */
export class CertificateSigningRequestCondition extends message('k8s.io.api.certificates.v1.CertificateSigningRequestCondition', {
  /** Approved, Denied, Failed, or what a signer says of its own. */
  type: string(1).required().named('v1.RequestConditionType'),
  /** True, False or Unknown. True for Approved, Denied and Failed. */
  status: string(6).required().named('v1.ConditionStatus'),
  /** Why, as one word that programs can read. */
  reason: string(2),
  /** Why, for people. */
  message: string(3),
  /** When it was last said. */
  lastUpdateTime: time(4).always(),
  /** When the status last changed. */
  lastTransitionTime: time(5).always(),
}) {}

/** What has become of a request. */
export class CertificateSigningRequestStatus extends message('k8s.io.api.certificates.v1.CertificateSigningRequestStatus', {
  /** Whether it was approved, denied, or failed. None is ever taken back. */
  conditions: list(1, CertificateSigningRequestCondition).mapBy('type'),
  /** The certificate, and those above it, in PEM. It is written once. */
  certificate: bytes(2),
}) {}

/** Asks for a certificate. */
export class CertificateSigningRequest extends message('k8s.io.api.certificates.v1.CertificateSigningRequest', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What is asked for. */
  spec: ref(2, CertificateSigningRequestSpec).required(),
  /** What has become of it. */
  status: ref(3, CertificateSigningRequestStatus).always(),
}) {}

export const certificatesigningrequests = resource({
  group: 'certificates.k8s.io', version: 'v1', plural: 'certificatesigningrequests', singular: 'certificatesigningrequest', kind: 'CertificateSigningRequest', isNamespaced: false, type: CertificateSigningRequest,
  columns: certificateSigningRequestColumns,
  // The rules are the strategy's: they take cryptography, and metadata stands among them.
  metadataChecks: { on: { create: [], update: [], status: [], approval: [] } },
  nameErrors: () => [],
  selectableFields: {
    'spec.signerName': ({ spec }) => spec.signerName,
  },
  shortNames: ['csr'],
  subresources: [
    { name: 'approval', verbs: ['get', 'patch', 'update'] },
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
