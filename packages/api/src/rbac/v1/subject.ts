import { message, string } from '@kaji/schema';

export class Subject extends message('k8s.io.api.rbac.v1.Subject', {
  kind: string(1).required(),
  apiGroup: string(2),
  name: string(3).required(),
  namespace: string(4),
}) {}
