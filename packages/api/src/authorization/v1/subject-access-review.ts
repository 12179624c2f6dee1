import { message, ref } from '@kaji/schema';
import { resource } from '../../resource.ts';
import { SubjectAccessReviewSpec } from './subject-access-review-spec.ts';
import { SubjectAccessReviewStatus } from './subject-access-review-status.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

/** Asks whether somebody may do something. */
export class SubjectAccessReview extends message('k8s.io.api.authorization.v1.SubjectAccessReview', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** Who wants to do what. */
  spec: ref(2, SubjectAccessReviewSpec).required(),
  /** The answer. */
  status: ref(3, SubjectAccessReviewStatus).always(),
}) {}

export const subjectaccessreviews = resource({
  group: 'authorization.k8s.io', version: 'v1', plural: 'subjectaccessreviews', singular: 'subjectaccessreview', kind: 'SubjectAccessReview', isNamespaced: false, type: SubjectAccessReview,
  verbs: ['create'],
});
