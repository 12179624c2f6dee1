// The socket side: TLS, HTTP/2 and HTTP/1.1 on one port, upgrades, bounded clients, a graceful end.
import type { Clock, Log } from '@kaji/base';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import { constants as cryptoConstants } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { Handler, Received, Reply } from '../pipeline/request.ts';
import { receive, remoteOf, type Request } from './receive.ts';
import { headerText, type Response, writeReply } from './write-reply.ts';

export interface ServerConfig {
  readonly address: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  /** Authorities whose names the handshake offers; the certificates themselves are checked by the authenticators. */
  readonly clientAuthoritiesPem?: string;
  readonly headersTimeoutMs: number;
  /** A client that reads nothing for so long loses its stream. */
  readonly stalledMs: number;
}

export const serverDefaults = { headersTimeoutMs: 32_000, stalledMs: 30_000 } as const;

/** Unread requests one HTTP/2 connection may pile up; informers of one client share a connection. */
const maxConcurrentStreams = 1000;
/** Kubernetes answers 1 MiB of headers with 431; Node's 16 kB is less than a large selector takes. */
const maxHeaderBytes = 1024 * 1024;

export class Server {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #config: ServerConfig;
  readonly #handle: Handler<Received>;
  readonly #server: Http2SecureServer;
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #sockets = new Set<TLSSocket>();
  readonly #stopping = new AbortController();
  readonly #remotes = new WeakMap<object, Received['remote']>();
  #active = 0;
  #onIdle: (() => void) | undefined;

