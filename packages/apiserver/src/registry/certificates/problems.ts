/** What is wrong with requests and certificates that clients send, as upstream words it: mostly the words of Go's parsers. */
import { type Certificate, parseRequest, pemBlocks, PkiError, type PkiProblem, readCertificate } from '@kaji/pki';

const words: Readonly<Record<PkiProblem, string>> = {
  malformed: 'asn1: structure error: malformed data',
  truncated: 'asn1: syntax error: data truncated',
  badRsaSignature: 'crypto/rsa: verification error',
  badEcdsaSignature: 'x509: ECDSA verification failure',
  badEd25519Signature: 'x509: Ed25519 verification failure',
};

/** What reading it throws, in words; undefined when it is sound. */
function problemOf(read: () => unknown, texts: Readonly<Partial<Record<PkiProblem, string>>> = {}): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof PkiError) return texts[error.problem] ?? words[error.problem];
    throw error;
  }
}

const textOf = (base64: string): string => Buffer.from(base64, 'base64').toString('latin1');

/** `request` is base64 of PEM, as it stands in a CertificateSigningRequest. */
export function requestProblem(request: string): string | undefined {
  const pem = textOf(request);
  if (pemBlocks(pem)[0]?.label !== 'CERTIFICATE REQUEST') return 'PEM block type must be CERTIFICATE REQUEST';
  return problemOf(() => parseRequest(pem));
}

/** Of one or more certificates; nothing at all is fine. */
export function certificateProblem(certificate: string): string | undefined {
  if (certificate === '') return undefined;
  const pem = textOf(certificate);
  const blocks = pemBlocks(pem);
  for (const { label, der, hasHeaders } of blocks) {
    if (label !== 'CERTIFICATE') return `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(label)}`;
    if (hasHeaders) return 'no PEM block headers are permitted';
    if (der.length === 0) return 'found CERTIFICATE PEM block containing 0 certificates';
    const problem = problemOf((): Certificate => readCertificate(der), { malformed: 'x509: malformed certificate', truncated: 'x509: malformed certificate' });
    if (problem !== undefined) return problem;
  }
  return blocks.length === 0 ? 'must contain at least one CERTIFICATE PEM block' : undefined;
}

/** The organizations that a request names, which are groups to the server; or what is wrong with the request. */
export function organizationsOf(request: string): readonly string[] | string {
  const problem = requestProblem(request);
  return problem ?? parseRequest(textOf(request)).organizations;
}
