import { message, oneOf, ref, someOf, strings } from '@kaji/schema';

/** Resources that are meant. */
export class Rule extends message('k8s.io.api.admissionregistration.v1.Rule', {
  /** Their groups. A star means all. */
  apiGroups: strings(1).atomic(),
  /** Their versions. A star means all. */
  apiVersions: strings(2).atomic(),
  /** Their names, with subresources behind a slash. A star means all on its side of the slash. */
  resources: strings(3).atomic(),
  /** Whether they lie in namespaces. Defaults to a star, for both. */
  scope: oneOf(4, 'Cluster', 'Namespaced', '*').explicit().default('*').named('v1.ScopeType'),
}) {}

/** Operations on resources. */
export class RuleWithOperations extends message('k8s.io.api.admissionregistration.v1.RuleWithOperations', {
  /** The operations. A star means all. */
  operations: someOf(1, '*', 'CREATE', 'UPDATE', 'DELETE', 'CONNECT').atomic().named('v1.OperationType'),
  /** The resources. */
  rule: ref(2, Rule).inline(),
}) {}
