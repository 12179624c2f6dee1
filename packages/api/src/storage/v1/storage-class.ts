import { bool, list, message, oneOf, ref, string, stringMap, strings } from '@kaji/schema';
import { storageClassColumns } from '../../columns/storage.ts';
import { validateStorageClass } from './storage-rules.ts';
import { resource } from '../../resource.ts';
import { TopologySelectorTerm } from '../../core/v1/scheduling.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class StorageClass extends message('k8s.io.api.storage.v1.StorageClass', {
  metadata: ref(1, ObjectMeta).present(),
  provisioner: string(2).required(),
  parameters: stringMap(3),
  reclaimPolicy: oneOf(4, 'Recycle', 'Delete', 'Retain').explicit().default('Delete'),
  mountOptions: strings(5).atomic(),
  allowVolumeExpansion: bool(6).explicit(),
  volumeBindingMode: oneOf(7, 'Immediate', 'WaitForFirstConsumer').explicit().default('Immediate'),
  allowedTopologies: list(8, TopologySelectorTerm).atomic(),
}) {}

export const storageclasses = resource({
  group: 'storage.k8s.io', version: 'v1', plural: 'storageclasses', singular: 'storageclass', kind: 'StorageClass', isNamespaced: false, type: StorageClass,
  returnsDeleted: true,
  validate: validateStorageClass,
  columns: storageClassColumns,
  nameErrors: subdomainName,
  shortNames: ['sc'],
});
