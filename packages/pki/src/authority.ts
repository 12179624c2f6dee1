/** An authority: a certificate that others trust, and the key that signs for it. */
import type { Clock, Random, RandomStreams } from '@kaji/base';
import { rawSubjectOf, type Usage, writeCertificate } from './certificate.ts';
import { createPrivateKeyPem, publicKeyDer, type Signer, signerOf } from './keys.ts';
import type { CertificateRequest } from './request.ts';
import { encodeSubject } from './subject.ts';

/** A certificate and its key, as a kubeconfig or a TLS server takes them. */
export interface Identity {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
}

/** The doors that certificates are made through: time for their validity, chance for their serial numbers. */
export interface Doors {
  readonly clock: Clock;
  readonly random: RandomStreams;
}

export interface IssueOptions {
  readonly commonName: string;
  readonly organizations?: readonly string[];
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly usages: readonly Usage[];
  /** A year when absent. */
  readonly validForMs?: number;
}

const dayMs = 86_400_000;
const authorityLifeMs = 3650 * dayMs;
const certificateLifeMs = 365 * dayMs;
/** Certificates are valid a little before they were made, for clocks that are slow. */
const backdateMs = 5 * 60_000;

/** A new self-signed authority. */
export function createAuthority(doors: Doors, options: { readonly commonName: string; readonly validForMs?: number }): Identity {
  const privateKeyPem = createPrivateKeyPem();
  const signer = signerOf(privateKeyPem);
  const subject = encodeSubject(options);
  const nowMs = doors.clock.now();
  const certificatePem = writeCertificate({
    serial: serialNumber(doors.random.stream('certificate serial')),
    issuer: subject, subject,
    notBeforeMs: nowMs - backdateMs,
    notAfterMs: nowMs + (options.validForMs ?? authorityLifeMs),
    publicKey: publicKeyDer(signer.publicKey),
    // Kubernetes: kubeadm's authorities name themselves as a DNS name too.
    names: { dnsNames: [options.commonName] },
    usages: [], isAuthority: true,
  }, signer);
  return { certificatePem, privateKeyPem };
}

/** Signs certificates in the name of one identity. */
export class Authority {
  readonly certificatePem: string;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #signer: Signer;
  readonly #issuer: Uint8Array;

  constructor(doors: Doors, identity: Identity) {
    this.certificatePem = identity.certificatePem;
    this.#clock = doors.clock;
    this.#random = doors.random.stream('certificate serial');
    this.#signer = signerOf(identity.privateKeyPem);
    this.#issuer = rawSubjectOf(identity.certificatePem);
  }

  /** A certificate with a fresh key. */
  issue(options: IssueOptions): Identity {
    const privateKeyPem = createPrivateKeyPem();
    const subject = encodeSubject(options);
    const certificatePem = this.#write(subject, publicKeyDer(signerOf(privateKeyPem).publicKey), options);
    return { certificatePem, privateKeyPem };
  }

  /** A certificate for a key that its owner keeps, with the subject and names that were asked for. Whether to sign is the caller's decision. */
  sign(request: CertificateRequest, options: { readonly usages: readonly Usage[]; readonly validForMs?: number }): string {
    const { dnsNames, ipAddresses, emailAddresses, uris } = request;
    return this.#write(request.rawSubject, request.publicKey, { dnsNames, ipAddresses, emailAddresses, uris, ...options });
  }

  #write(subject: Uint8Array, publicKey: Uint8Array, options: Omit<IssueOptions, 'commonName'> & { readonly emailAddresses?: readonly string[]; readonly uris?: readonly string[] }): string {
    const nowMs = this.#clock.now();
    const { dnsNames = [], ipAddresses = [], emailAddresses = [], uris = [], usages, validForMs = certificateLifeMs } = options;
    return writeCertificate({
      serial: serialNumber(this.#random), issuer: this.#issuer, subject, publicKey, usages, isAuthority: false,
      notBeforeMs: nowMs - backdateMs, notAfterMs: nowMs + validForMs,
      names: { dnsNames, ipAddresses, emailAddresses, uris },
    }, this.#signer);
  }
}

/** 16 random bytes, positive and never zero. */
function serialNumber(random: Random): Uint8Array {
  const bytes = Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}
