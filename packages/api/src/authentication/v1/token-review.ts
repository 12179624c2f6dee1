import { bool, message, ref, string, strings } from '@kaji/schema';
import { resource } from '../../resource.ts';
import { UserInfo } from './user-info.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';

/** The token that is shown. */
export class TokenReviewSpec extends message('k8s.io.api.authentication.v1.TokenReviewSpec', {
  /** The token itself. */
  token: string(1).required().omittable(),
  /** Who it should be for. Absent: the API server. */
  audiences: strings(2).atomic(),
}) {}

/** Whose a token is. */
export class TokenReviewStatus extends message('k8s.io.api.authentication.v1.TokenReviewStatus', {
  /** Whether it is good. */
  authenticated: bool(1),
  /** Whose it is. */
  user: ref(2, UserInfo).always(),
  /** Who it is for, of those that were asked about. */
  audiences: strings(4).atomic(),
  /** Why it is not good. */
  error: string(3),
}) {}

/** Asks whose a token is. */
export class TokenReview extends message('k8s.io.api.authentication.v1.TokenReview', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** The token. */
  spec: ref(2, TokenReviewSpec).required(),
  /** The answer. */
  status: ref(3, TokenReviewStatus).always(),
}) {}

export const tokenreviews = resource({
  group: 'authentication.k8s.io', version: 'v1', plural: 'tokenreviews', singular: 'tokenreview', kind: 'TokenReview', isNamespaced: false, type: TokenReview,
  verbs: ['create'],
});
