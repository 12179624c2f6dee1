import { bool, list, message, oneOf, ref, string, stringMap, strings } from '@kaji/schema';
import { storageClassColumns } from '../../columns/storage.ts';
import { storageClassWarnings, validateStorageClass } from './storage-rules.ts';
import { resource } from '../../resource.ts';
import { TopologySelectorTerm } from '../../core/v1/scheduling.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** A kind of storage, from which volumes are made for claims. */
export class StorageClass extends message('k8s.io.api.storage.v1.StorageClass', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** Who makes the volumes. It cannot be changed. */
  provisioner: string(2).required(),
  /** What it wants to know. They cannot be changed. */
  parameters: stringMap(3),
  /** What becomes of volumes once their claims are gone. It cannot be changed. Defaults to Delete. */
  reclaimPolicy: oneOf(4, 'Recycle', 'Delete', 'Retain').explicit().default('Delete').named('v1.PersistentVolumeReclaimPolicy'),
  /** Options of the mounts. They are not checked; a wrong one fails the mount. */
  mountOptions: strings(5).atomic(),
  /** Whether claims may ask for more later. */
  allowVolumeExpansion: bool(6).explicit(),
  /** Whether a volume is made at once or for the first pod that wants it. It cannot be changed. Defaults to Immediate. */
  volumeBindingMode: oneOf(7, 'Immediate', 'WaitForFirstConsumer').explicit().default('Immediate').named('v1.VolumeBindingMode'),
  /** Where volumes may be made. Absent: anywhere. It cannot be changed. */
  allowedTopologies: list(8, TopologySelectorTerm).atomic(),
}) {}

export const storageclasses = resource({
  group: 'storage.k8s.io', version: 'v1', plural: 'storageclasses', singular: 'storageclass', kind: 'StorageClass', isNamespaced: false, type: StorageClass,
  returnsDeleted: true,
  validate: validateStorageClass,
  warnings: storageClassWarnings,
  columns: storageClassColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole', 'change'] } },
  shortNames: ['sc'],
});
