/** Signed tokens (JWT) for service accounts. All of it is synchronous: hashing on the thread pool would break a virtual clock. */
import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { PkiError } from './der.ts';
import { createPrivateKeyPem, publicKeyDer, publicKeyPemOf, readPrivateKey } from './keys.ts';

export type TokenAlgorithm = 'ES256' | 'RS256';

/** A key pair that signs tokens. */
export interface TokenKey {
  readonly privateKeyPem: string;
  readonly publicKeyPem: string;
}

export function createTokenKey(algorithm: TokenAlgorithm = 'ES256'): TokenKey {
  const privateKeyPem = createPrivateKeyPem(algorithm === 'RS256' ? 'rsa-2048' : 'ecdsa-p256');
  return { privateKeyPem, publicKeyPem: publicKeyPemOf(privateKeyPem) };
}

export type Claims = Readonly<Record<string, unknown>>;

/** Signs tokens with one key. */
export class TokenSigner {
  readonly #key: KeyObject;
  readonly #algorithm: TokenAlgorithm;
  readonly #header: string;

  constructor(privateKeyPem: string) {
    this.#key = readPrivateKey(privateKeyPem);
    const publicKey = createPublicKey(this.#key);
    this.#algorithm = algorithmOf(publicKey);
    this.#header = base64url(JSON.stringify({ alg: this.#algorithm, kid: keyIdOf(publicKey) }));
  }

  sign(claims: Claims): string {
    const signed = `${this.#header}.${base64url(JSON.stringify(claims))}`;
    return `${signed}.${sign('sha256', Buffer.from(signed), withEncoding(this.#key)).toString('base64url')}`;
  }
}

export type TokenVerdict = { readonly claims: Claims } | { readonly problem: 'not a signed token' | 'unknown key' | 'invalid signature' };

/** Checks form and signature of tokens against the keys given. Times and audiences are the caller's to judge. */
export class TokenVerifier {
  readonly #keys: readonly { readonly id: string; readonly algorithm: TokenAlgorithm; readonly key: KeyObject }[];

  constructor(publicKeyPems: readonly string[]) {
    this.#keys = publicKeyPems.map((pem) => {
      const key = createPublicKey(pem);
      return { id: keyIdOf(key), algorithm: algorithmOf(key), key };
    });
  }

  verify(token: string): TokenVerdict {
    const [header, payload, signature, ...rest] = token.split('.');
    if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) return { problem: 'not a signed token' };
    const names = parseObject(header);
    const claims = parseObject(payload);
    if (names === undefined || claims === undefined) return { problem: 'not a signed token' };
    const signed = Buffer.from(`${header}.${payload}`);
    const signatureBytes = decode(signature);
    // A second spelling of the bytes is refused, but it is a signature.
    if (signatureBytes === undefined) return { problem: /^[\w-]*$/.test(signature) ? 'invalid signature' : 'not a signed token' };
    const { kid } = names;
    const candidates = kid === undefined || kid === '' ? this.#keys : this.#keys.filter(({ id }) => id === kid);
    if (candidates.length === 0) return { problem: 'unknown key' };
    for (const { algorithm, key } of candidates) {
      if (names['alg'] !== algorithm) continue;
      if (verify('sha256', signed, withEncoding(key), signatureBytes)) return { claims };
    }
    return { problem: 'invalid signature' };
  }

  /** The key set for `/openid/v1/jwks`. */
  keySet(): { readonly keys: readonly Claims[] } {
    return { keys: this.#keys.map(({ id, algorithm, key }) => ({ use: 'sig', ...key.export({ format: 'jwk' }), kid: id, alg: algorithm })) };
  }
}

/** Claims of a token that somebody else has checked, or undefined when it is none. */
export const unverifiedClaims = (token: string): Claims | undefined => parseObject(token.split('.')[1] ?? '');

/** Kubernetes: a key is named by the SHA-256 of its DER form. */
const keyIdOf = (key: KeyObject): string => createHash('sha256').update(publicKeyDer(key)).digest('base64url');

function algorithmOf(key: KeyObject): TokenAlgorithm {
  if (key.asymmetricKeyType === 'rsa') return 'RS256';
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'ES256';
  throw new PkiError('tokens are signed with RSA or ECDSA P-256 keys');
}

/** JOSE writes ECDSA signatures as two plain numbers; RSA keys have no such choice. */
const withEncoding = (key: KeyObject): { readonly key: KeyObject; readonly dsaEncoding?: 'ieee-p1363' } => (key.asymmetricKeyType === 'ec' ? { key, dsaEncoding: 'ieee-p1363' } : { key });

const base64url = (text: string): string => Buffer.from(text).toString('base64url');

/** Only the one spelling of the bytes: a token that can be written in two ways could slip past a list of revoked ones. */
function decode(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

function parseObject(part: string): Claims | undefined {
  const bytes = decode(part);
  if (bytes === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Claims : undefined; // just checked to be an object
  } catch {
    return undefined; // strangers send anything; what is no JSON is no token
  }
}
