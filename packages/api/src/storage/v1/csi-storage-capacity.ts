import { message, quantity, ref, string } from '@kaji/schema';
import { csiStorageCapacityColumns } from '../../columns/storage.ts';
import { csiStorageCapacityWarnings, validateCsiStorageCapacity } from './storage-rules.ts';
import { resource } from '../../resource.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** How much room a driver has for new volumes, of one class and in one part of the cluster. */
export class CSIStorageCapacity extends message('k8s.io.api.storage.v1.CSIStorageCapacity', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** Nodes from which it can be reached. Absent: none. It cannot be changed. */
  nodeTopology: ref(2, LabelSelector),
  /** Name of the StorageClass. It cannot be changed. */
  storageClassName: string(3).required(),
  /** How much room there is. Absent: it is not known. */
  capacity: quantity(4).explicit(),
  /** How large one volume can be. Absent: it is not known. */
  maximumVolumeSize: quantity(5).explicit(),
}) {}

export const csistoragecapacities = resource({
  group: 'storage.k8s.io', version: 'v1', plural: 'csistoragecapacities', singular: 'csistoragecapacity', kind: 'CSIStorageCapacity', isNamespaced: true, type: CSIStorageCapacity,
  validate: validateCsiStorageCapacity,
  warnings: csiStorageCapacityWarnings,
  columns: csiStorageCapacityColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole', 'change'] } },
});
