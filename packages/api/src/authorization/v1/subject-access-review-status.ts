import { bool, message, string } from '@kaji/schema';

/** Whether it may be done. */
export class SubjectAccessReviewStatus extends message('k8s.io.api.authorization.v1.SubjectAccessReviewStatus', {
  /** Whether it may. */
  allowed: bool(1).required(),
  /** Whether somebody said no, so that nobody else is asked. Not where allowed is true. */
  denied: bool(4),
  /** Why. */
  reason: string(2),
  /** What went wrong meanwhile. The answer may stand all the same. */
  evaluationError: string(3),
}) {}
