import { message, ref, string, stringMap } from '@kaji/schema';
import { volumeAttributesClassColumns } from '../../columns/storage.ts';
import { validateVolumeAttributesClass } from './storage-rules.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** What volumes can do, in terms of their driver, and can be changed to. */
export class VolumeAttributesClass extends message('k8s.io.api.storage.v1.VolumeAttributesClass', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** Name of the driver. It cannot be changed. */
  driverName: string(2).required(),
  /** What the driver wants to know. They cannot be changed. */
  parameters: stringMap(3),
}) {}

export const volumeattributesclasses = resource({
  group: 'storage.k8s.io', version: 'v1', plural: 'volumeattributesclasses', singular: 'volumeattributesclass', kind: 'VolumeAttributesClass', isNamespaced: false, type: VolumeAttributesClass,
  returnsDeleted: true,
  validate: validateVolumeAttributesClass,
  columns: volumeAttributesClassColumns,
  nameErrors: subdomainName,
  shortNames: ['vac'],
});
