// Turns what node:http and node:http2 hand over into a request of the pipeline.
import type { Duplex, Readable } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { ClientCertificate, Received } from '../pipeline/request.ts';
import { readBody } from './body.ts';

export interface Arrival {
  readonly method: string | undefined;
  readonly url: string | undefined;
  /** Names and values in turn, as they came; those of HTTP/2 with its pseudo-headers. */
  readonly rawHeaders: readonly string[];
  readonly body: Readable;
  readonly gone: AbortController;
  readonly remote: Received['remote'];
  readonly upgrade?: { readonly socket: Duplex; readonly head: Uint8Array };
}

export function receive({ method = 'GET', url = '/', rawHeaders, body, gone, remote, upgrade }: Arrival): Received {
  const mark = url.indexOf('?');
  const path = mark < 0 ? url : url.slice(0, mark);
  const rawQuery = mark < 0 ? '' : url.slice(mark + 1);
  const headers = headersOf(rawHeaders);
  const length = headers['content-length'];
  return {
    method, path: originForm(path), query: queryOf(rawQuery), rawQuery, headers, signal: gone.signal, abort: (reason) => { gone.abort(reason); }, remote,
    body: readBody(body, length === undefined ? undefined : Number(length)), stream: () => body as AsyncIterable<Uint8Array>, // without an encoding its chunks are bytes
    ...(upgrade === undefined ? {} : { upgrade }),
  };
}

/** A proxy's absolute form (`GET https://host/path`) means its path. */
const originForm = (path: string): string => (path.startsWith('/') || path === '*' ? path : path.replace(/^[a-z]+:\/\/[^/]*/i, '') || '/');

/** Kubernetes: parameters parted by a semicolon, and those that do not decode, are dropped, as Go's parser does. */
function queryOf(raw: string): URLSearchParams {
  if (raw === '') return new URLSearchParams();
  if (!raw.includes(';') && !/%(?![0-9a-fA-F]{2})/.test(raw)) return new URLSearchParams(raw);
  return new URLSearchParams(raw.split('&').filter((pair) => !pair.includes(';') && !/%(?![0-9a-fA-F]{2})/.test(pair)).join('&'));
}

/** From the wire's list, so that nothing is dropped: node:http keeps only the first of some. */
function headersOf(raw: readonly string[]): Readonly<Record<string, string>> {
  // No prototype: a client may name a header `__proto__`.
  const headers = Object.create(null) as Record<string, string>;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    if (name.startsWith(':')) {
      if (name === ':authority') headers['host'] ??= raw[index + 1] ?? '';
      continue;
    }
    const value = utf8(raw[index + 1] ?? '');
    const before = headers[name];
    headers[name] = before === undefined ? value : name.startsWith('impersonate-') ? `${before}\n${value}` : `${before}, ${value}`;
  }
  return headers;
}

/** Node shows the bytes of a head one by one; they are UTF-8, as Go takes them to be. */
const utf8 = (text: string): string => (/^[\x20-\x7e\t]*$/.test(text) ? text : Buffer.from(text, 'latin1').toString('utf8'));

/** Read once a connection: it costs a copy of the certificate. */
export function remoteOf(socket: TLSSocket): Received['remote'] {
  const address = socket.remoteAddress ?? '';
  const peer = socket.getPeerX509Certificate?.();
  if (peer === undefined) return { address };
  const intermediates: Uint8Array[] = [];
  for (let issuer = peer.issuerCertificate; issuer !== undefined && intermediates.length < 8; issuer = issuer.issuerCertificate) intermediates.push(issuer.raw);
  const certificate: ClientCertificate = { der: peer.raw, intermediates };
  return { address, certificate };
}
