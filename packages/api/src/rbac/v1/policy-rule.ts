import { message, strings } from '@kaji/schema';

/** Something that may be done. */
export class PolicyRule extends message('k8s.io.api.rbac.v1.PolicyRule', {
  /** With which verbs. A star means all. */
  verbs: strings(1).required().atomic(),
  /** In which groups. A star means all; empty text is the core group. */
  apiGroups: strings(2).atomic(),
  /** With which resources, subresources behind a slash. A star means all. */
  resources: strings(3).atomic(),
  /** With which objects, by name. Absent: all. */
  resourceNames: strings(4).atomic(),
  /** With which paths that are not resources; a star at the end means everything below. Only in ClusterRoles. */
  nonResourceURLs: strings(5).atomic(),
}) {}
