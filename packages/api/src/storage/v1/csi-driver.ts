import { bool, int64, list, message, ref, string, strings } from '@kaji/schema';
import { csiDriverColumns } from '../../columns/storage.ts';
import { csiDriverWarnings, validateCsiDriver } from './storage-rules.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** A token that a driver is given. */
export class TokenRequest extends message('k8s.io.api.storage.v1.TokenRequest', {
  /** Who it is for. Empty: the API server. */
  audience: string(1).required(),
  /** For how many seconds it holds, at least 600. */
  expirationSeconds: int64(2).explicit(),
}) {}

/** What is to be known of a driver. */
export class CSIDriverSpec extends message('k8s.io.api.storage.v1.CSIDriverSpec', {
  /** Whether volumes must be attached to a node before they are mounted. It cannot be changed. Defaults to true. */
  attachRequired: bool(1).explicit().default(true),
  /** Whether the driver is told which pod a volume is mounted for. Defaults to false. */
  podInfoOnMount: bool(2).explicit().default(false),
  /** Whether volumes live apart from pods, go with a pod, or may do both: Persistent and Ephemeral. It cannot be changed. Defaults to Persistent. */
  volumeLifecycleModes: strings(3).set().default(['Persistent']).named('v1.VolumeLifecycleMode'),
  /** Whether the scheduler heeds how much room the driver says there is. Defaults to false. */
  storageCapacity: bool(4).explicit().default(false),
  /** Whether the ownership of files is changed for a pod's fsGroup: ReadWriteOnceWithFSType, File or None. Defaults to ReadWriteOnceWithFSType. */
  fsGroupPolicy: string(5).explicit().default('ReadWriteOnceWithFSType').named('v1.FSGroupPolicy'),
  /** Tokens of the pod's ServiceAccount that the driver is given. */
  tokenRequests: list(6, TokenRequest).atomic(),
  /** Whether the driver is called again and again while a volume is mounted. Defaults to false. */
  requiresRepublish: bool(7).explicit().default(false),
  /** Whether volumes can be mounted with a SELinux label. Defaults to false. */
  seLinuxMount: bool(8).explicit().default(false),
  /** Every how many seconds the driver is asked how many volumes a node can take; at least 10. Absent: never. */
  nodeAllocatableUpdatePeriodSeconds: int64(9).explicit(),
  /** Whether tokens are given to the driver among secrets, and not in the volume's context. Needs tokenRequests. */
  serviceAccountTokenInSecrets: bool(10).explicit(),
  /** Whether pods wait while a node does not have the driver. */
  preventPodSchedulingIfMissing: bool(11).explicit(),
}) {}

/** What is to be known of a CSI driver. Its name is the driver's. */
export class CSIDriver extends message('k8s.io.api.storage.v1.CSIDriver', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What is to be known of it. */
  spec: ref(2, CSIDriverSpec).required(),
}) {}

export const csidrivers = resource({
  group: 'storage.k8s.io', version: 'v1', plural: 'csidrivers', singular: 'csidriver', kind: 'CSIDriver', isNamespaced: false, type: CSIDriver,
  returnsDeleted: true,
  validate: validateCsiDriver,
  columns: csiDriverColumns,
  warnings: csiDriverWarnings,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['change'] } },
});
