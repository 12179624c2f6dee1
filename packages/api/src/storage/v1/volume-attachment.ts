import { bool, int32, message, ref, string, stringMap, time } from '@kaji/schema';
import { volumeAttachmentColumns } from '../../columns/storage.ts';
import { validateVolumeAttachment } from './storage-rules.ts';
import { resource } from '../../resource.ts';
import { PersistentVolumeSpec } from '../../core/v1/persistent-volume.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class VolumeAttachmentSource extends message('k8s.io.api.storage.v1.VolumeAttachmentSource', {
  persistentVolumeName: string(1).explicit(),
  inlineVolumeSpec: ref(2, PersistentVolumeSpec),
}) {}

export class VolumeAttachmentSpec extends message('k8s.io.api.storage.v1.VolumeAttachmentSpec', {
  attacher: string(1).required(),
  source: ref(2, VolumeAttachmentSource).required(),
  nodeName: string(3).required(),
}) {}

export class VolumeError extends message('k8s.io.api.storage.v1.VolumeError', {
  time: time(1).always(),
  message: string(2),
  errorCode: int32(3).explicit(),
}) {}

export class VolumeAttachmentStatus extends message('k8s.io.api.storage.v1.VolumeAttachmentStatus', {
  attached: bool(1).required(),
  attachmentMetadata: stringMap(2),
  attachError: ref(3, VolumeError),
  detachError: ref(4, VolumeError),
}) {}

export class VolumeAttachment extends message('k8s.io.api.storage.v1.VolumeAttachment', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, VolumeAttachmentSpec).required(),
  status: ref(3, VolumeAttachmentStatus).always(),
}) {}

export const volumeattachments = resource({
  group: 'storage.k8s.io', version: 'v1', plural: 'volumeattachments', singular: 'volumeattachment', kind: 'VolumeAttachment', isNamespaced: false, type: VolumeAttachment,
  returnsDeleted: true,
  validate: validateVolumeAttachment,
  columns: volumeAttachmentColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole'], status: [] } },
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
