import { bool, int64, list, message, ref, string, strings } from '@kaji/schema';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

export class TokenRequest extends message('k8s.io.api.storage.v1.TokenRequest', {
  audience: string(1).required(),
  expirationSeconds: int64(2).explicit(),
}) {}

export class CSIDriverSpec extends message('k8s.io.api.storage.v1.CSIDriverSpec', {
  attachRequired: bool(1).explicit(),
  podInfoOnMount: bool(2).explicit(),
  volumeLifecycleModes: strings(3).set(),
  storageCapacity: bool(4).explicit(),
  fsGroupPolicy: string(5).explicit(),
  tokenRequests: list(6, TokenRequest).atomic(),
  requiresRepublish: bool(7).explicit(),
  seLinuxMount: bool(8).explicit(),
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
});
