export { Authority, createAuthority, type Doors, type Identity, type IssueOptions } from './authority.ts';
export { type Certificate, readCertificate, type Usage, usageIds, type Verdict, verifyClient } from './certificate.ts';
export { PkiError, type PkiProblem } from './der.ts';
export { createPrivateKeyPem, type KeyKind, publicKeyPemOf } from './keys.ts';
export { fromPem, type PemBlock, pemBlocks, toPem } from './pem.ts';
export { type CertificateRequest, createRequest, parseRequest, type RequestOptions } from './request.ts';
export type { AlternativeNames, Subject } from './subject.ts';
export { type Claims, createTokenKey, type TokenAlgorithm, type TokenKey, TokenSigner, type TokenVerdict, TokenVerifier, unverifiedClaims } from './token.ts';
