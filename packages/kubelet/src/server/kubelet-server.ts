/** The kubelet's HTTPS API: what the API server asks for on behalf of `kubectl logs`, `exec`, `attach`, `port-forward`, and what scrapers read. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { type Node, type Pod, type PodStatus } from '@kaji/api/core/v1';
import { ApiError } from '@kaji/api';
import type { Runtime } from '@kaji/base';
import { createServer as createPlain, listening } from '@kaji/base/real/http';
import type { Client } from '@kaji/client';
import type { ContainerRuntime } from '@kaji/cri';
import { type Host, HostError } from '@kaji/host';
import { Authority, createAuthority, type Identity } from '@kaji/pki';
import { type Upgrade, UpgradeError } from '@kaji/streams';
import { readLog } from '../containers/log-reader.ts';
import type { KubeletConfig } from '../kubelet.ts';
import { nodeName, runningContainers, runningPods } from '../metrics.ts';
import { readySandbox } from '../pod-worker/observed.ts';
import { findContainer } from '../pod-worker/pod-view.ts';
import type { PodWorker } from '../pod-worker/pod-worker.ts';
import type { PodsOfNode } from '../pods-of-node.ts';
import { Access, type Credentials } from './access.ts';
import { logOptions, runToRead } from './container-logs.ts';
import { resourceMetrics } from './resource-metrics.ts';
import { attach, exec, portForward } from './sessions.ts';
import { summary } from './summary.ts';

export interface KubeletServerParts {
  readonly client: Client;
  readonly cri: ContainerRuntime;
  readonly host: Host;
  readonly pods: PodsOfNode;
  node(): Node | undefined;
}

/** Callers of sessions that vanished without a word are found out by the kernel. */
const keepAliveMs = 30_000;
const prometheusText = 'text/plain; version=0.0.4; charset=utf-8';

/** A plain answer: status and text. */
class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface Route {
  readonly pattern: RegExp;
  /** Looks inside pods: off with enableDebuggingHandlers false. */
  readonly isDebugging: boolean;
  answer?(parameters: readonly string[], query: URLSearchParams, response: ServerResponse): Promise<void>;
  session?(parameters: readonly string[], query: URLSearchParams, upgrade: Upgrade): Promise<void>;
}

export class KubeletServer {
  readonly #runtime: Runtime;
  readonly #parts: KubeletServerParts;
  readonly #config: KubeletConfig;
  readonly #access: Access;
  readonly #startedAt: number;
  readonly #routes: readonly Route[];