  constructor({ clock, log }: { readonly clock: Clock; readonly log: Log }, config: ServerConfig, handle: Handler<Received>) {
    this.#clock = clock;
    this.#log = log;
    this.#config = config;
    this.#handle = handle;
    this.#server = createSecureServer({
      allowHTTP1: true, cert: config.certificatePem, key: config.privateKeyPem, minVersion: 'TLSv1.2', requestCert: true, rejectUnauthorized: false,
      ...(config.clientAuthoritiesPem === undefined ? {} : { ca: config.clientAuthoritiesPem }),
      secureOptions: cryptoConstants.SSL_OP_NO_RENEGOTIATION, handshakeTimeout: 10_000,
      // A cut-off read of a slow client must not hold what fast ones wait for: small per-stream windows, generous session.
      settings: { maxConcurrentStreams, maxHeaderListSize: maxHeaderBytes }, maxSessionMemory: 256, peerMaxConcurrentStreams: maxConcurrentStreams,
      ...http1Options(config),
    });
    this.#listen();
  }

  #listen(): void {
    const server = this.#server;
    server.on('request', (request: Request, response: Response) => { void this.#serve(request, response); });
    server.on('checkContinue', (request: Request, response: Response) => {
      response.writeContinue();
      void this.#serve(request, response);
    });
    server.on('upgrade', (request: Request, socket: Duplex, head: Uint8Array) => { void this.#upgrade(request, socket, head); });
    server.on('session', (session) => {
      this.#sessions.add(session);
      session.on('close', () => { this.#sessions.delete(session); });
      // One client's protocol error ends its connection, nothing more.
      session.on('error', () => undefined);
    });
    server.on('secureConnection', (socket: TLSSocket) => {
      this.#sockets.add(socket);
      socket.setKeepAlive(true, 30_000);
      socket.setNoDelay(true);
      socket.on('close', () => { this.#sockets.delete(socket); });
      socket.on('error', () => undefined);
    });
    // Half-open, plain-text and broken handshakes: the connection is gone already.
    server.on('tlsClientError', (_error, socket) => { socket.destroy(); });
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
      if (error.code === 'ECONNRESET' || !socket.writable) {
        socket.destroy();
        return;
      }
      const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request';
      socket.end(`HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${status}`);
    });
  }

  /** Resolves with the port once connections are accepted. */
  start(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ port: this.#config.port, host: this.#config.address, backlog: 1024 }, () => {
        this.#server.off('error', reject);
        this.#server.on('error', (error) => { this.#log.error('server socket failed', error); });
        resolve((this.#server.address() as AddressInfo).port); // a TCP listener's address is never text
      });
    });
  }

  /** New certificates for connections from now on. */
  renew(certificatePem: string, privateKeyPem: string): void {
    this.#server.setSecureContext({ cert: certificatePem, key: privateKeyPem, ...(this.#config.clientAuthoritiesPem === undefined ? {} : { ca: this.#config.clientAuthoritiesPem }) });
  }

  /** Stops listening, tells clients to go elsewhere, lets short requests finish and ends long ones, then closes what is left. */
  async close(graceMs = 10_000): Promise<void> {
    const closed = new Promise<void>((resolve) => { this.#server.close(() => { resolve(); }); });
    for (const session of this.#sessions) session.close();
    this.#stopping.abort(new Error('the server is stopping'));
    let cancel: () => void = () => undefined;
    await Promise.race([
      new Promise<void>((resolve) => {
        this.#onIdle = resolve;
        if (this.#active === 0) resolve();
      }),
      new Promise<void>((resolve) => { cancel = this.#clock.setTimer(graceMs, resolve); }),
    ]);
    cancel();
    for (const session of this.#sessions) session.destroy();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #serve(request: Request, response: Response): Promise<void> {
    const gone = new AbortController();
    const leave = this.#enter(gone);
    response.on('close', () => { if (!response.writableFinished) gone.abort(new Error('the client went away')); });
    response.on('error', () => undefined);
    try {
      const reply = await this.#handle(receive({ request, signal: gone.signal, remote: this.#remoteOf(request) }));
      if (this.#stopping.signal.aborted && request.httpVersionMajor === 1) response.setHeader('connection', 'close');
      await writeReply(reply, response, { clock: this.#clock, stalledMs: this.#config.stalledMs, isHead: request.method === 'HEAD', signal: gone.signal });
      // A body refused or ignored must not block the next request of the connection.
      if (!request.readableEnded) request.resume();
    } catch (error) {
      this.#log.error('reply could not be written', error, { path: request.url });
      response.destroy();
    } finally {
      leave();
    }
  }

  async #upgrade(request: Request, socket: Duplex, head: Uint8Array): Promise<void> {
    const gone = new AbortController();
    const leave = this.#enter(gone);
    socket.on('close', () => { gone.abort(new Error('the client went away')); });
    socket.on('error', () => undefined);
    try {
      const reply = await this.#handle(receive({ request, signal: gone.signal, remote: this.#remoteOf(request), upgrade: { socket, head } }));
      if (reply.body !== 'upgraded') await writeRaw(reply, socket);
    } catch (error) {
      this.#log.error('upgrade failed', error, { path: request.url });
      socket.destroy();
    } finally {
      leave();
    }
  }

  /** Counts a request in; the function returned counts it out. */
  #enter(gone: AbortController): () => void {
    this.#active++;
    const stop = (): void => { gone.abort(this.#stopping.signal.reason); };
    if (this.#stopping.signal.aborted) stop();
    this.#stopping.signal.addEventListener('abort', stop, { once: true });
    return () => {
      this.#stopping.signal.removeEventListener('abort', stop);
      if (--this.#active === 0) this.#onIdle?.();
    };
  }

  #remoteOf(request: Request): Received['remote'] {
    // HTTP/2 hands out a guarded proxy of the socket, a new one each time: the session is what stays.
    const owner: object = 'stream' in request ? request.stream.session ?? request.stream : request.socket;
    let remote = this.#remotes.get(owner);
    if (remote === undefined) {
      remote = remoteOf(request.socket as TLSSocket); // only TLS connections reach a secure server
      this.#remotes.set(owner, remote);
    }
    return remote;
  }
}

/** What node:http2 hands on to the HTTP/1.1 side of a port; its types do not know of them. */
const http1Options = ({ headersTimeoutMs }: ServerConfig): object => ({ maxHeaderSize: maxHeaderBytes, headersTimeout: headersTimeoutMs, requestTimeout: 0, keepAliveTimeout: 120_000 });

/** A reply to a request whose connection left HTTP's hands when it asked for an upgrade. */
async function writeRaw(reply: Reply, socket: Duplex): Promise<void> {
  if (reply.body === 'upgraded') return;
  const lines = [`HTTP/1.1 ${reply.status} ${reply.status < 400 ? 'OK' : 'Refused'}`, 'Connection: close'];
  for (const [name, value] of Object.entries(reply.headers)) for (const one of value.split('\n')) lines.push(`${name}: ${headerText(one)}`);
  if (reply.body instanceof Uint8Array) {
    socket.write(`${lines.join('\r\n')}\r\nContent-Length: ${reply.body.length}\r\n\r\n`, 'latin1');
    socket.end(reply.body);
    return;
  }
  socket.write(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  for await (const chunk of reply.body) if (!socket.write(chunk)) await new Promise((resolve) => { socket.once('drain', resolve).once('close', resolve); });
  socket.end();
}
