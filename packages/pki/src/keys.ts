/** Private keys. They are made by the operating system's generator: a key that a seed could repeat would be no secret. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { encode, objectId, PkiError, sequence, tag } from './der.ts';

export type KeyKind = 'ecdsa-p256' | 'rsa-2048';

/** A fresh private key as PEM: SEC 1 for ECDSA, PKCS #1 for RSA, the forms that kubeadm's files have. */
export function createPrivateKeyPem(kind: KeyKind = 'ecdsa-p256'): string {
  if (kind === 'rsa-2048') return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'sec1', format: 'pem' }).toString();
}

/** The public half, as PEM (`PUBLIC KEY`). */
export const publicKeyPemOf = (privateKeyPem: string): string => createPublicKey(privateKeyPem).export({ type: 'spki', format: 'pem' }).toString();

export const publicKeyDer = (key: KeyObject): Uint8Array => key.export({ type: 'spki', format: 'der' });

export function readPrivateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new PkiError('not a private key', { cause: error });
  }
}

/** What certificates and requests are signed with: SHA-256 over the bytes, and the name of that for the certificate. */
export interface Signer {
  readonly publicKey: KeyObject;
  readonly algorithm: Uint8Array;
  sign(bytes: Uint8Array): Uint8Array;
}

const ecdsaWithSha256 = '1.2.840.10045.4.3.2';
const ed25519 = '1.3.101.112';
const rsaWithSha256 = '1.2.840.113549.1.1.11';

/** The object identifiers of signatures that we check, each with its hash; Ed25519 has its own. */
export const signatureHashes: ReadonlyMap<string, string | null> = new Map<string, string | null>([
  [ed25519, null],
  [ecdsaWithSha256, 'sha256'], ['1.2.840.10045.4.3.3', 'sha384'], ['1.2.840.10045.4.3.4', 'sha512'],
  [rsaWithSha256, 'sha256'], ['1.2.840.113549.1.1.12', 'sha384'], ['1.2.840.113549.1.1.13', 'sha512'],
]);

export function signerOf(privateKeyPem: string): Signer {
  const key = readPrivateKey(privateKeyPem);
  const publicKey = createPublicKey(key);
  const algorithm = key.asymmetricKeyType === 'ec' ? sequence(objectId(ecdsaWithSha256))
    : key.asymmetricKeyType === 'rsa' ? sequence(objectId(rsaWithSha256), encode(tag.null))
    : undefined;
  if (algorithm === undefined) throw new PkiError(`keys of type ${key.asymmetricKeyType ?? 'unknown'} cannot sign certificates`);
  return { publicKey, algorithm, sign: (bytes) => sign('sha256', bytes, key) };
}
