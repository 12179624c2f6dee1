/** What is to be attached to which node. */
import { message, ref, string } from '@kaji/schema';
import { PersistentVolumeSpec } from '../../core/v1/persistent-volume-source.ts';

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
