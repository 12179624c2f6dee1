import { list, message, ref } from '@kaji/schema';
import { resource } from '../../resource.ts';
import { validateClusterRole } from './role-rules.ts';
import { PolicyRule } from './policy-rule.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { segmentName } from '../../meta/v1/name-rules.ts';

/** Which roles a role is put together from. */
export class AggregationRule extends message('k8s.io.api.rbac.v1.AggregationRule', {
  /** Labels of the roles. One that matches is enough. */
  clusterRoleSelectors: list(1, LabelSelector).atomic(),
}) {}

/** What may be done, everywhere or in any one namespace. */
export class ClusterRole extends message('k8s.io.api.rbac.v1.ClusterRole', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What may be done. */
  rules: list(2, PolicyRule).always().atomic(),
  /** Roles whose rules it takes. They replace its own. */
  aggregationRule: ref(3, AggregationRule),
}) {}

export const clusterroles = resource({
  group: 'rbac.authorization.k8s.io', version: 'v1', plural: 'clusterroles', singular: 'clusterrole', kind: 'ClusterRole', isNamespaced: false, type: ClusterRole,
  validate: validateClusterRole,
  nameErrors: segmentName,
  metadataChecks: { on: { update: ['whole'] } },
});
