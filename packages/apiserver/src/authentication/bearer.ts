// The bearer token of a request, and the authenticators that know one.
import { type Authenticator, unauthorized } from '../pipeline/authenticate.ts';
import type { Routed, User } from '../pipeline/request.ts';

export interface TokenOwner {
  readonly user: User;
  /** The audiences the token is for, of those asked; absent from tokens that are for everybody. */
  readonly audiences?: readonly string[];
}

/** Undefined when the token is not of its kind; throws for one of its kind that is wrong. */
export interface TokenAuthenticator {
  authenticate(token: string, audiences: readonly string[]): TokenOwner | undefined;
}

/** The first that knows the token; undefined when none does. Throws the first refusal. */
export function ownerOf(token: string, audiences: readonly string[], authenticators: readonly TokenAuthenticator[]): TokenOwner | undefined {
  for (const authenticator of authenticators) {
    const owner = authenticator.authenticate(token, audiences);
    if (owner !== undefined) return owner;
  }
  return undefined;
}

export const bearerAuthenticator = (authenticators: readonly TokenAuthenticator[], audiences: readonly string[]): Authenticator => ({
  authenticate(request) {
    const token = bearerToken(request);
    if (token === undefined) return undefined;
    const owner = ownerOf(token, audiences, authenticators);
    if (owner === undefined) throw unauthorized(new Error('invalid bearer token'));
    return owner.user;
  },
});

const protocolPrefix = 'base64url.bearer.authorization.k8s.io.';

function bearerToken(request: Routed): string | undefined {
  const header = request.headers['authorization'];
  if (header !== undefined) {
    const [scheme = '', token = ''] = header.trim().split(' ', 3);
    // Kubernetes: other schemes, and a token that is missing or behind two spaces, count as no token at all.
    if (scheme.toLowerCase() === 'bearer' && token !== '') return token;
  }
  // Browsers cannot set headers on a WebSocket: they smuggle the token in as a subprotocol.
  for (const protocol of (request.headers['sec-websocket-protocol'] ?? '').split(',')) {
    const name = protocol.trim();
    if (request.upgrade !== undefined && name.startsWith(protocolPrefix)) return Buffer.from(name.slice(protocolPrefix.length), 'base64url').toString('utf8');
  }
  return undefined;
}
