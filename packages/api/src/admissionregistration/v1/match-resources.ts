import { list, message, oneOf, ref, strings } from '@kaji/schema';
import { RuleWithOperations } from './rule-with-operations.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';

export class NamedRuleWithOperations extends message('k8s.io.api.admissionregistration.v1.NamedRuleWithOperations', {
  resourceNames: strings(1).atomic(),
  ruleWithOperations: ref(2, RuleWithOperations).inline(),
}) {
  static readonly isAtomic = true;
}

export class MatchResources extends message('k8s.io.api.admissionregistration.v1.MatchResources', {
  namespaceSelector: ref(1, LabelSelector).default({}),
  objectSelector: ref(2, LabelSelector).default({}),
  resourceRules: list(3, NamedRuleWithOperations).atomic(),
  excludeResourceRules: list(4, NamedRuleWithOperations).atomic(),
  matchPolicy: oneOf(7, 'Exact', 'Equivalent').explicit().default('Equivalent'),
}) {
  static readonly isAtomic = true;
}
