export { CSIDriver, csidrivers, CSIDriverSpec, TokenRequest } from './csi-driver.ts';
export { CSINode, CSINodeDriver, csinodes, CSINodeSpec, VolumeNodeResources } from './csi-node.ts';
export { csistoragecapacities, CSIStorageCapacity } from './csi-storage-capacity.ts';
export { StorageClass, storageclasses } from './storage-class.ts';
export { VolumeAttachment, volumeattachments, VolumeAttachmentSource, VolumeAttachmentSpec, VolumeAttachmentStatus, VolumeError } from './volume-attachment.ts';
export { VolumeAttributesClass, volumeattributesclasses } from './volume-attributes-class.ts';
