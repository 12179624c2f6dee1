import { message, string } from '@kaji/schema';

export class ParamKind extends message('k8s.io.api.admissionregistration.v1.ParamKind', {
  apiVersion: string(1),
  kind: string(2),
}) {
  static readonly isAtomic = true;
}
