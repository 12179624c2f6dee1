import { list, message, ref } from '@kaji/schema';
import { csiNodeColumns } from '../../columns/storage.ts';
import { validateCsiNode } from './storage-rules.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import { CSINodeDriver } from './csi-node-driver.ts';

/** The drivers of a node. */
export class CSINodeSpec extends message('k8s.io.api.storage.v1.CSINodeSpec', {
  /** The drivers. */
  drivers: list(1, CSINodeDriver).required().mapBy('name').mergeBy('name'),
}) {}

/** The CSI drivers of a node. Its name is the node's. */
export class CSINode extends message('k8s.io.api.storage.v1.CSINode', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** The drivers. */
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
