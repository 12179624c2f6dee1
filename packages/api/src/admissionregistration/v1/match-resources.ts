import { list, message, oneOf, ref, strings } from '@kaji/schema';
import { RuleWithOperations } from './rule-with-operations.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';

/** Operations on resources, perhaps on some objects only. */
export class NamedRuleWithOperations extends message('k8s.io.api.admissionregistration.v1.NamedRuleWithOperations', {
  /** Names of the objects. Absent for all. */
  resourceNames: strings(1).atomic(),
  /** The operations and resources. */
  ruleWithOperations: ref(2, RuleWithOperations).inline(),
}) {
  static readonly isAtomic = true;
}

/** Which requests are looked at. */
export class MatchResources extends message('k8s.io.api.admissionregistration.v1.MatchResources', {
  /** Labels of the namespaces whose objects are looked at. Defaults to all, and to objects outside of namespaces. */
  namespaceSelector: ref(1, LabelSelector).default({}),
  /** Labels of objects, of which the old or the new must have them. Defaults to all. */
  objectSelector: ref(2, LabelSelector).default({}),
  /** Operations that are looked at, one of which must fit. */
  resourceRules: list(3, NamedRuleWithOperations).atomic(),
  /** Operations that are not looked at, even though resourceRules name them. */
  excludeResourceRules: list(4, NamedRuleWithOperations).atomic(),
  /** Whether a rule also fits requests that reach the same resource by another group or version. Defaults to Equivalent. */
  matchPolicy: oneOf(7, 'Exact', 'Equivalent').explicit().default('Equivalent').named('v1.MatchPolicyType'),
}) {
  static readonly isAtomic = true;
}
