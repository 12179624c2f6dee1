import { message, ref } from '@kaji/schema';
import { resource } from '../../resource.ts';
import { NonResourceAttributes } from './non-resource-attributes.ts';
import { ResourceAttributes } from './resource-attributes.ts';
import { SubjectAccessReviewStatus } from './subject-access-review-status.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

/** What one wants to do. Exactly one of the two is set. */
export class SelfSubjectAccessReviewSpec extends message('k8s.io.api.authorization.v1.SelfSubjectAccessReviewSpec', {
  /** Something with a resource. */
  resourceAttributes: ref(1, ResourceAttributes),
  /** Something else. */
  nonResourceAttributes: ref(2, NonResourceAttributes),
}) {}

/** Asks whether one may do something. */
export class SelfSubjectAccessReview extends message('k8s.io.api.authorization.v1.SelfSubjectAccessReview', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What one wants to do. */
  spec: ref(2, SelfSubjectAccessReviewSpec).required(),
  /** The answer. */
  status: ref(3, SubjectAccessReviewStatus).always(),
}) {}

export const selfsubjectaccessreviews = resource({
  group: 'authorization.k8s.io', version: 'v1', plural: 'selfsubjectaccessreviews', singular: 'selfsubjectaccessreview', kind: 'SelfSubjectAccessReview', isNamespaced: false, type: SelfSubjectAccessReview,
  verbs: ['create'],
});
