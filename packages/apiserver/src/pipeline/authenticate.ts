// Who asks. A transport in the same process is trusted to say; everybody else shows something.
import { ApiError } from '@kaji/api';
import type { AccessCounts } from './access-metrics.ts';
import type { Authenticated, Filter, Routed, User } from './request.ts';

/** Undefined when it sees nothing it knows; throws Unauthorized for something it knows to be wrong. */
export interface Authenticator {
  authenticate(request: Routed): User | undefined;
}

export const unauthorized = (cause?: unknown): ApiError => new ApiError('Unauthorized', 'Unauthorized', { cause });

/** The first that knows the client decides; a refusal counts only when no other knows it, and then there is no anonymity either. */
export const authenticate = (authenticators: readonly Authenticator[], isAnonymousAllowed: boolean, counts: AccessCounts): Filter<Routed, Authenticated> => (next) => (request) => {
  if (request.user !== undefined) {
    counts.known(request.user);
    return next({ ...request, user: request.user });
  }
  let refusal: unknown;
  for (const authenticator of authenticators) {
    try {
      const user = authenticator.authenticate(request);
      if (user === undefined) continue;
      counts.known(user);
      return next({ ...request, headers: withoutCredentials(request.headers), user: withAuthenticatedGroup(user) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      refusal ??= error;
    }
  }
  if (refusal !== undefined || !isAnonymousAllowed) {
    counts.refused();
    return Promise.reject(unauthorized(refusal));
  }
  counts.known(anonymous);
  return next({ ...request, user: anonymous });
};

const anonymous: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

function withAuthenticatedGroup(user: User): User {
  if (user.name === 'system:anonymous' || user.groups.includes('system:authenticated') || user.groups.includes('system:unauthenticated')) return user;
  return { ...user, groups: [...user.groups, 'system:authenticated'] };
}

/** Nothing behind this stage may see, log or forward a token. */
function withoutCredentials(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (headers['authorization'] === undefined) return headers;
  const { authorization: _, ...rest } = headers;
  return rest;
}
