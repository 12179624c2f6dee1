import { message, string } from '@kaji/schema';

/** A kind of objects that parameterise policies. */
export class ParamKind extends message('k8s.io.api.admissionregistration.v1.ParamKind', {
  /** Group and version of the kind. */
  apiVersion: string(1),
  /** Name of the kind. */
  kind: string(2),
}) {
  static readonly isAtomic = true;
}
