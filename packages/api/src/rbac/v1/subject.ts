import { message, string } from '@kaji/schema';

/** Who gets a role. */
export class Subject extends message('k8s.io.api.rbac.v1.Subject', {
  /** User, Group or ServiceAccount. */
  kind: string(1).required(),
  /** Group of the kind. Defaults to none for ServiceAccount, and to rbac.authorization.k8s.io for the others. */
  apiGroup: string(2),
  /** Name of the user, the group or the ServiceAccount. */
  name: string(3).required(),
  /** Namespace of the ServiceAccount. */
  namespace: string(4),
}) {
  static readonly isAtomic = true;
}

/** Users and groups belong to the group of RBAC itself, service accounts to the core group. */
export function defaultSubject(subject: Subject): void {
  if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ??= 'rbac.authorization.k8s.io';
}
