/** A control plane inside this process: nothing is installed, no port is needed, nothing is left behind. */
import type { ApiObject, Resource } from '@kaji/api';
import { ApiServer, type ApiServerConfig, apiServerDefaults, causesOf, defaultIssuer, historyOf, type User } from '@kaji/apiserver';
import { noMetrics, type Runtime, Scope, seededStreams, silentLog, VirtualClock } from '@kaji/base';
import { realClock } from '@kaji/base/real/clock';
import { realStreams } from '@kaji/base/real/random';
import { type Client, createClient, emptyKubeconfig, formatKubeconfig, type Key, type Selection, type Transport, waitFor, waitForAll, waitForGone, type WaitOptions, withContext } from '@kaji/client';
import { Authority, createAuthority, createTokenKey, type Doors, type Identity } from '@kaji/pki';
import { type HistoryStore, MemoryStore } from '@kaji/store';
import { aloneScheduler, nodeCidrMaskSize, retention } from '../defaults.ts';
import type { Cluster, Endpoint, ListenOptions, StartOptions } from './cluster.ts';
import { DrivenClock } from './driven-clock.ts';
import type { TemporaryFile } from './temporary-file.ts';

const administrator: User = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };
const yearMs = 365 * 86_400_000;
/** Longer than any test lets virtual time run. */
const certificateLifeMs = 20 * yearMs;
/** By a virtual clock an hour's wait is short. */
const virtualTimeoutMs = 3_600_000;
/** The range of `kaji up`. */
const clusterCidr = '10.244.0.0/16';

/** Resolves when the API answers. */
export async function startCluster(options: StartOptions = {}): Promise<Cluster> {
  const clock = options.clock ?? realClock;
  const random = options.seed === undefined ? realStreams() : seededStreams(options.seed);
  const runtime: Runtime = { clock, random, log: options.log ?? silentLog, metrics: noMetrics };
  const cluster = new EmbeddedCluster(runtime, options);
  try {
    await cluster.start(options);
  } catch (error) {
    await cluster.close();
    throw error;
  }
  return cluster;
}

class EmbeddedCluster implements Cluster {
  readonly client: Client;
  readonly store: HistoryStore;
  readonly #runtime: Runtime;
  readonly #server: ApiServer;
  readonly #tokenKeyPem: string;
  readonly #authority: Authority;
  readonly #driven: DrivenClock | undefined;
  readonly #scope = new Scope();
  readonly #files: TemporaryFile[] = [];
  readonly #isStoreOwn: boolean;
  #endpoint: Promise<Endpoint> | undefined;
  #closing: Promise<void> | undefined;

