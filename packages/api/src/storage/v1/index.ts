export { CSIDriver, csidrivers, CSIDriverSpec, TokenRequest } from './csi-driver.ts';
export { CSINode, csinodes, CSINodeSpec } from './csi-node.ts';
export { CSINodeDriver, VolumeNodeResources } from './csi-node-driver.ts';
export { csistoragecapacities, CSIStorageCapacity } from './csi-storage-capacity.ts';
export { StorageClass, storageclasses } from './storage-class.ts';
export { VolumeAttachment, volumeattachments, VolumeAttachmentStatus, VolumeError } from './volume-attachment.ts';
export { VolumeAttachmentSource, VolumeAttachmentSpec } from './volume-attachment-spec.ts';
export { VolumeAttributesClass, volumeattributesclasses } from './volume-attributes-class.ts';
