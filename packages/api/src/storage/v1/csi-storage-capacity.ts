import { message, quantity, ref, string } from '@kaji/schema';
import { csiStorageCapacityColumns } from '../../columns/storage.ts';
import { validateCsiStorageCapacity } from './storage-rules.ts';
import { resource } from '../../resource.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class CSIStorageCapacity extends message('k8s.io.api.storage.v1.CSIStorageCapacity', {
  metadata: ref(1, ObjectMeta).present(),
  nodeTopology: ref(2, LabelSelector),
  storageClassName: string(3).required(),
  capacity: quantity(4).explicit(),
  maximumVolumeSize: quantity(5).explicit(),
}) {}

export const csistoragecapacities = resource({
  group: 'storage.k8s.io', version: 'v1', plural: 'csistoragecapacities', singular: 'csistoragecapacity', kind: 'CSIStorageCapacity', isNamespaced: true, type: CSIStorageCapacity,
  validate: validateCsiStorageCapacity,
  columns: csiStorageCapacityColumns,
  nameErrors: subdomainName,
});
