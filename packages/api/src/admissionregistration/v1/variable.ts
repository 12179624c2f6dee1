import { message, string } from '@kaji/schema';

export class Variable extends message('k8s.io.api.admissionregistration.v1.Variable', {
  name: string(1).required(),
  expression: string(2).required(),
}) {
  static readonly isAtomic = true;
}
