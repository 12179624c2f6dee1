import { message, strings } from '@kaji/schema';

export class PolicyRule extends message('k8s.io.api.rbac.v1.PolicyRule', {
  verbs: strings(1).required().atomic(),
  apiGroups: strings(2).atomic(),
  resources: strings(3).atomic(),
  resourceNames: strings(4).atomic(),
  nonResourceURLs: strings(5).atomic(),
}) {}
