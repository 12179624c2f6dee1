import { message, oneOf, ref, someOf, strings } from '@kaji/schema';

export class Rule extends message('k8s.io.api.admissionregistration.v1.Rule', {
  apiGroups: strings(1).atomic(),
  apiVersions: strings(2).atomic(),
  resources: strings(3).atomic(),
  scope: oneOf(4, 'Cluster', 'Namespaced', '*').explicit().default('*'),
}) {}

export class RuleWithOperations extends message('k8s.io.api.admissionregistration.v1.RuleWithOperations', {
  operations: someOf(1, '*', 'CREATE', 'UPDATE', 'DELETE', 'CONNECT').atomic(),
  rule: ref(2, Rule).inline(),
}) {}
