import { message, ref } from '@kaji/schema';
import { resource } from '../../resource.ts';
import { SubjectAccessReviewSpec } from './subject-access-review-spec.ts';
import { SubjectAccessReviewStatus } from './subject-access-review-status.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

/** Asks what somebody may do in one namespace. */
export class LocalSubjectAccessReview extends message('k8s.io.api.authorization.v1.LocalSubjectAccessReview', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What is asked. The namespace is that of the review. */
  spec: ref(2, SubjectAccessReviewSpec).required(),
  /** The answer. */
  status: ref(3, SubjectAccessReviewStatus).always(),
}) {}

export const localsubjectaccessreviews = resource({
  group: 'authorization.k8s.io', version: 'v1', plural: 'localsubjectaccessreviews', singular: 'localsubjectaccessreview', kind: 'LocalSubjectAccessReview', isNamespaced: true, type: LocalSubjectAccessReview,
  verbs: ['create'],
});
