import { message, ref, string } from '@kaji/schema';
import { LabelSelector } from '../../meta/v1/label-selector.ts';

export class ParamRef extends message('k8s.io.api.admissionregistration.v1.ParamRef', {
  name: string(1),
  namespace: string(2),
  selector: ref(3, LabelSelector),
  parameterNotFoundAction: string(4).explicit(),
}) {
  static readonly isAtomic = true;
}
