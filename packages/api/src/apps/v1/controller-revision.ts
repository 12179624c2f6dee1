import { int64, message, rawExtension, ref } from '@kaji/schema';
import { controllerRevisionColumns } from '../../columns/workloads.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** A state of a controller's specification, kept to go back to. It cannot be changed. */
export class ControllerRevision extends message('k8s.io.api.apps.v1.ControllerRevision', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** The state. */
  data: rawExtension(2).always(),
  /** Which one it is, counted upwards. */
  revision: int64(3).required(),
}) {}

export const controllerrevisions = resource({
  group: 'apps', version: 'v1', plural: 'controllerrevisions', singular: 'controllerrevision', kind: 'ControllerRevision', isNamespaced: true, type: ControllerRevision,
  columns: controllerRevisionColumns,
  nameErrors: subdomainName,
});
