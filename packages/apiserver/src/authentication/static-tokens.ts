// Tokens known from the start. Looked up by digest, so that the time a look-up takes says nothing of a token.
import { createHash } from 'node:crypto';
import type { User } from '../pipeline/request.ts';
import type { TokenAuthenticator } from './bearer.ts';

export interface StaticToken {
  readonly token: string;
  readonly user: User;
}

export function staticTokenAuthenticator(tokens: readonly StaticToken[]): TokenAuthenticator {
  const digest = (token: string): string => createHash('sha256').update(token).digest('base64');
  const users = new Map(tokens.map(({ token, user }) => [digest(token), user]));
  return {
    authenticate(token) {
      const user = users.get(digest(token));
      return user === undefined ? undefined : { user };
    },
  };
}
