import { message, string } from '@kaji/schema';

/** An expression that others may refer to. */
export class Variable extends message('k8s.io.api.admissionregistration.v1.Variable', {
  /** Name of the variable. A CEL identifier. */
  name: string(1).required(),
  /** The expression, in CEL. */
  expression: string(2).required(),
}) {
  static readonly isAtomic = true;
}
