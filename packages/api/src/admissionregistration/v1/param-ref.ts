import { message, ref, string } from '@kaji/schema';
import { LabelSelector } from '../../meta/v1/label-selector.ts';

/** Which objects parameterise a policy. Exactly one of name and selector is set. */
export class ParamRef extends message('k8s.io.api.admissionregistration.v1.ParamRef', {
  /** Name of the one object. */
  name: string(1),
  /** Namespace of the objects. Absent: that of the request. Not for kinds outside of namespaces. */
  namespace: string(2),
  /** Labels of the objects. The policy is run for each of them. */
  selector: ref(3, LabelSelector),
  /** Whether a request is let through when there is no object: Allow or Deny. Required. */
  parameterNotFoundAction: string(4).explicit().named('v1.ParameterNotFoundActionType'),
}) {
  static readonly isAtomic = true;
}
