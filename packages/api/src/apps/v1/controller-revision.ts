import { int64, message, rawExtension, ref } from '@kaji/schema';
import { controllerRevisionColumns } from '../../columns/workloads.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class ControllerRevision extends message('k8s.io.api.apps.v1.ControllerRevision', {
  metadata: ref(1, ObjectMeta).present(),
  data: rawExtension(2).always(),
  revision: int64(3).required(),
}) {}

export const controllerrevisions = resource({
  group: 'apps', version: 'v1', plural: 'controllerrevisions', singular: 'controllerrevision', kind: 'ControllerRevision', isNamespaced: true, type: ControllerRevision,
  columns: controllerRevisionColumns,
  nameErrors: subdomainName,
});
