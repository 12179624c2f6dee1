import { message, string } from '@kaji/schema';

export class NonResourceAttributes extends message('k8s.io.api.authorization.v1.NonResourceAttributes', {
  path: string(1),
  verb: string(2),
}) {}
