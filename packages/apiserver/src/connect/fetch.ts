// Requests that the server itself makes, to kubelets, pods and services; streamed both ways.
import type { IncomingMessage, RequestOptions } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { request as httpRequest } from '@kaji/base/real/http';
import type { KubeletAccess } from '../config.ts';
import { addressOf, type Location } from './locate.ts';

export interface Outgoing {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
}

/** Keeps connections to kubelets open; one for each server. */
export class Fetcher {
  readonly #kubelet: KubeletAccess | undefined;
  readonly #agent: Agent;

  constructor(kubelet: KubeletAccess | undefined) {
    this.#kubelet = kubelet;
    this.#agent = new Agent({ keepAlive: true, maxFreeSockets: 4, timeout: 30_000, ...this.tls() });
  }

  /** Who we are to kubelets, and what we believe of them. */
  tls(): { readonly ca?: string; readonly cert?: string; readonly key?: string; readonly rejectUnauthorized: boolean } {
    if (this.#kubelet === undefined) return { rejectUnauthorized: false };
    const { authoritiesPem, certificatePem, privateKeyPem } = this.#kubelet;
    return { ca: authoritiesPem, cert: certificatePem, key: privateKeyPem, rejectUnauthorized: true };
  }

  /** Resolves with the head of the answer; rejects when there is none. */
  fetch(location: Location, outgoing: Outgoing): Promise<IncomingMessage> {
    const { method, path, headers, body, signal } = outgoing;
    const options: RequestOptions = { method, path, headers, signal, host: location.host, ...(location.port === '' ? {} : { port: location.port }) };
    return new Promise((resolve, reject) => {
      // Pods and services show certificates of their own making, as upstream's proxies expect.
      const request = location.scheme === 'http' ? httpRequest(options) : httpsRequest({ ...options, ...(location.isKubelet ? { agent: this.#agent } : { rejectUnauthorized: false }) });
      request.on('response', resolve);
      request.on('error', (error) => { reject(dialError(error, location)); });
      if (body === undefined) request.end();
      else this.#send(body, request).catch((error: unknown) => { request.destroy(error instanceof Error ? error : undefined); });
    });
  }

  async #send(body: AsyncIterable<Uint8Array>, request: NodeJS.WritableStream): Promise<void> {
    for await (const chunk of body) if (!request.write(chunk)) await new Promise((resolve) => { request.once('drain', resolve).once('close', resolve); });
    request.end();
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Kubernetes: clients and their tests look for Go's words in what a proxy could not do. */
export function dialError(error: Error, location: Location): Error {
  const { code } = error as NodeJS.ErrnoException;
  const port = location.port === '' ? (location.scheme === 'https' ? '443' : '80') : location.port;
  const where = `dial tcp ${addressOf({ ...location, port }).slice(location.scheme.length + 3)}`;
  switch (code) {
    case 'ECONNREFUSED': return new Error(`${where}: connect: connection refused`, { cause: error });
    case 'EHOSTUNREACH': return new Error(`${where}: connect: no route to host`, { cause: error });
    case 'ENETUNREACH': return new Error(`${where}: connect: network is unreachable`, { cause: error });
    case 'ETIMEDOUT': return new Error(`${where}: i/o timeout`, { cause: error });
    case 'ENOTFOUND': return new Error(`dial tcp: lookup ${location.host}: no such host`, { cause: error });
    case undefined: return error;
    default: return new Error(error.message, { cause: error });
  }
}
