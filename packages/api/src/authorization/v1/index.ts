export { LocalSubjectAccessReview, localsubjectaccessreviews } from './local-subject-access-review.ts';
export { NonResourceAttributes } from './non-resource-attributes.ts';
export { FieldSelectorAttributes, LabelSelectorAttributes, ResourceAttributes } from './resource-attributes.ts';
export { SelfSubjectAccessReview, selfsubjectaccessreviews, SelfSubjectAccessReviewSpec } from './self-subject-access-review.ts';
export { NonResourceRule, ResourceRule, SelfSubjectRulesReview, selfsubjectrulesreviews, SelfSubjectRulesReviewSpec, SubjectRulesReviewStatus } from './self-subject-rules-review.ts';
export { SubjectAccessReview, subjectaccessreviews } from './subject-access-review.ts';
export { SubjectAccessReviewSpec } from './subject-access-review-spec.ts';
export { SubjectAccessReviewStatus } from './subject-access-review-status.ts';