  constructor(runtime: Runtime, parts: KubeletServerParts, config: KubeletConfig) {
    this.#runtime = runtime;
    this.#parts = parts;
    this.#config = config;
    this.#access = new Access(runtime.clock, parts.client, config);
    this.#startedAt = runtime.clock.now();
    this.#routes = this.#list();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { configuration } = this.#config;
    const authority = configuration.authentication.x509.clientCAFile;
    const { certificatePem, privateKeyPem } = await this.#identity();
    const ca = authority === undefined || authority === '' ? undefined : await needed(this.#parts.host, authority);
    const server = createServer({ keepAlive: true, keepAliveInitialDelay: keepAliveMs, cert: certificatePem, key: privateKeyPem, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.2', ...(ca === undefined ? {} : { ca }) });
    server.on('request', (request, response) => { void this.#request(request, response); });
    server.on('upgrade', (request, socket, head) => { void this.#upgrade(request, socket, head); });
    server.on('tlsClientError', () => undefined); // a handshake that failed is the other side's affair
    const health = createPlain((_request, response) => { response.end('ok'); });
    const servers: Server[] = [server];
    await listening(server, { port: configuration.port ?? 10250, address: configuration.address ?? '0.0.0.0' });
    if ((configuration.healthzPort ?? 0) > 0) {
      await listening(health, { port: configuration.healthzPort ?? 0, address: configuration.healthzBindAddress ?? '127.0.0.1' });
      servers.push(health);
    }
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => { resolve(); }, { once: true });
    });
    for (const each of servers) {
      each.closeAllConnections();
      each.close();
    }
  }

  /** The files of the configuration; without them a certificate of its own making, as upstream does. */
  async #identity(): Promise<Identity> {
    const { configuration, nodeName, nodeAddresses } = this.#config;
    const { tlsCertFile, tlsPrivateKeyFile } = configuration;
    if (tlsCertFile !== undefined && tlsCertFile !== '' && tlsPrivateKeyFile !== undefined) {
      return { certificatePem: await needed(this.#parts.host, tlsCertFile), privateKeyPem: await needed(this.#parts.host, tlsPrivateKeyFile) };
    }
    const authority = new Authority(this.#runtime, createAuthority(this.#runtime, { commonName: `${nodeName}-ca` }));
    return authority.issue({ commonName: nodeName, dnsNames: [nodeName], ipAddresses: [...nodeAddresses], usages: ['server'] });
  }

  #list(): readonly Route[] {
    const session = (pattern: RegExp, start: (worker: PodWorker, container: string, query: URLSearchParams, upgrade: Upgrade) => Promise<void>): Route => ({
      pattern, isDebugging: true,
      session: ([namespace = '', pod = '', ...rest], query, upgrade) => start(this.#find(namespace, pod, 'pod does not exist', rest.length > 1 ? rest[0] : undefined), rest.at(-1) ?? '', query, upgrade),
    });
    const parts = { cri: this.#parts.cri, clock: this.#runtime.clock };
    return [
      { pattern: /^\/healthz(?:\/(?:ping|log|syncloop))?$/, isDebugging: false, answer: (_parameters, _query, response) => send(response, 200, 'text/plain; charset=utf-8', 'ok') },
      { pattern: /^\/pods\/?$/, isDebugging: false, answer: (_parameters, _query, response) => this.#podList(response, () => true) },
      { pattern: /^\/runningpods\/?$/, isDebugging: true, answer: (_parameters, _query, response) => this.#podList(response, (worker) => worker.state.observed.containers.some((container) => container.state === 'running')) },
      { pattern: /^\/metrics$/, isDebugging: false, answer: (_parameters, _query, response) => this.#metrics(response) },
      { pattern: /^\/metrics\/resource$/, isDebugging: false, answer: (_parameters, _query, response) => this.#resources(response) },
      { pattern: /^\/stats\/summary$/, isDebugging: false, answer: (_parameters, _query, response) => this.#summary(response) },
      { pattern: /^\/configz$/, isDebugging: true, answer: (_parameters, _query, response) => json(response, { kubeletconfig: this.#config.configuration }) },
      { pattern: /^\/containerLogs\/([^/]+)\/([^/]+)\/([^/]+)$/, isDebugging: true, answer: ([namespace = '', pod = '', container = ''], query, response) => this.#logs(this.#find(namespace, pod, `pod "${pod}" does not exist`), container, query, response) },
      session(/^\/exec\/([^/]+)\/([^/]+)(?:\/([^/]+))?\/([^/]+)$/, (worker, container, query, upgrade) => exec(parts, worker, container, query, upgrade)),
      session(/^\/attach\/([^/]+)\/([^/]+)(?:\/([^/]+))?\/([^/]+)$/, (worker, container, query, upgrade) => attach(parts, worker, container, query, upgrade)),
      {
        pattern: /^\/portForward\/([^/]+)\/([^/]+)(?:\/([^/]+))?$/, isDebugging: true,
        session: ([namespace = '', pod = '', uid], query, upgrade) => portForward(parts, this.#find(namespace, pod, 'pod does not exist', uid), query, upgrade),
      },
    ];
  }

  #find(namespace: string, name: string, absent: string, uid?: string): PodWorker {
    const worker = this.#parts.pods.find(namespace, name);
    if (worker === undefined || (uid !== undefined && uid !== '' && worker.uid !== uid)) throw new Refusal(404, absent);
    return worker;
  }

  /** The route and what it captured, once the caller has shown who they are and that they may. */
  async #admit(request: IncomingMessage): Promise<{ readonly route: Route; readonly parameters: readonly string[]; readonly query: URLSearchParams }> {
    const url = new URL(request.url ?? '/', 'https://kubelet');
    const caller = await this.#access.authenticate(credentialsOf(request, (this.#config.configuration.authentication.x509.clientCAFile ?? '') !== ''));
    if (caller === undefined) throw new Refusal(401, 'Unauthorized');
    const refused = await this.#access.refuses(caller, request.method ?? 'GET', url.pathname);
    if (refused !== undefined) {
      throw new Refusal(403, `Forbidden (user=${caller.name}, verb=${refused.verb}, resource=nodes, subresource(s)=[${refused.subresources.join(' ')}])`);
    }
    for (const route of this.#routes) {
      const match = route.pattern.exec(url.pathname);
      if (match !== null && (!route.isDebugging || this.#config.configuration.enableDebuggingHandlers === true)) {
        return { route, parameters: match.slice(1).map((part) => (part === undefined ? '' : decodeURIComponent(part))), query: url.searchParams };
      }
    }
    throw new Refusal(404, '404: Page Not Found');
  }

  async #request(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { route, parameters, query } = await this.#admit(request);
      if (route.answer === undefined) throw new Refusal(400, 'Upgrade request required');
      await route.answer(parameters, query, response);
    } catch (error) {
      const { status, message } = this.#explain(error);
      if (response.headersSent) response.destroy();
      else await send(response, status, 'text/plain; charset=utf-8', message);
    }
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => undefined); // a caller that goes away is seen by the session
    try {
      const { route, parameters, query } = await this.#admit(request);
      if (route.session === undefined) throw new Refusal(400, 'this path takes no upgrade');
      await route.session(parameters, query, { headers: plainHeaders(request), socket, head });
    } catch (error) {
      const { status, message } = this.#explain(error);
      if (socket.writable) socket.end(`HTTP/1.1 ${status} ${status === 404 ? 'Not Found' : 'Error'}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(message)}\r\nConnection: close\r\n\r\n${message}`);
      else socket.destroy();
    }
  }

  #explain(error: unknown): { readonly status: number; readonly message: string } {
    if (error instanceof Refusal || error instanceof UpgradeError) return { status: error.status, message: error.message };
    if (error instanceof ApiError) return { status: 500, message: `Internal Server Error: ${error.message}` };
    this.#runtime.log.error('a request failed', error);
    return { status: 500, message: error instanceof Error ? error.message : String(error) };
  }

  async #podList(response: ServerResponse, isShown: (worker: PodWorker) => boolean): Promise<void> {
    const items: Pod[] = [...this.#parts.pods.workers()].filter(isShown).map((worker) => ({ ...worker.state.pod, status: worker.status }));
    return json(response, { kind: 'PodList', apiVersion: 'v1', metadata: {}, items });
  }

  /** Counted when asked for: nothing is kept current that nobody reads. */
  async #metrics(response: ServerResponse): Promise<void> {
    const { metrics } = this.#runtime;
    const states = { created: 0, running: 0, exited: 0, unknown: 0 };
    let pods = 0;
    for (const { state: { observed } } of this.#parts.pods.workers()) {
      if (readySandbox(observed) !== undefined) pods++;
      for (const container of observed.containers) states[container.state]++;
    }
    metrics.gauge(nodeName).set({ node: this.#config.nodeName }, 1);
    metrics.gauge(runningPods).set({}, pods);
    for (const [container_state, count] of Object.entries(states)) metrics.gauge(runningContainers).set({ container_state }, count);
    return send(response, 200, prometheusText, await metrics.render());
  }

  async #resources(response: ServerResponse): Promise<void> {
    return send(response, 200, prometheusText, resourceMetrics(await this.#parts.cri.containerStats(), this.#runtime.clock.now()));
  }

  async #summary(response: ServerResponse): Promise<void> {
    return json(response, summary(this.#config.nodeName, this.#startedAt, await this.#parts.cri.containerStats(), this.#runtime.clock.now()));
  }

  async #logs(worker: PodWorker, container: string, query: URLSearchParams, response: ServerResponse): Promise<void> {
    const options = logOptions(query, this.#runtime.clock.now());
    if (options === undefined) throw new Refusal(422, '{"message": "Invalid request."}');
    const { pod } = worker.state;
    if (findContainer(pod, container) === undefined) throw new Refusal(404, `container "${container}" not found in pod "${pod.metadata.name ?? ''}"`);
    const run = runToRead(current(worker), pod.metadata.name ?? '', container, options.isPrevious);
    if ('problem' in run) throw new Refusal(400, run.problem);
    const logPath = worker.state.observed.containers.find((candidate) => candidate.id === run.id)?.logPath;
    if (logPath === undefined) throw new Refusal(400, `unable to retrieve container logs for containerd://${run.id}`);
    const gone = new AbortController();
    response.on('close', () => { gone.abort(); });
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' });
    response.flushHeaders();
    const isRunning = (): boolean => worker.state.observed.containers.some((candidate) => candidate.id === run.id && candidate.state === 'running');
    for await (const part of readLog(this.#parts.host.files, logPath, options, { isRunning, signal: gone.signal, clock: this.#runtime.clock })) {
      if (gone.signal.aborted) break;
      if (!response.write(part)) await new Promise<void>((resolve) => { response.once('drain', resolve).once('close', resolve); });
    }
    response.end();
  }
}

/** The status reported last may be older than what the worker has seen; a pod that was never reported has none. */
const current = (worker: PodWorker): PodStatus => worker.status;

async function needed(host: Host, path: string): Promise<string> {
  const text = await host.files.readText(path);
  if (text === undefined) throw new HostError(`${path} does not exist`);
  return text;
}

/** Without authorities of our own no certificate counts: Node would believe those of the web. */
function credentialsOf(request: IncomingMessage, believesCertificates: boolean): Credentials {
  const authorization = request.headers.authorization;
  const bearerToken = authorization !== undefined && /^bearer /i.test(authorization) ? authorization.slice(7).trim() : undefined;
  const { socket } = request;
  if (!believesCertificates || !(socket instanceof TLSSocket) || !socket.authorized) return { certificate: undefined, bearerToken };
  const { subject } = socket.getPeerCertificate();
  // Node gives a list where the certificate has several of a kind
  const listOf = (value: string | readonly string[] | undefined): readonly string[] => (value === undefined ? [] : typeof value === 'string' ? [value] : value);
  return { certificate: { commonName: listOf(subject.CN)[0] ?? '', organizations: listOf(subject.O) }, bearerToken };
}

const plainHeaders = (request: IncomingMessage): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]));

const json = (response: ServerResponse, value: unknown): Promise<void> => send(response, 200, 'application/json', JSON.stringify(value));

function send(response: ServerResponse, status: number, type: string, body: string): Promise<void> {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  return new Promise((resolve) => { response.end(body, resolve); });
}
