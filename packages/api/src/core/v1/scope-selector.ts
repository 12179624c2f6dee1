/** Which pods a quota counts. */
import { list, message, oneOf, strings } from '@kaji/schema';

/** A condition on what a quota counts. */
export class ScopedResourceSelectorRequirement extends message('k8s.io.api.core.v1.ScopedResourceSelectorRequirement', {
  /** What the condition is about. */
  scopeName: oneOf(1, 'Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort', 'PriorityClass', 'CrossNamespacePodAffinity', 'VolumeAttributesClass').required().named('v1.ResourceQuotaScope'),
  /** How it is compared. */
  operator: oneOf(2, 'In', 'NotIn', 'Exists', 'DoesNotExist').required().named('v1.ScopeSelectorOperator'),
  /** What it is compared with. Only for In and NotIn. */
  values: strings(3).atomic(),
}) {}

/** Conditions on what a quota counts, all of which must hold. */
export class ScopeSelector extends message('k8s.io.api.core.v1.ScopeSelector', {
  /** The conditions. */
  matchExpressions: list(1, ScopedResourceSelectorRequirement).atomic(),
}) {
  static readonly isAtomic = true;
}
