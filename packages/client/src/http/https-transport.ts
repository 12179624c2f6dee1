/**
 * The API over HTTPS: one HTTP/2 connection shared by all requests, made anew when it is lost, or HTTP/1.1 where the
 * server speaks nothing newer. A dead peer is noticed by pings.
 */
import { readFile } from 'node:fs/promises';
import { type ClientHttp2Session, connect as connectHttp2 } from 'node:http2';
import { isIP } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { ApiError } from '@kaji/api';
import type { Runtime } from '@kaji/base';
import type { Transport, TransportReply, TransportRequest } from '../transport.ts';
import { Http1Requests } from './http1-requests.ts';
import { requestOverHttp2 } from './http2-request.ts';

export interface Credentials {
  /** PEM; the system's authorities without it. */
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly token?: string;
  readonly serverName?: string;
  /** Accepts any certificate of the server: the user asked for it in a kubeconfig. */
  readonly isUnverified?: boolean;
}

export interface HttpsTransportOptions {
  readonly url: string;
  /** Asked for each new connection, so that renewed certificates are used. */
  credentials(): Promise<Credentials>;
  /** A bearer token that is renewed in place. */
  readonly tokenFile?: string;
}

/** Kubernetes: client-go pings a silent connection after 30 s and waits 15 s; it reads a token anew every minute. */
const pingAfterMs = 30_000;
const pingTimeoutMs = 15_000;
const tokenLifeMs = 60_000;
const connectTimeoutMs = 30_000;

type Connection =
  | { readonly protocol: 'h2'; readonly session: ClientHttp2Session; readonly credentials: Credentials }
  | { readonly protocol: 'http/1.1'; readonly requests: Http1Requests; readonly credentials: Credentials };

export class HttpsTransport implements Transport {
  readonly #runtime: Runtime;
  readonly #options: HttpsTransportOptions;
  readonly #url: URL;
  #connection: Promise<Connection> | undefined;
  #token: { readonly text: string; readonly atMs: number } | undefined;
  #isClosed = false;

  constructor(runtime: Runtime, options: HttpsTransportOptions) {
    this.#runtime = runtime;
    this.#options = options;
    this.#url = new URL(options.url.includes('://') ? options.url : `https://${options.url}`);
  }

  async request(request: TransportRequest): Promise<TransportReply> {
    request.signal?.throwIfAborted();
    const connection = await this.#connected();
    const token = this.#options.tokenFile === undefined ? connection.credentials.token : await this.#readToken(this.#options.tokenFile);
    request.signal?.throwIfAborted();
    const headers = token === undefined ? request.headers : { ...request.headers, authorization: `Bearer ${token}` };
    const prefix = this.#url.pathname === '/' ? '' : this.#url.pathname.replace(/\/$/, '');
    const whole = { ...request, headers, path: prefix + request.path };
    return connection.protocol === 'h2' ? requestOverHttp2(connection.session, whole, this.#url.host) : connection.requests.request(whole);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const connection = await this.#connection?.catch(() => undefined); // one that failed needs no closing
    if (connection?.protocol === 'h2') connection.session.destroy();
    else connection?.requests.close();
  }

  #connected(): Promise<Connection> {
    if (this.#isClosed) return Promise.reject(new ApiError('ServiceUnavailable', 'the transport is closed'));
    if (this.#connection !== undefined) return this.#connection;
    const connecting = this.#connect();
    this.#connection = connecting;
    connecting.catch(() => { this.#forget(connecting); }); // the requests that wait for it get the error
    return connecting;
  }

  #forget(connection: Promise<Connection>): void {
    if (this.#connection === connection) this.#connection = undefined;
  }

  async #connect(): Promise<Connection> {
    const credentials = await this.#options.credentials();
    if (this.#url.protocol === 'http:') return { protocol: 'http/1.1', requests: new Http1Requests(this.#url, undefined), credentials };
    const tls = this.#tlsOptions(credentials);
    const socket = await this.#handshake(tls);
    if (socket.alpnProtocol !== 'h2') {
      socket.destroy();
      return { protocol: 'http/1.1', requests: new Http1Requests(this.#url, tls), credentials };
    }
    const session = connectHttp2(this.#url, { createConnection: () => socket });
    session.setLocalWindowSize(windowBytes);
    this.#watch(session);
    return { protocol: 'h2', session, credentials };
  }

  #tlsOptions(credentials: Credentials): TlsOptions {
    const host = this.#url.hostname.replace(/^\[|\]$/g, '');
    const serverName = credentials.serverName ?? (isIP(host) === 0 ? host : undefined);
    return {
      host,
      port: this.#url.port === '' ? 443 : Number(this.#url.port),
      ...(serverName === undefined ? {} : { servername: serverName }),
      ...(credentials.ca === undefined ? {} : { ca: credentials.ca }),
      ...(credentials.certificate === undefined ? {} : { cert: credentials.certificate }),
      ...(credentials.key === undefined ? {} : { key: credentials.key }),
      rejectUnauthorized: credentials.isUnverified !== true,
    };
  }

  #handshake(tls: TlsOptions): Promise<TLSSocket> {
    return new Promise((resolve, reject) => {
      const socket = connectTls({ ...tls, ALPNProtocols: ['h2', 'http/1.1'] });
      const cancel = this.#runtime.clock.setTimer(connectTimeoutMs, () => { socket.destroy(new Error('TLS handshake timeout')); });
      socket.setNoDelay(true);
      socket.once('secureConnect', () => {
        cancel();
        socket.removeAllListeners('error');
        resolve(socket);
      });
      socket.once('error', (error) => {
        cancel();
        reject(new ApiError('ServiceUnavailable', `Get "${this.#url.origin}": ${error.message}`, { cause: error }));
      });
    });
  }

  /** Lets a session that ends, or is told to, be replaced by the next request; pings one that is silent. */
  #watch(session: ClientHttp2Session): void {
    const connection = this.#connection;
    const { clock } = this.#runtime;
    let cancelTimer = (): void => undefined;
    const forget = (): void => {
      cancelTimer();
      if (connection !== undefined) this.#forget(connection);
    };
    session.once('goaway', () => {
      forget();
      session.close(); // the requests under way may end
    });
    session.once('close', forget);
    session.on('error', forget); // each request gets its own error
    const ping = (): void => {
      cancelTimer = clock.setTimer(pingTimeoutMs, () => { session.destroy(new Error('http2: client connection lost')); });
      const isSent = session.ping((error) => {
        cancelTimer();
        if (error === null && !session.destroyed) schedule();
      });
      if (!isSent) cancelTimer();
    };
    const schedule = (): void => {
      cancelTimer = clock.setTimer(pingAfterMs, ping);
    };
    schedule();
  }

  async #readToken(file: string): Promise<string> {
    const now = this.#runtime.clock.monotonic();
    if (this.#token === undefined || now - this.#token.atMs > tokenLifeMs) this.#token = { text: (await readFile(file, 'utf8')).trim(), atMs: now };
    return this.#token.text;
  }
}

/** How much the server may send before it must wait for this client: lists are large. */
const windowBytes = 8 << 20;

export interface TlsOptions {
  readonly host: string;
  readonly port: number;
  readonly servername?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly rejectUnauthorized: boolean;
}

