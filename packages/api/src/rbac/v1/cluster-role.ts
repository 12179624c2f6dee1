import { list, message, ref } from '@kaji/schema';
import { resource } from '../../resource.ts';
import { validateClusterRole } from './role-rules.ts';
import { PolicyRule } from './policy-rule.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { segmentName } from '../../meta/v1/name-rules.ts';

export class AggregationRule extends message('k8s.io.api.rbac.v1.AggregationRule', {
  clusterRoleSelectors: list(1, LabelSelector).atomic(),
}) {}

export class ClusterRole extends message('k8s.io.api.rbac.v1.ClusterRole', {
  metadata: ref(1, ObjectMeta).present(),
  rules: list(2, PolicyRule).always().atomic(),
  aggregationRule: ref(3, AggregationRule),
}) {}

export const clusterroles = resource({
  group: 'rbac.authorization.k8s.io', version: 'v1', plural: 'clusterroles', singular: 'clusterrole', kind: 'ClusterRole', isNamespaced: false, type: ClusterRole,
  validate: validateClusterRole,
  nameErrors: segmentName,
});
