import { bool, message, string } from '@kaji/schema';

export class SubjectAccessReviewStatus extends message('k8s.io.api.authorization.v1.SubjectAccessReviewStatus', {
  allowed: bool(1).required(),
  denied: bool(4),
  reason: string(2),
  evaluationError: string(3),
}) {}
