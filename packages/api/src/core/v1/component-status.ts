import { list, message, ref, string } from '@kaji/schema';
import { componentStatusColumns } from '../../columns/cluster.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

export class ComponentCondition extends message('k8s.io.api.core.v1.ComponentCondition', {
  type: string(1).required(),
  status: string(2).required(),
  message: string(3),
  error: string(4),
}) {}

export class ComponentStatus extends message('k8s.io.api.core.v1.ComponentStatus', {
  metadata: ref(1, ObjectMeta).present(),
  conditions: list(2, ComponentCondition).mapBy('type').mergeBy('type'),
}) {}

export const componentstatuses = resource({
  group: '', version: 'v1', plural: 'componentstatuses', singular: 'componentstatus', kind: 'ComponentStatus', isNamespaced: false, type: ComponentStatus,
  columns: componentStatusColumns,
  shortNames: ['cs'],
  verbs: ['get', 'list'],
});
