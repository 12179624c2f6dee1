import { message, string } from '@kaji/schema';

/** The role that is given. */
export class RoleRef extends message('k8s.io.api.rbac.v1.RoleRef', {
  /** Its group, rbac.authorization.k8s.io. */
  apiGroup: string(1).always().default('rbac.authorization.k8s.io'),
  /** Role or ClusterRole. */
  kind: string(2).required(),
  /** Its name. */
  name: string(3).required(),
}) {
  static readonly isAtomic = true;
}
