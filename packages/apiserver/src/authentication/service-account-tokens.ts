// Tokens of service accounts: signed by us, bound to objects that must still be there.
import type { ApiObject, Resource } from '@kaji/api';
import { nodes, pods, type Secret, secrets, serviceaccounts } from '@kaji/api/core/v1';
import type { Clock } from '@kaji/base';
import { type Claims, TokenVerifier, unverifiedClaims } from '@kaji/pki';
import { parseTime } from '@kaji/schema';
import { unauthorized } from '../pipeline/authenticate.ts';
import type { User } from '../pipeline/request.ts';
import type { Reader } from '../registry/reader.ts';
import type { TokenAuthenticator } from './bearer.ts';
import { legacyIssuer, legacyUser } from './legacy-tokens.ts';

interface Reference {
  readonly name: string;
  readonly uid: string;
}

/** What a token says of whom it speaks for, under the claim `kubernetes.io`. */
export interface BoundTo {
  readonly namespace: string;
  readonly serviceaccount: Reference;
  readonly pod?: Reference;
  readonly node?: Reference;
  readonly secret?: Reference;
}

/** Clocks of machines differ; what was deleted within this time still counts. */
const leewayMs = 60_000;

/** Signatures checked are remembered, oldest forgotten first: a check of one costs more than a request. */
const rememberedTokens = 4096;

export interface ServiceAccountTokenOptions {
  readonly issuers: readonly string[];
  readonly publicKeyPems: readonly string[];
  /** What tokens that name no audience are for: this server. */
  readonly audiences: readonly string[];
  /** Told of every Secret whose token is used. */
  noteUse(secret: Secret): void;
}

export function serviceAccountAuthenticator(clock: Clock, reader: Reader, options: ServiceAccountTokenOptions): TokenAuthenticator {
  const verifier = new TokenVerifier(options.publicKeyPems);
  const issuers = new Set([...options.issuers, legacyIssuer]);
  const verified = new Map<string, Claims>();
  const claimsOf = (token: string): Claims | undefined => {
    const known = verified.get(token);
    if (known !== undefined) return known;
    // Whose it says it is decides whether it is one of ours that is wrong, or none of ours.
    if (!issuers.has(String(unverifiedClaims(token)?.['iss']))) return undefined;
    const verdict = verifier.verify(token);
    if ('problem' in verdict) {
      if (verdict.problem === 'not a signed token') return undefined;
      throw refused(verdict.problem === 'unknown key' ? 'invalid signature, no keys found' : 'go-jose/go-jose: error in cryptographic primitive');
    }
    if (verified.size >= rememberedTokens) for (const oldest of verified.keys()) {
      verified.delete(oldest);
      break;
    }
    verified.set(token, verdict.claims);
    return verdict.claims;
  };
  return {
    authenticate(token, audiences) {
      const claims = claimsOf(token);
      if (claims === undefined) return undefined;
      const isLegacy = claims['iss'] === legacyIssuer;
      const own = isLegacy ? options.audiences : typeof claims['aud'] === 'string' ? [claims['aud']] : Array.isArray(claims['aud']) ? claims['aud'].map(String) : [];
      const shared = audiences.filter((audience) => own.includes(audience));
      if (shared.length === 0) throw unauthorized(new Error(`token audiences ${goList(own)} is invalid for the target audiences ${goList(audiences)}`));
      return { user: isLegacy ? legacyUser(reader, token, claims, (secret) => { options.noteUse(secret); }) : userOf(clock.now(), reader, claims), audiences: shared };
    },
  };
}

/** Go's form of a list of texts. */
const goList = (values: readonly string[]): string => `[${values.map((one) => JSON.stringify(one)).join(' ')}]`;

const refused = (why: string): Error => unauthorized(new Error(why));

function userOf(nowMs: number, reader: Reader, claims: Claims): User {
  const { exp, nbf, iat } = claims;
  if (typeof exp !== 'number' || nowMs - leewayMs > exp * 1000) throw refused('service account token has expired');
  if (typeof nbf === 'number' && nowMs + leewayMs < nbf * 1000) throw refused('service account token is not valid yet');
  if (typeof iat === 'number' && nowMs + leewayMs < iat * 1000) throw refused('service account token is issued in the future');
  const bound = boundTo(claims);
  const { namespace, serviceaccount } = bound;
  const account = reader.get(serviceaccounts, namespace, serviceaccount.name);
  if (account === undefined) throw refused(`serviceaccounts ${JSON.stringify(serviceaccount.name)} not found`);
  if (account.metadata.uid !== serviceaccount.uid) throw refused(`service account UID (${account.metadata.uid ?? ''}) does not match claim (${serviceaccount.uid})`);
  if (isLongDeleted(account, nowMs)) throw refused(`service account ${namespace}/${serviceaccount.name} has been deleted`);
  const check = <T extends ApiObject>(resource: Resource<T>, inNamespace: string, reference: Reference): void => {
    const object = reader.get(resource, inNamespace, reference.name);
    if (object === undefined || isLongDeleted(object, nowMs)) throw refused('service account token has been invalidated');
    if (object.metadata.uid !== reference.uid) throw refused(`${resource.singular} UID (${object.metadata.uid ?? ''}) does not match service account ${resource.singular} ref claim (${reference.uid})`);
  };
  if (bound.secret !== undefined) check(secrets, namespace, bound.secret);
  if (bound.pod !== undefined) check(pods, namespace, bound.pod);
  // A pod's token only mentions the node: the pod itself stands for it.
  if (bound.node !== undefined && bound.pod === undefined) check(nodes, '', bound.node);
  return serviceAccountUser(bound, typeof claims['jti'] === 'string' ? claims['jti'] : undefined);
}

const isLongDeleted = (object: ApiObject, nowMs: number): boolean => {
  const deleted = object.metadata.deletionTimestamp;
  return deleted !== undefined && (parseTime(deleted) ?? 0) < nowMs - leewayMs;
};

function boundTo(claims: Claims): BoundTo {
  const bound = claims['kubernetes.io'];
  // Our own signature is on it: a form we never write is a mistake of the key's owner, not worth a precise message.
  if (typeof bound !== 'object' || bound === null || !('serviceaccount' in bound)) throw refused('service account token claims could not be validated');
  return bound as BoundTo; // written by the issuer, whose signature was checked
}

export function serviceAccountUser(bound: BoundTo, tokenId: string | undefined): User {
  const { namespace, serviceaccount, pod, node } = bound;
  const extra: Record<string, readonly string[]> = {};
  if (tokenId !== undefined && tokenId !== '') extra['authentication.kubernetes.io/credential-id'] = [`JTI=${tokenId}`];
  if (node !== undefined) {
    extra['authentication.kubernetes.io/node-name'] = [node.name];
    if (node.uid !== undefined && node.uid !== '') extra['authentication.kubernetes.io/node-uid'] = [node.uid];
  }
  if (pod !== undefined) {
    extra['authentication.kubernetes.io/pod-name'] = [pod.name];
    extra['authentication.kubernetes.io/pod-uid'] = [pod.uid];
  }
  return {
    name: `system:serviceaccount:${namespace}:${serviceaccount.name}`, uid: serviceaccount.uid, groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
    ...(Object.keys(extra).length === 0 ? {} : { extra }),
  };
}
