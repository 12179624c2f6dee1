import { message, string } from '@kaji/schema';

export class Subject extends message('k8s.io.api.rbac.v1.Subject', {
  kind: string(1).required(),
  apiGroup: string(2),
  name: string(3).required(),
  namespace: string(4),
}) {
  static readonly isAtomic = true;
}

/** Users and groups belong to the group of RBAC itself, service accounts to the core group. */
export function defaultSubject(subject: Subject): void {
  if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ??= 'rbac.authorization.k8s.io';
}
