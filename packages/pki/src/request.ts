/** PKCS #10 signing requests: made by kubelets and people, read by the certificates API. */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { bits, children, contextTag, encode, integer, objectId, PkiError, type PkiProblem, readBits, readObjectId, Reader, sequence, setOf, tag, type Value } from './der.ts';
import { alternativeNamesOf, extension, extensionIds, readExtensions } from './certificate.ts';
import { createPrivateKeyPem, publicKeyDer, signatureHashes, signerOf } from './keys.ts';
import { fromPem, toPem } from './pem.ts';
import { type AlternativeNames, encodeAlternativeNames, encodeSubject, noAlternativeNames, readSubject, type Subject } from './subject.ts';

/** What a request asks for. Its signature was checked: who sent it holds the key. */
export interface CertificateRequest extends Subject, AlternativeNames {
  /** As DER. */
  readonly publicKey: Uint8Array;
  /** The subject byte for byte. */
  readonly rawSubject: Uint8Array;
}

const extensionRequestId = '1.2.840.113549.1.9.14';

export interface RequestOptions {
  readonly commonName: string;
  readonly organizations?: readonly string[];
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
}

/** A request for a key, which is made when none is given. */
export function createRequest(options: RequestOptions, privateKeyPem = createPrivateKeyPem()): { readonly requestPem: string; readonly privateKeyPem: string } {
  const signer = signerOf(privateKeyPem);
  const names = encodeAlternativeNames(options);
  const attributes = names === undefined ? [] : [sequence(objectId(extensionRequestId), setOf(sequence(extension(extensionIds.alternativeNames, false, names))))];
  const body = sequence(integer(Uint8Array.of(0)), encodeSubject(options), publicKeyDer(signer.publicKey), encode(contextTag(0, true), ...attributes));
  return { requestPem: toPem('CERTIFICATE REQUEST', sequence(body, signer.algorithm, bits(signer.sign(body)))), privateKeyPem };
}

/** Throws PkiError for anything that is no request or whose signature does not hold. */
export function parseRequest(pem: string): CertificateRequest {
  const outer = new Reader(new Reader(fromPem(pem, 'CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST')).next(tag.sequence).content);
  const body = outer.next(tag.sequence);
  const algorithm = readObjectId(new Reader(outer.next(tag.sequence).content).next());
  const signature = readBits(outer.next());
  if (!outer.isAtEnd) throw new PkiError('something follows the signature');
  const reader = new Reader(body.content);
  reader.next(tag.integer);
  const subject = reader.next(tag.sequence);
  const key = reader.next(tag.sequence);
  const attributes = reader.optional(contextTag(0, true));
  checkSignature(body.raw, { algorithm, signature, key });
  return { ...readSubject(subject), ...(attributes === undefined ? noAlternativeNames : requestedNames(attributes)), publicKey: key.raw, rawSubject: subject.raw };
}

function checkSignature(body: Uint8Array, { algorithm, signature, key }: { readonly algorithm: string; readonly signature: Uint8Array; readonly key: Value }): void {
  const hash = signatureHashes.get(algorithm);
  if (hash === undefined) throw new PkiError(`signature algorithm ${algorithm} is not supported`);
  let isSound: boolean;
  let publicKey: KeyObject;
  try {
    publicKey = createPublicKey({ key: Buffer.from(key.raw), format: 'der', type: 'spki' });
    isSound = verify(hash, body, publicKey, signature);
  } catch (error) {
    throw new PkiError('the request holds no usable key', { cause: error });
  }
  if (!isSound) throw new PkiError('the signature of the request does not match its key', { problem: badSignature(publicKey) });
}

const badSignature = ({ asymmetricKeyType }: KeyObject): PkiProblem => (asymmetricKeyType === 'ec' ? 'badEcdsaSignature' : asymmetricKeyType === 'ed25519' ? 'badEd25519Signature' : 'badRsaSignature');

function requestedNames(attributes: Value): AlternativeNames {
  for (const attribute of children(attributes)) {
    const reader = new Reader(attribute.content);
    if (readObjectId(reader.next(tag.objectId)) !== extensionRequestId) continue;
    return alternativeNamesOf(readExtensions(new Reader(reader.next(tag.set).content).next(tag.sequence)));
  }
  return noAlternativeNames;
}
