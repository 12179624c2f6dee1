/** Connections to other components' servers, for upgrades. */
import { connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';

export interface DialOptions {
  /** For https: what to trust and who to be. */
  readonly tls?: { readonly ca?: string; readonly certificatePem?: string; readonly privateKeyPem?: string; readonly serverName?: string; readonly isInsecure?: boolean };
  readonly signal?: AbortSignal;
}

/** A peer that vanished without a word is noticed by the kernel's probes. */
const keepAliveMs = 30_000;

/** An open connection to the host and port of an http or https URL. */
export function dial(url: string, { tls, signal }: DialOptions = {}): Promise<Duplex> {
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const isTls = protocol === 'https:';
  return new Promise((resolve, reject) => {
    const socket = isTls
      ? connectTls({
          host, port: Number(port === '' ? 443 : port), ALPNProtocols: ['http/1.1'], rejectUnauthorized: tls?.isInsecure !== true,
          ...(tls?.ca === undefined ? {} : { ca: tls.ca }), ...(tls?.certificatePem === undefined ? {} : { cert: tls.certificatePem }),
          ...(tls?.privateKeyPem === undefined ? {} : { key: tls.privateKeyPem }), ...(tls?.serverName === undefined ? {} : { servername: tls.serverName }),
        })
      : connectTcp({ host, port: Number(port === '' ? 80 : port), allowHalfOpen: true });
    const abort = (): void => { socket.destroy(signal?.reason as Error); };
    signal?.addEventListener('abort', abort, { once: true });
    socket.once('error', reject);
    socket.once(isTls ? 'secureConnect' : 'connect', () => {
      signal?.removeEventListener('abort', abort);
      socket.off('error', reject);
      socket.setNoDelay(true);
      socket.setKeepAlive(true, keepAliveMs);
      resolve(socket);
    });
    if (signal?.aborted === true) abort();
  });
}
