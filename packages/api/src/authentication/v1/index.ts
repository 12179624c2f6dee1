export { SelfSubjectReview, selfsubjectreviews, SelfSubjectReviewStatus } from './self-subject-review.ts';
export { BoundObjectReference, TokenRequest, TokenRequestSpec, TokenRequestStatus } from './token-request.ts';
export { TokenReview, tokenreviews, TokenReviewSpec, TokenReviewStatus } from './token-review.ts';
export { UserInfo } from './user-info.ts';
