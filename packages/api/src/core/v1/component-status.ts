import { list, message, ref, string } from '@kaji/schema';
import { componentStatusColumns } from '../../columns/cluster.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

/** Whether a component is well. */
export class ComponentCondition extends message('k8s.io.api.core.v1.ComponentCondition', {
  /** What is said; Healthy is the only one. */
  type: string(1).required().named('v1.ComponentConditionType'),
  /** True, False or Unknown. */
  status: string(2).required().named('v1.ConditionStatus'),
  /** What the component said. */
  message: string(3),
  /** What went wrong in asking it. */
  error: string(4),
}) {}

/** Whether a component of the cluster is well. Deprecated: ask the component itself. */
export class ComponentStatus extends message('k8s.io.api.core.v1.ComponentStatus', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What holds of it now. */
  conditions: list(2, ComponentCondition).mapBy('type').mergeBy('type'),
}) {}

export const componentstatuses = resource({
  group: '', version: 'v1', plural: 'componentstatuses', singular: 'componentstatus', kind: 'ComponentStatus', isNamespaced: false, type: ComponentStatus,
  columns: componentStatusColumns,
  shortNames: ['cs'],
  verbs: ['get', 'list'],
});
