import { message, string } from '@kaji/schema';

export class MatchCondition extends message('k8s.io.api.admissionregistration.v1.MatchCondition', {
  name: string(1).required(),
  expression: string(2).required(),
}) {}
