import { list, message, oneOf, quantityMap, ref, someOf, string, stringMap, time } from '@kaji/schema';
import { persistentVolumeClaimColumns } from '../../columns/storage.ts';
import { persistentVolumeClaimWarnings, validatePersistentVolumeClaim, validatePersistentVolumeClaimStatus } from './persistent-volume-claim-rules.ts';
import { resource } from '../../resource.ts';
import { PersistentVolumeClaimSpec } from './volume.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** Something that holds of a claim, such as that it is being resized. */
export class PersistentVolumeClaimCondition extends message('k8s.io.api.core.v1.PersistentVolumeClaimCondition', {
  /** What is said, such as Resizing or FileSystemResizePending. */
  type: string(1).required().named('v1.PersistentVolumeClaimConditionType'),
  /** True, False or Unknown. */
  status: string(2).required().named('v1.ConditionStatus'),
  /** When it was last looked at. */
  lastProbeTime: time(3).always(),
  /** When the status last changed. */
  lastTransitionTime: time(4).always(),
  /** Why, as one word that programs can read. */
  reason: string(5),
  /** Why, for people. */
  message: string(6),
}) {}

/** How far a change of the volume's attributes has come. */
export class ModifyVolumeStatus extends message('k8s.io.api.core.v1.ModifyVolumeStatus', {
  /** The VolumeAttributesClass that is aimed at. */
  targetVolumeAttributesClassName: string(1),
  /** Pending while something is missing, InProgress, or Infeasible when the driver refused the values. */
  status: oneOf(2, 'Pending', 'InProgress', 'Infeasible').required().named('v1.PersistentVolumeClaimModifyVolumeStatus'),
}) {}

/** What a claim has been given. */
export class PersistentVolumeClaimStatus extends message('k8s.io.api.core.v1.PersistentVolumeClaimStatus', {
  /** Whether it waits, is bound, or has lost its volume. */
  phase: oneOf(1, 'Pending', 'Bound', 'Lost').default('Pending').named('v1.PersistentVolumeClaimPhase'),
  /** How the volume it is bound to can be mounted. */
  accessModes: someOf(2, 'ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod').atomic().named('v1.PersistentVolumeAccessMode'),
  /** How large that volume is. */
  capacity: quantityMap(3),
  /** What holds of the claim now. */
  conditions: list(4, PersistentVolumeClaimCondition).mapBy('type').mergeBy('type'),
  /** How much storage has been promised, which may be more than there is while the volume grows. */
  allocatedResources: quantityMap(5),
  /** How far making a resource larger has come, by the resource's name. */
  allocatedResourceStatuses: stringMap(7).with({ mapType: 'granular', oneOf: ['ControllerResizeInProgress', 'ControllerResizeInfeasible', 'NodeResizeInProgress', 'NodeResizeInfeasible', 'NodeResizePending'] }).named('map[v1.ResourceName]v1.ClaimResourceStatus'),
  /** The VolumeAttributesClass in force. */
  currentVolumeAttributesClassName: string(8).explicit(),
  /** How far a change of the class has come. */
  modifyVolumeStatus: ref(9, ModifyVolumeStatus),
}) {}

/** A wish for storage, and then a hold on the volume that fulfils it. */
export class PersistentVolumeClaim extends message('k8s.io.api.core.v1.PersistentVolumeClaim', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What storage is asked for. */
  spec: ref(2, PersistentVolumeClaimSpec).present(),
  /** What it has been given. */
  status: ref(3, PersistentVolumeClaimStatus).always(),
}) {}

export const persistentvolumeclaims = resource({
  group: '', version: 'v1', plural: 'persistentvolumeclaims', singular: 'persistentvolumeclaim', kind: 'PersistentVolumeClaim', isNamespaced: true, type: PersistentVolumeClaim,
  returnsDeleted: true,
  nameErrors: subdomainName,
  validate: validatePersistentVolumeClaim,
  validateStatus: validatePersistentVolumeClaimStatus,
  warnings: persistentVolumeClaimWarnings,
  columns: persistentVolumeClaimColumns,
  shortNames: ['pvc'],
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
