import { message, ref } from '@kaji/schema';
import { resource } from '../../resource.ts';
import { UserInfo } from './user-info.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

/** Who asks. */
export class SelfSubjectReviewStatus extends message('k8s.io.api.authentication.v1.SelfSubjectReviewStatus', {
  /** What is known of whoever asks. */
  userInfo: ref(1, UserInfo).always(),
}) {}

/** Asks who one is. */
export class SelfSubjectReview extends message('k8s.io.api.authentication.v1.SelfSubjectReview', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** The answer. */
  status: ref(2, SelfSubjectReviewStatus).always(),
}) {}

export const selfsubjectreviews = resource({
  group: 'authentication.k8s.io', version: 'v1', plural: 'selfsubjectreviews', singular: 'selfsubjectreview', kind: 'SelfSubjectReview', isNamespaced: false, type: SelfSubjectReview,
  verbs: ['create'],
});
