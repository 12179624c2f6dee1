// The socket side: TLS, HTTP/2 and HTTP/1.1 on one port, upgrades, bounded clients, a graceful end.
import type { Clock, Log } from '@kaji/base';
import { isWebSocketUpgrade, streamOverWebSocket, type Upgrade, UpgradeError } from '@kaji/streams';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSecureServer, type Http2SecureServer, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { constants as cryptoConstants } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { Handler, Received, Reply } from '../pipeline/request.ts';
import { Cohort } from './cohort.ts';
import { receive, remoteOf } from './receive.ts';
import { headerText, type WriteOptions, writeHttp2Reply, writeReply } from './write-reply.ts';

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
  /** Requests being worked on, each aborted when its client is gone or the server stops. */
  readonly #running = new Set<AbortController>();
  readonly #remotes = new WeakMap<object, Received['remote']>();
  readonly #cohort = new Cohort();
  #isStopping = false;
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
    const serve = (request: IncomingMessage, response: ServerResponse): void => { void this.#serve(request, response); };
    server.on('request', serve as () => void); // HTTP/1.1 alone: see below
    // That brought Node's compatibility layer along, which wraps each HTTP/2 stream in two more: its streams are served as they are.
    server.removeAllListeners('stream');
    server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, rawHeaders: string[]) => {
      if (headers['expect'] === '100-continue') stream.additionalHeaders({ ':status': 100 });
      void this.#serveStream(stream, { method: headers[':method'], url: headers[':path'], rawHeaders });
    });
    server.on('checkContinue', ((request: IncomingMessage, response: ServerResponse) => {
      response.writeContinue();
      serve(request, response);
    }) as () => void); // as above
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Uint8Array) => { void this.#upgrade(request, socket, head); });
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
    this.#isStopping = true;
    for (const gone of this.#running) gone.abort(stopping());
    let cancel: () => void = () => undefined;
    await Promise.race([
      new Promise<void>((resolve) => {
        this.#onIdle = resolve;
        if (this.#running.size === 0) resolve();
      }),
      new Promise<void>((resolve) => { cancel = this.#clock.setTimer(graceMs, resolve); }),
    ]);
    cancel();
    for (const session of this.#sessions) session.destroy();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = this.#enter();
    response.on('close', () => { if (!response.writableFinished) gone.abort(new Error('the client went away')); });
    response.on('error', () => undefined);
    try {
      const reply = await this.#handle(receive({ method: request.method, url: request.url, rawHeaders: request.rawHeaders, body: request, gone, remote: this.#remoteOf(request.socket, request.socket) }));
      if (this.#isStopping) response.setHeader('connection', 'close');
      await writeReply(reply, response, this.#writeOptions(request.method, gone.signal));
      // A body refused or ignored must not block the next request of the connection.
      if (!request.readableEnded) request.resume();
    } catch (error) {
      this.#log.error('reply could not be written', error, { path: request.url });
      response.destroy();
    } finally {
      this.#leave(gone);
    }
  }

  async #serveStream(stream: ServerHttp2Stream, head: { readonly method: string | undefined; readonly url: string | undefined; readonly rawHeaders: readonly string[] }): Promise<void> {
    const gone = this.#enter();
    let isWritten = false;
    stream.on('close', () => { if (!isWritten) gone.abort(new Error('the client went away')); });
    stream.on('error', () => undefined);
    try {
      await this.#cohort.gather();
      if (stream.destroyed) return;
      const { session = stream } = stream;
      const reply = await this.#handle(receive({ ...head, body: stream, gone, remote: this.#remoteOf(session, stream.session?.socket) }));
      await writeHttp2Reply(reply, stream, this.#writeOptions(head.method, gone.signal));
      isWritten = true;
      // It closes once its body, wanted or not, is read. One that has come whole is left to node:http2: see readBody.
      if (!stream.endAfterHeaders && !stream.isPaused()) stream.resume();
    } catch (error) {
      this.#log.error('reply could not be written', error, { path: head.url });
      stream.destroy();
    } finally {
      this.#leave(gone);
    }
  }

  #writeOptions(method: string | undefined, signal: AbortSignal): WriteOptions {
    return { clock: this.#clock, stalledMs: this.#config.stalledMs, isHead: method === 'HEAD', signal };
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Uint8Array): Promise<void> {
    const gone = this.#enter();
    socket.on('close', () => { gone.abort(new Error('the client went away')); });
    socket.on('error', () => undefined);
    try {
      const received = receive({ method: request.method, url: request.url, rawHeaders: request.rawHeaders, body: request, gone, remote: this.#remoteOf(request.socket, request.socket), upgrade: { socket, head } });
      const reply = await this.#handle(received);
      await answerUpgrade(reply, { headers: received.headers, socket, head });
    } catch (error) {
      this.#log.error('upgrade failed', error, { path: request.url });
      socket.destroy();
    } finally {
      this.#leave(gone);
    }
  }

  #enter(): AbortController {
    const gone = new AbortController();
    if (this.#isStopping) gone.abort(stopping());
    this.#running.add(gone);
    return gone;
  }

  #leave(gone: AbortController): void {
    this.#running.delete(gone);
    if (this.#running.size === 0) this.#onIdle?.();
  }

  /** `owner` is what stays of a connection: HTTP/2 hands out a guarded proxy of the socket, a new one each time. */
  #remoteOf(owner: object, socket: Socket | undefined): Received['remote'] {
    let remote = this.#remotes.get(owner);
    if (remote === undefined) {
      remote = remoteOf(socket as TLSSocket); // only TLS connections reach a secure server
      this.#remotes.set(owner, remote);
    }
    return remote;
  }
}

const stopping = (): Error => new Error('the server is stopping');

/** What node:http2 hands on to the HTTP/1.1 side of a port; its types do not know of them. */
const http1Options = ({ headersTimeoutMs }: ServerConfig): object => ({ maxHeaderSize: maxHeaderBytes, headersTimeout: headersTimeoutMs, requestTimeout: 0, keepAliveTimeout: 120_000 });

/** What goes on for long goes over the WebSocket that was asked for: a log as bytes, a watch as one message an event. Anything else is answered as without one. */
async function answerUpgrade(reply: Reply, upgrade: Upgrade): Promise<void> {
  const { body, status, headers } = reply;
  if (body === 'upgraded') return;
  const form = headers['content-type']?.startsWith('text/plain') === true ? 'bytes' : headers['content-type']?.startsWith('application/json') === true ? 'lines' : undefined;
  if (status === 200 && !(body instanceof Uint8Array) && form !== undefined && isWebSocketUpgrade(upgrade.headers)) {
    try {
      await streamOverWebSocket(upgrade, body, form);
      return;
    } catch (error) {
      if (!(error instanceof UpgradeError)) throw error;
      await writeRaw({ status: error.status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: new TextEncoder().encode(`${error.message}\n`) }, upgrade.socket);
      return;
    }
  }
  await writeRaw(reply, upgrade.socket);
}

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
