import { bool, int32, message, ref, string, stringMap, time } from '@kaji/schema';
import { volumeAttachmentColumns } from '../../columns/storage.ts';
import { validateVolumeAttachment } from './storage-rules.ts';
import { resource } from '../../resource.ts';
import { PersistentVolumeSpec } from '../../core/v1/persistent-volume.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** What is to be attached. Exactly one of the two is set. */
export class VolumeAttachmentSource extends message('k8s.io.api.storage.v1.VolumeAttachmentSource', {
  /** Name of a PersistentVolume. */
  persistentVolumeName: string(1).explicit(),
  /** A volume that stands in a pod, from before it was moved to its driver. */
  inlineVolumeSpec: ref(2, PersistentVolumeSpec),
}) {}

/** What is to be attached, and where. It cannot be changed. */
export class VolumeAttachmentSpec extends message('k8s.io.api.storage.v1.VolumeAttachmentSpec', {
  /** Name of the driver that attaches it. */
  attacher: string(1).required(),
  /** What is to be attached. */
  source: ref(2, VolumeAttachmentSource).required(),
  /** Node that it is to be attached to. */
  nodeName: string(3).required(),
}) {}

/** Something that went wrong with a volume. */
export class VolumeError extends message('k8s.io.api.storage.v1.VolumeError', {
  /** When. */
  time: time(1).always(),
  /** What went wrong, for people. It may go into logs. */
  message: string(2),
  /** Number of the error, as gRPC has it. */
  errorCode: int32(3).explicit(),
}) {}

/** What has become of an attachment. */
export class VolumeAttachmentStatus extends message('k8s.io.api.storage.v1.VolumeAttachmentStatus', {
  /** Whether the volume is attached. */
  attached: bool(1).required(),
  /** What the driver said when it attached it, for those who mount it. */
  attachmentMetadata: stringMap(2),
  /** What last went wrong with attaching it. */
  attachError: ref(3, VolumeError),
  /** What last went wrong with detaching it. */
  detachError: ref(4, VolumeError),
}) {}

/** Asks for a volume to be attached to a node. */
export class VolumeAttachment extends message('k8s.io.api.storage.v1.VolumeAttachment', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What is to be attached, and where. */
  spec: ref(2, VolumeAttachmentSpec).required(),
  /** What has become of it. */
  status: ref(3, VolumeAttachmentStatus).always(),
}) {}

export const volumeattachments = resource({
  group: 'storage.k8s.io', version: 'v1', plural: 'volumeattachments', singular: 'volumeattachment', kind: 'VolumeAttachment', isNamespaced: false, type: VolumeAttachment,
  returnsDeleted: true,
  validate: validateVolumeAttachment,
  validateStatus: (attachment: VolumeAttachment, old: VolumeAttachment) => validateVolumeAttachment(attachment, old),
  columns: volumeAttachmentColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole'], status: [] } },
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
