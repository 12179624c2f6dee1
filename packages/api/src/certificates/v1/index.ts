export { CertificateSigningRequest, CertificateSigningRequestCondition, certificatesigningrequests, CertificateSigningRequestSpec, CertificateSigningRequestStatus } from './certificate-signing-request.ts';
export { type RequestProblems, signerNameErrors, validateSigningRequest } from './certificate-signing-request-rules.ts';
