import { int32, list, message, ref, string, strings } from '@kaji/schema';
import { csiNodeColumns } from '../../columns/storage.ts';
import { validateCsiNode } from './storage-rules.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class VolumeNodeResources extends message('k8s.io.api.storage.v1.VolumeNodeResources', {
  count: int32(1).explicit(),
}) {}

export class CSINodeDriver extends message('k8s.io.api.storage.v1.CSINodeDriver', {
  name: string(1).required(),
  nodeID: string(2).required(),
  topologyKeys: strings(3).always().atomic(),
  allocatable: ref(4, VolumeNodeResources),
}) {}

export class CSINodeSpec extends message('k8s.io.api.storage.v1.CSINodeSpec', {
  drivers: list(1, CSINodeDriver).required().mapBy('name').mergeBy('name'),
}) {}

export class CSINode extends message('k8s.io.api.storage.v1.CSINode', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, CSINodeSpec).required(),
}) {}

export const csinodes = resource({
  group: 'storage.k8s.io', version: 'v1', plural: 'csinodes', singular: 'csinode', kind: 'CSINode', isNamespaced: false, type: CSINode,
  returnsDeleted: true,
  validate: validateCsiNode,
  columns: csiNodeColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole'] } },
});
