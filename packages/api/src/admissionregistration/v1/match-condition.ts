import { message, string } from '@kaji/schema';

/** A condition that a request must fulfil to be looked at. */
export class MatchCondition extends message('k8s.io.api.admissionregistration.v1.MatchCondition', {
  /** Name of the condition, for messages and metrics. A qualified name. */
  name: string(1).required(),
  /** The condition, in CEL. It sees object, oldObject, request and authorizer. */
  expression: string(2).required(),
}) {}
