import { bool, message, ref, string, strings } from '@kaji/schema';
import { resource } from '../../resource.ts';
import { UserInfo } from './user-info.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

export class TokenReviewSpec extends message('k8s.io.api.authentication.v1.TokenReviewSpec', {
  token: string(1).required().omittable(),
  audiences: strings(2).atomic(),
}) {}

export class TokenReviewStatus extends message('k8s.io.api.authentication.v1.TokenReviewStatus', {
  authenticated: bool(1),
  user: ref(2, UserInfo).always(),
  audiences: strings(4).atomic(),
  error: string(3),
}) {}

export class TokenReview extends message('k8s.io.api.authentication.v1.TokenReview', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, TokenReviewSpec).required(),
  status: ref(3, TokenReviewStatus).always(),
}) {}

export const tokenreviews = resource({
  group: 'authentication.k8s.io', version: 'v1', plural: 'tokenreviews', singular: 'tokenreview', kind: 'TokenReview', isNamespaced: false, type: TokenReview,
  verbs: ['create'],
});
