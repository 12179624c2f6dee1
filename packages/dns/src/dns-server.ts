/** The cluster's DNS server: questions over UDP and TCP, answered from the zone or by other servers. */
import { createSocket, type Socket as Datagrams } from 'node:dgram';
import type { Server as HttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { type Random, type Runtime, Scope } from '@kaji/base';
import { createServer as createHttpServer } from '@kaji/base/real/http';
import type { Client } from '@kaji/client';
import { type WatchedCluster, watchCluster } from './cluster-view.ts';
import type { DnsConfig } from './config.ts';
import { Forwarder, type Upstream } from './forward.ts';
import { fitting, formatError, type Query, readAddresses, readQuery, writeAnswer, writeFailure, writeQuestion } from './message.ts';
import { answer, type RecordOf, startOfAuthority } from './records.ts';

export interface DnsParts {
  /** Without it there is no zone: every question is forwarded. */
  readonly client: Client | undefined;
  readonly upstreams: readonly Upstream[];
}

const queries = { name: 'coredns_dns_requests_total', help: 'Questions asked.', labels: ['proto', 'type'] } as const;
/** A client that sends nothing is let go; so is everyone beyond this number of connections. */
const idleMs = 10_000;
const maxConnections = 1000;

export class DnsServer {
  readonly #runtime: Runtime;
  readonly #config: DnsConfig;
  readonly #view: WatchedCluster | undefined;
  readonly #forwarder: Forwarder;
  readonly #random: Random;

  constructor(runtime: Runtime, parts: DnsParts, config: DnsConfig) {
    this.#runtime = runtime;
    this.#config = config;
    this.#view = parts.client === undefined ? undefined : watchCluster(runtime, parts.client);
    this.#forwarder = new Forwarder(runtime, parts.upstreams);
    this.#random = runtime.random.stream('dns');
  }

  /** Runs until the signal. Throws when an address cannot be had. */
  async run(signal: AbortSignal): Promise<void> {
    await using scope = new Scope(signal);
    const { address, port, healthPort, readyPort, metricsPort } = this.#config;
    const view = this.#view;
    if (view !== undefined) scope.run('view of the cluster', (inner) => view.run(inner));
    scope.run('udp', (inner) => this.#listenUdp(address, port, inner));
    scope.run('tcp', (inner) => this.#listenTcp(address, port, inner));
    const isReady = (): boolean => view === undefined || view.hasSynced;
    for (const [name, at, status] of [['health', healthPort, () => true], ['ready', readyPort, isReady]] as const) {
      if (at !== 0) scope.run(name, (inner) => listenHttp(address, at, async () => [status() ? 200 : 503, status() ? 'OK' : 'not ready'], inner));
    }
    if (metricsPort !== 0) scope.run('metrics', (inner) => listenHttp(address, metricsPort, async () => [200, await this.#runtime.metrics.render()], inner));
    await scope.join();
  }

  /** The bytes to send back; undefined when none should be. */
  async respond(bytes: Uint8Array, protocol: 'udp' | 'tcp'): Promise<Uint8Array | undefined> {
    const query = readQuery(bytes);
    if (query === undefined) return undefined;
    if ('malformedId' in query) return formatError(query.malformedId);
    this.#runtime.metrics.counter(queries).add({ proto: protocol, type: query.type });
    const whole = await this.#answer(query, bytes, protocol);
    return protocol === 'udp' ? fitting(query, whole) : whole;
  }

  async #answer(query: Query, bytes: Uint8Array, protocol: 'udp' | 'tcp'): Promise<Uint8Array> {
    const view = this.#view;
    if (view === undefined) return (await this.#forwarder.ask(bytes, protocol)) ?? writeFailure(query, 'serverFailure');
    const { domain, ttlSeconds } = this.#config;
    const zone = { domain, ttlSeconds };
    const found = answer(view, zone, query.name, query.type);
    if (found.kind === 'elsewhere') return (await this.#forwarder.ask(bytes, protocol)) ?? writeFailure(query, 'serverFailure');
    // Until the caches are whole, "no such name" would be a lie that resolvers remember.
    if (!view.hasSynced) return writeFailure(query, 'serverFailure');
    const own = found.kind === 'found' && found.continueAt !== undefined ? { ...found, answers: [...found.answers, ...(await this.#addressesOf(found.continueAt, query))] } : found;
    return writeAnswer(query, own, startOfAuthority(zone), this.#random);
  }

  /** The addresses behind an alias that leads out of the cluster. */
  async #addressesOf(name: string, query: Query): Promise<readonly RecordOf[]> {
    const type = query.type === 'AAAA' ? 'AAAA' : 'A';
    const reply = await this.#forwarder.ask(writeQuestion(name, type), 'udp');
    return reply === undefined ? [] : readAddresses(reply, type);
  }

  async #listenUdp(address: string, port: number, signal: AbortSignal): Promise<void> {
    const socket: Datagrams = createSocket({ type: address.includes(':') ? 'udp6' : 'udp4', reuseAddr: false });
    socket.on('message', (bytes, from) => {
      void this.respond(bytes, 'udp').then((reply) => { // respond answers every failure itself
        if (reply !== undefined && !signal.aborted) socket.send(reply, from.port, from.address, () => undefined); // a lost answer is asked for again
      });
    });
    await listening(socket, () => { socket.bind(port, address); }, signal);
  }

  async #listenTcp(address: string, port: number, signal: AbortSignal): Promise<void> {
    const server: Server = createServer((socket) => { this.#converse(socket); });
    server.maxConnections = maxConnections;
    await listening(server, () => { server.listen(port, address); }, signal);
  }

  #converse(socket: Socket): void {
    let received = Buffer.alloc(0);
    socket.setTimeout(idleMs, () => { socket.destroy(); });
    socket.on('error', () => { socket.destroy(); }); // the asker went away
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const end = 2 + received.readUInt16BE(0);
        const bytes = received.subarray(2, end);
        received = received.subarray(end);
        void this.respond(bytes, 'tcp').then((reply) => {
          if (reply === undefined || socket.destroyed) return;
          const length = Buffer.alloc(2);
          length.writeUInt16BE(reply.length);
          socket.write(Buffer.concat([length, reply]));
        });
      }
    });
  }
}

interface Listener {
  once(event: 'listening' | 'close', run: () => void): unknown;
  once(event: 'error', run: (error: Error) => void): unknown;
  close(): unknown;
}

/** Resolves when it was closed because of the signal; rejects when it cannot listen. */
function listening(listener: Listener, start: () => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.once('close', resolve);
    listener.once('listening', () => {
      if (signal.aborted) listener.close();
      else signal.addEventListener('abort', () => { listener.close(); }, { once: true });
    });
    start();
  });
}

async function listenHttp(address: string, port: number, reply: () => Promise<readonly [number, string]>, signal: AbortSignal): Promise<void> {
  const server: HttpServer = createHttpServer((_, response) => {
    void reply().then(([status, text]) => { // neither the checks nor the metrics throw
      response.writeHead(status, { 'content-type': 'text/plain' });
      response.end(text);
    });
  });
  signal.addEventListener('abort', () => { server.closeAllConnections(); }, { once: true });
  await listening(server, () => { server.listen(port, address); }, signal);
}
