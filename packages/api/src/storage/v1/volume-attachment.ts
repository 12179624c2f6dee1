import { bool, int32, message, ref, string, stringMap, time } from '@kaji/schema';
import { volumeAttachmentColumns } from '../../columns/storage.ts';
import { validateVolumeAttachment } from './storage-rules.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import { VolumeAttachmentSpec } from './volume-attachment-spec.ts';

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
  metadataChecks: { on: { update: ['whole'], status: ['whole'] } },
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
