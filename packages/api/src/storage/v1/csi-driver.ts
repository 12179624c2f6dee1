import { bool, int64, list, message, ref, string, strings } from '@kaji/schema';
import { csiDriverColumns } from '../../columns/storage.ts';
import { validateCsiDriver } from './storage-rules.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class TokenRequest extends message('k8s.io.api.storage.v1.TokenRequest', {
  audience: string(1).required(),
  expirationSeconds: int64(2).explicit(),
}) {}

export class CSIDriverSpec extends message('k8s.io.api.storage.v1.CSIDriverSpec', {
  attachRequired: bool(1).explicit().default(true),
  podInfoOnMount: bool(2).explicit().default(false),
  volumeLifecycleModes: strings(3).set().default(['Persistent']),
  storageCapacity: bool(4).explicit().default(false),
  fsGroupPolicy: string(5).explicit().default('ReadWriteOnceWithFSType'),
  tokenRequests: list(6, TokenRequest).atomic(),
  requiresRepublish: bool(7).explicit().default(false),
  seLinuxMount: bool(8).explicit().default(false),
  nodeAllocatableUpdatePeriodSeconds: int64(9).explicit(),
  serviceAccountTokenInSecrets: bool(10).explicit(),
  preventPodSchedulingIfMissing: bool(11).explicit(),
}) {}

export class CSIDriver extends message('k8s.io.api.storage.v1.CSIDriver', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, CSIDriverSpec).required(),
}) {}

export const csidrivers = resource({
  group: 'storage.k8s.io', version: 'v1', plural: 'csidrivers', singular: 'csidriver', kind: 'CSIDriver', isNamespaced: false, type: CSIDriver,
  returnsDeleted: true,
  validate: validateCsiDriver,
  columns: csiDriverColumns,
  warnings: ({ spec }) => ((spec.tokenRequests ?? []).length > 0 && spec.serviceAccountTokenInSecrets === undefined ? ['spec.serviceAccountTokenInSecrets is unset; if supported by this CSI driver, set to true to prevent possible logging of tokens in volume attributes'] : []),
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['change'] } },
});