  constructor(runtime: Runtime, { store, server, controllers }: StartOptions) {
    this.#runtime = runtime;
    this.store = store ?? new MemoryStore(runtime, { retention });
    this.#isStoreOwn = store === undefined;
    this.#driven = runtime.clock instanceof VirtualClock ? new DrivenClock(runtime.clock) : undefined;
    const doors = certificateDoors(runtime);
    this.#authority = new Authority(doors, createAuthority(doors, { commonName: 'kubernetes', validForMs: certificateLifeMs }));
    const config = { ...serverConfig(this.#authority, controllers === true), ...server };
    this.#tokenKeyPem = config.serviceAccounts.privateKeyPem;
    this.#server = new ApiServer(runtime, { store: this.store }, config);
    this.client = this.clientAs(administrator);
  }

  get clock(): Runtime['clock'] {
    return this.#runtime.clock;
  }

  async start({ controllers, scheduler }: StartOptions): Promise<void> {
    await this.#server.start();
    // Neither is loaded by those who do not ask for it.
    if (controllers === true) {
      const { runControllers } = await import('@kaji/controllers');
      const config = { clusterCidr, nodeCidrMaskSize, authorityPem: this.#authority.certificatePem, tokenKeyPem: this.#tokenKeyPem, leaderElection: undefined };
      this.#scope.run('controllers', (signal) => runControllers(this.#runtime, { client: this.#componentClient('kube-controller-manager') }, config, signal));
    }
    if (scheduler !== undefined && scheduler !== false) {
      const { Scheduler, schedulerConfiguration } = await import('@kaji/scheduler');
      const configuration = schedulerConfiguration(scheduler === true ? aloneScheduler : scheduler);
      const running = new Scheduler(this.#runtime, { client: this.#componentClient('kube-scheduler'), identity: 'embedded' }, configuration);
      this.#scope.run('scheduler', (signal) => running.run(signal));
    }
  }

  clientAs(user: User): Client {
    return createClient(this.transport(user), { userAgent: 'kaji-embedded' });
  }

  transport(user: User = administrator): Transport {
    return this.#server.transport(user);
  }

  waitFor<T extends ApiObject>(resource: Resource<T>, key: Key, claim?: (object: T) => boolean, options?: WaitOptions): Promise<T> {
    return this.#whileTimeMoves(waitFor(this, { resource, key }, claim, this.#patience(options)));
  }

  waitForGone(resource: Resource, key: Key, options?: WaitOptions): Promise<void> {
    return this.#whileTimeMoves(waitForGone(this, { resource, key }, this.#patience(options)));
  }

  waitForAll<T extends ApiObject>(selection: Selection<T>, claim: (objects: readonly T[]) => boolean, options?: WaitOptions): Promise<readonly T[]> {
    return this.#whileTimeMoves(waitForAll(this, selection, claim, this.#patience(options)));
  }

  listen(options: ListenOptions = {}): Promise<Endpoint> {
    this.#endpoint ??= this.#listen(options);
    return this.#endpoint;
  }

  async kubeconfig(user: User = administrator): Promise<string> {
    const { url } = await this.listen();
    const { certificatePem, privateKeyPem } = this.#identityOf(user);
    return formatKubeconfig(withContext(emptyKubeconfig, {
      name: 'kaji',
      cluster: { server: url, 'certificate-authority-data': base64(this.#authority.certificatePem) },
      user: { 'client-certificate-data': base64(certificatePem), 'client-key-data': base64(privateKeyPem) },
      isCurrent: true,
    }));
  }

  async kubeconfigFile(user?: User): Promise<string> {
    const { temporaryFile } = await import('./temporary-file.ts');
    const file = await temporaryFile('kubeconfig', await this.kubeconfig(user));
    this.#files.push(file);
    return file.path;
  }

  history<T extends ApiObject>(resource: Resource<T>, key: Key): ReturnType<typeof historyOf<T>> {
    return historyOf(this.store, resource, key);
  }

  causes(resource: Resource, object: ApiObject): ReturnType<typeof causesOf> {
    return causesOf(this.store, resource, object);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    try {
      this.#scope.stop();
      await this.#whileTimeMoves(this.#scope.join());
    } finally {
      await this.#server.close();
      if (this.#isStoreOwn) await this.store.close();
      await Promise.all(this.#files.map((file) => file.remove()));
    }
  }

  async #listen({ address = '127.0.0.1', port = 0 }: ListenOptions): Promise<Endpoint> {
    const isName = address === '0.0.0.0' || address === '::';
    const { certificatePem, privateKeyPem } = this.#authority.issue({
      commonName: 'kube-apiserver', usages: ['server'], validForMs: certificateLifeMs,
      dnsNames: ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc'],
      ipAddresses: [...new Set(['127.0.0.1', '::1', ...(isName ? [] : [address])])],
    });
    const bound = await this.#server.listen({ address, port, certificatePem, privateKeyPem });
    const host = isName ? 'localhost' : address.includes(':') ? `[${address}]` : address;
    return { url: `https://${host}:${bound}`, port: bound, authorityPem: this.#authority.certificatePem };
  }

  /** Kubernetes: a certificate's common name is the user, its organizations are the groups; that it is authenticated goes without saying. */
  #identityOf({ name, groups }: User): Identity {
    return this.#authority.issue({ commonName: name, organizations: groups.filter((group) => group !== 'system:authenticated'), usages: ['client'], validForMs: certificateLifeMs });
  }

  #componentClient(name: string): Client {
    return createClient(this.transport({ name: `system:${name}`, groups: ['system:masters', 'system:authenticated'] }), { userAgent: name });
  }

  #patience(options: WaitOptions = {}): WaitOptions {
    return this.#driven === undefined ? options : { timeoutMs: virtualTimeoutMs, ...options };
  }

  #whileTimeMoves<T>(work: Promise<T>): Promise<T> {
    return this.#driven === undefined ? work : this.#driven.during(work);
  }
}

function serverConfig(authority: Authority, hasControllers: boolean): ApiServerConfig {
  const { privateKeyPem, publicKeyPem } = createTokenKey();
  return {
    ...apiServerDefaults,
    clientAuthoritiesPem: authority.certificatePem,
    serviceAccounts: { issuer: defaultIssuer, audiences: [defaultIssuer], privateKeyPem, publicKeyPems: [publicKeyPem] },
    // A namespace's account comes from a controller: without one, every pod would be refused.
    disabledAdmission: hasControllers ? [] : ['ServiceAccount'],
  };
}

/** TLS looks at the real time and the server at the cluster's: certificates are valid from the earlier of the two. */
const certificateDoors = ({ clock, random }: Runtime): Doors => ({ clock: { ...realClock, now: () => Math.min(realClock.now(), clock.now()) }, random });

const base64 = (pem: string): string => Buffer.from(pem).toString('base64');
