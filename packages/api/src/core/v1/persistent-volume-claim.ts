import { list, message, oneOf, quantityMap, ref, someOf, string, stringMap, time } from '@kaji/schema';
import { persistentVolumeClaimColumns } from '../../columns/storage.ts';
import { persistentVolumeClaimWarnings, validatePersistentVolumeClaim, validatePersistentVolumeClaimStatus } from './persistent-volume-claim-rules.ts';
import { resource } from '../../resource.ts';
import { PersistentVolumeClaimSpec } from './volume.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class PersistentVolumeClaimCondition extends message('k8s.io.api.core.v1.PersistentVolumeClaimCondition', {
  type: string(1).required(),
  status: string(2).required(),
  lastProbeTime: time(3).always(),
  lastTransitionTime: time(4).always(),
  reason: string(5),
  message: string(6),
}) {}

export class ModifyVolumeStatus extends message('k8s.io.api.core.v1.ModifyVolumeStatus', {
  targetVolumeAttributesClassName: string(1),
  status: oneOf(2, 'Pending', 'InProgress', 'Infeasible').required(),
}) {}

export class PersistentVolumeClaimStatus extends message('k8s.io.api.core.v1.PersistentVolumeClaimStatus', {
  phase: oneOf(1, 'Pending', 'Bound', 'Lost').default('Pending'),
  accessModes: someOf(2, 'ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod').atomic(),
  capacity: quantityMap(3),
  conditions: list(4, PersistentVolumeClaimCondition).mapBy('type').mergeBy('type'),
  allocatedResources: quantityMap(5),
  /** How far making a resource larger has come, by the resource's name. */
  allocatedResourceStatuses: stringMap(7).with({ mapType: 'granular', oneOf: ['ControllerResizeInProgress', 'ControllerResizeInfeasible', 'NodeResizeInProgress', 'NodeResizeInfeasible', 'NodeResizePending'] }),
  /** The VolumeAttributesClass in force. */
  currentVolumeAttributesClassName: string(8).explicit(),
  modifyVolumeStatus: ref(9, ModifyVolumeStatus),
}) {}

export class PersistentVolumeClaim extends message('k8s.io.api.core.v1.PersistentVolumeClaim', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, PersistentVolumeClaimSpec).present(),
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
