import { message, string } from '@kaji/schema';

export class RoleRef extends message('k8s.io.api.rbac.v1.RoleRef', {
  apiGroup: string(1).always().default('rbac.authorization.k8s.io'),
  kind: string(2).required(),
  name: string(3).required(),
}) {
  static readonly isAtomic = true;
}
