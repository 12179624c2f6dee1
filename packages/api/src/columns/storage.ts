/** Columns of what is stored on. */
import type { PersistentVolumeClaim } from '../core/v1/persistent-volume-claim.ts';
import type { PersistentVolume } from '../core/v1/persistent-volume.ts';
import type { CSIDriver } from '../storage/v1/csi-driver.ts';
import type { CSINode } from '../storage/v1/csi-node.ts';
import type { CSIStorageCapacity } from '../storage/v1/csi-storage-capacity.ts';
import type { StorageClass } from '../storage/v1/storage-class.ts';
import type { VolumeAttachment } from '../storage/v1/volume-attachment.ts';
import type { VolumeAttributesClass } from '../storage/v1/volume-attributes-class.ts';
import type { Column } from '../resource.ts';
import { ageColumn, nameColumn } from './cells.ts';

const shortModes: Readonly<Record<string, string>> = { ReadWriteOnce: 'RWO', ReadOnlyMany: 'ROX', ReadWriteMany: 'RWX', ReadWriteOncePod: 'RWOP' };

/** `RWO,RWX`: each mode once, in the order that upstream knows them. */
const accessModesText = (modes: readonly string[] | undefined): string => Object.entries(shortModes).filter(([mode]) => modes?.includes(mode) === true).map(([, short]) => short).join(',');

const isBound = ({ spec }: PersistentVolumeClaim): boolean => (spec.volumeName ?? '') !== '';

export const persistentVolumeClaimColumns: readonly Column<PersistentVolumeClaim>[] = [
  nameColumn,
  { name: 'Status', type: 'string', value: ({ metadata, status }) => (metadata.deletionTimestamp === undefined ? status?.phase ?? '' : 'Terminating') },
  { name: 'Volume', type: 'string', value: ({ spec }) => spec.volumeName ?? '' },
  { name: 'Capacity', type: 'string', value: (claim) => (isBound(claim) ? claim.status?.capacity?.['storage'] ?? '0' : '') },
  { name: 'Access Modes', type: 'string', value: (claim) => (isBound(claim) ? accessModesText(claim.status?.accessModes) : '') },
  { name: 'StorageClass', type: 'string', value: ({ metadata, spec }) => metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec.storageClassName ?? '' },
  { name: 'VolumeAttributesClass', type: 'string', value: ({ spec }) => spec.volumeAttributesClassName ?? '<unset>' },
  ageColumn,
  { name: 'VolumeMode', type: 'string', isWide: true, value: ({ spec }) => spec.volumeMode ?? '<unset>' },
];

export const storageClassColumns: readonly Column<StorageClass>[] = [
  { ...nameColumn, value: ({ metadata }) => `${metadata.name ?? ''}${metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true' || metadata.annotations?.['storageclass.beta.kubernetes.io/is-default-class'] === 'true' ? ' (default)' : ''}` },
  { name: 'Provisioner', type: 'string', value: ({ provisioner }) => provisioner },
  { name: 'ReclaimPolicy', type: 'string', value: ({ reclaimPolicy }) => reclaimPolicy ?? 'Delete' },
  { name: 'VolumeBindingMode', type: 'string', value: ({ volumeBindingMode }) => volumeBindingMode ?? '<unset>' },
  { name: 'AllowVolumeExpansion', type: 'string', value: ({ allowVolumeExpansion }) => allowVolumeExpansion ?? false },
  ageColumn,
];

export const persistentVolumeColumns: readonly Column<PersistentVolume>[] = [
  nameColumn,
  { name: 'Capacity', type: 'string', value: ({ spec }) => spec.capacity?.['storage'] ?? '0' },
  { name: 'Access Modes', type: 'string', value: ({ spec }) => accessModesText(spec.accessModes) },
  { name: 'Reclaim Policy', type: 'string', value: ({ spec }) => spec.persistentVolumeReclaimPolicy ?? '' },
  { name: 'Status', type: 'string', value: ({ metadata, status }) => (metadata.deletionTimestamp === undefined ? status?.phase ?? '' : 'Terminating') },
  { name: 'Claim', type: 'string', value: ({ spec: { claimRef } }) => (claimRef === undefined ? '' : `${claimRef.namespace ?? ''}/${claimRef.name ?? ''}`) },
  { name: 'StorageClass', type: 'string', value: ({ metadata, spec }) => metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec.storageClassName ?? '' },
  { name: 'VolumeAttributesClass', type: 'string', value: ({ spec }) => spec.volumeAttributesClassName ?? '<unset>' },
  { name: 'Reason', type: 'string', value: ({ status }) => status?.reason ?? '' },
  ageColumn,
  { name: 'VolumeMode', type: 'string', isWide: true, value: ({ spec }) => spec.volumeMode ?? '<unset>' },
];

export const csiDriverColumns: readonly Column<CSIDriver>[] = [
  nameColumn,
  { name: 'AttachRequired', type: 'boolean', value: ({ spec }) => spec.attachRequired ?? true },
  { name: 'PodInfoOnMount', type: 'boolean', value: ({ spec }) => spec.podInfoOnMount ?? false },
  { name: 'StorageCapacity', type: 'boolean', value: ({ spec }) => spec.storageCapacity ?? false },
  { name: 'TokenRequests', type: 'string', value: ({ spec }) => spec.tokenRequests?.map(({ audience }) => audience).join(',') ?? '<unset>' },
  { name: 'RequiresRepublish', type: 'boolean', value: ({ spec }) => spec.requiresRepublish ?? false },
  { name: 'Modes', type: 'string', value: ({ spec }) => (spec.volumeLifecycleModes ?? []).join(',') || '<none>' },
  ageColumn,
];

export const csiNodeColumns: readonly Column<CSINode>[] = [
  nameColumn,
  { name: 'Drivers', type: 'integer', value: ({ spec }) => spec.drivers.length },
  ageColumn,
];

export const csiStorageCapacityColumns: readonly Column<CSIStorageCapacity>[] = [
  nameColumn,
  { name: 'StorageClassName', type: 'string', value: ({ storageClassName }) => storageClassName },
  { name: 'Capacity', type: 'string', value: ({ capacity }) => capacity ?? '<unset>' },
];

export const volumeAttachmentColumns: readonly Column<VolumeAttachment>[] = [
  nameColumn,
  { name: 'Attacher', type: 'string', format: 'name', value: ({ spec }) => spec.attacher },
  { name: 'PV', type: 'string', value: ({ spec }) => spec.source.persistentVolumeName ?? '' },
  { name: 'Node', type: 'string', value: ({ spec }) => spec.nodeName },
  { name: 'Attached', type: 'boolean', value: ({ status }) => status?.attached ?? false },
  ageColumn,
];

export const volumeAttributesClassColumns: readonly Column<VolumeAttributesClass>[] = [
  nameColumn,
  { name: 'DriverName', type: 'string', value: ({ driverName }) => driverName },
  ageColumn,
];
