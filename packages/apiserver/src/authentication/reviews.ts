// Who is this? Asked about a token, or about oneself.
import { type ApiObject, ApiError, badRequest } from '@kaji/api';
import type { TokenReview, UserInfo } from '@kaji/api/authentication/v1';
import type { Clock } from '@kaji/base';
import { formatTime } from '@kaji/schema';
import type { User } from '../pipeline/request.ts';
import type { Evaluate } from '../registry/parts.ts';
import { ownerOf, type TokenAuthenticator, type TokenOwner } from './bearer.ts';

export function identityReviews(clock: Clock, authenticators: () => readonly TokenAuthenticator[], audiences: readonly string[]): ReadonlyMap<string, Evaluate> {
  return new Map<string, Evaluate>([
    ['tokenreviews.authentication.k8s.io', (object) => {
      const review = object as TokenReview & ApiObject; // the registry decoded the body as this kind
      const { token } = review.spec;
      if (token === '') throw badRequest('token is required for TokenReview in authentication');
      return { ...review, status: reviewed(token, (review.spec.audiences ?? []).length === 0 ? audiences : review.spec.audiences ?? [], authenticators()) };
    }],
    ['selfsubjectreviews.authentication.k8s.io', (_, { user }) => (
      { metadata: { creationTimestamp: formatTime(clock.now()) }, status: { userInfo: infoOf(user) } } as ApiObject // status belongs to the kind, not to what all objects have
    )],
  ]);
}

function reviewed(token: string, audiences: readonly string[], authenticators: readonly TokenAuthenticator[]): NonNullable<TokenReview['status']> {
  let owner: TokenOwner | undefined;
  try {
    owner = ownerOf(token, audiences, authenticators);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const why = error.cause instanceof Error ? error.cause.message : error.message;
    return { user: {}, error: `[invalid bearer token, ${why}]` };
  }
  if (owner === undefined) return { user: {}, error: 'invalid bearer token' };
  const user = { ...owner.user, groups: [...owner.user.groups, 'system:authenticated'] };
  return { authenticated: true, user: infoOf(user), ...(owner.audiences === undefined ? {} : { audiences: [...owner.audiences] }) };
}

const infoOf = (user: User): UserInfo => ({
  username: user.name, ...(user.uid === undefined ? {} : { uid: user.uid }), groups: [...user.groups],
  ...(user.extra === undefined || Object.keys(user.extra).length === 0 ? {} : { extra: Object.fromEntries(Object.entries(user.extra).map(([key, values]) => [key, [...values]])) }),
});
