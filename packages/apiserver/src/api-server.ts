// The API server: objects over a store, behind a pipeline, reached in the same process or over HTTPS.
import type { AnyResource, GroupVersionKind } from '@kaji/api';
import { kinds } from '@kaji/api/kinds';
import { openApiSource } from '@kaji/api/openapi';
import { defined, type Runtime, Scope } from '@kaji/base';
import { createClient, type Transport } from '@kaji/client';
import { TokenVerifier } from '@kaji/pki';
import type { Store } from '@kaji/store';
import { admissionSteps } from './admission/index.ts';
import { bearerAuthenticator, type TokenAuthenticator } from './authentication/bearer.ts';
import { bootstrapTokenAuthenticator } from './authentication/bootstrap-tokens.ts';
import { certificateAuthenticator } from './authentication/certificates.ts';
import { tokenIssuer } from './authentication/issue-token.ts';
import { LegacyTokenUses } from './authentication/legacy-tokens.ts';
import { requestHeaderAuthenticator } from './authentication/request-header.ts';
import { identityReviews } from './authentication/reviews.ts';
import { serviceAccountAuthenticator } from './authentication/service-account-tokens.ts';
import { staticTokenAuthenticator } from './authentication/static-tokens.ts';
import { type Authorizer, firstOpinion, masters } from './authorization/authorizer.ts';
import { nodeAuthorizer } from './authorization/node-authorizer.ts';
import { NodeGraph } from './authorization/node-graph.ts';
import { nodeRules } from './authorization/node-rules.ts';
import { Rbac } from './authorization/rbac.ts';
import { accessReviews } from './authorization/reviews.ts';
import { localApiServices } from './bootstrap/api-services.ts';
import { bootstrapObjects, systemNamespaces } from './bootstrap/bootstrap-objects.ts';
import { flowControlObjects } from './bootstrap/flow-control.ts';
import { kubernetesAddress, kubernetesEndpoints, kubernetesService, kubernetesServiceCidr } from './bootstrap/kubernetes-service.ts';
import { missing } from './bootstrap/reconcile.ts';
import { serverConfigMaps } from './bootstrap/server-config-maps.ts';
import type { ApiServerConfig } from './config.ts';
import { type Connections, connections } from './connect/index.ts';
import { discovery } from './discovery/endpoints.ts';
import { openApi } from './discovery/openapi.ts';
import { sourceComments } from './discovery/source-comments.ts';
import { releaseName, versionInfo } from './discovery/version.ts';
import { dispatch } from './dispatch.ts';
import type { HealthEndpoint } from './health/checks.ts';
import { serverChecks } from './health/server-checks.ts';
import type { Authenticator } from './pipeline/authenticate.ts';
import { pipeline } from './pipeline/pipeline.ts';
import type { Handler, Received, Reply, User } from './pipeline/request.ts';
import { Routes } from './pipeline/route.ts';
import { conversions } from './registry/conversions.ts';
import { serverUser } from './registry/own-writes.ts';
import type { Registry, Seed } from './registry/parts.ts';
import { createRegistry } from './registry/registry.ts';
import { directTransport } from './server/direct-transport.ts';
import { tellOfServer } from './server-metrics.ts';
import { Server, type ServerConfig, serverDefaults } from './server/server.ts';
import { restore } from './upkeep/restore.ts';
import { upkeep } from './upkeep/upkeep.ts';

export type ListenOptions = Pick<ServerConfig, 'address' | 'port' | 'certificatePem' | 'privateKeyPem'>;

/** Where clients find the server; what the Service `kubernetes` leads to. */
export interface Advertised {
  readonly address: string;
  readonly port: number;
}

/** Where the Service leads before it is known where the server listens. */
const defaultPort = 6443;

export class ApiServer {
  readonly #runtime: Runtime;
  readonly #store: Store;
  readonly #config: ApiServerConfig;
  readonly #registry: Registry;
  readonly #handle: Handler<Received>;
  readonly #connections: Connections;
  readonly #stopping = new AbortController();
  readonly #tasks = new Scope();
  readonly #tokenUses: LegacyTokenUses;
  #authorizer: Authorizer | undefined;
  #rbac: Rbac | undefined;
  #tokenAuthenticators: readonly TokenAuthenticator[] = [];
  #server: Server | undefined;
  #advertised: Advertised | undefined;
  #isStarted = false;

  constructor(runtime: Runtime, { store }: { readonly store: Store }, config: ApiServerConfig) {
    this.#runtime = runtime;
    this.#store = store;
    this.#config = config;
    this.#tokenUses = new LegacyTokenUses(runtime);
    const authorizer: Authorizer = { authorize: (user, action) => defined(this.#authorizer, 'the authorizer of a server that has started').authorize(user, action) };
    const rbac = (): Rbac => defined(this.#rbac, 'the roles of a server that has started');
    const { audiences } = config.serviceAccounts;
    this.#registry = createRegistry({
      runtime, store, kinds, authorizer,
      admission: (reader, writes) => admissionSteps({ runtime, reader, writes, authorizer, rbac, config }),
      evaluators: new Map([
        ...accessReviews(authorizer, rbac),
        ...identityReviews(runtime.clock, () => this.#tokenAuthenticators, audiences),
        ['serviceaccounts/token', tokenIssuer(runtime, () => this.#registry.reader, config.serviceAccounts)] as const,
      ]),
      serviceClusterIpRanges: config.serviceClusterIpRanges, serviceNodePortRange: config.serviceNodePortRange,
    });
    this.#connections = connections(runtime, this.#registry.reader, authorizer, config.kubelet);
    const routes = new Routes(kinds);
    const version = versionInfo(config.commit);
    tellOfServer(runtime.metrics, version, { reader: this.#registry.reader, kinds });
    this.#handle = pipeline({
      runtime, routes, authorizer, authenticators: this.#authenticators(), isAnonymousAllowed: config.isAnonymousAllowed,
      inFlight: config.inFlight, requestTimeoutMs: config.requestTimeoutMs,
      dispatch: dispatch({
        runtime, routes, registry: this.#registry.dispatch, connect: this.#connections.handlers,
        discovery: discovery(kinds, storedKind, () => this.#advertisedHost() ?? ''),
        openApi: openApi(runtime.clock, openApiSource(kinds, releaseName, sourceComments())), version, health: this.#health(), configuration: shownConfiguration(config), tokenIssuer: issuerInfo(config, () => this.#advertisedHost()),
      }),
    });
  }

  /** Fills the caches and writes what every cluster starts with. Requests are served once it resolves. */
  async start(): Promise<void> {
    const { signal } = this.#stopping;
    await this.#registry.start(signal);
    const { reader } = this.#registry;
    this.#rbac = new Rbac(reader, signal);
    this.#authorizer = firstOpinion([masters, nodeAuthorizer(new NodeGraph(reader, signal), nodeRules), this.#rbac]);
    const nowMs = this.#runtime.clock.now();
    const wanted = [
      ...bootstrapObjects(), ...serverConfigMaps(this.#config, nowMs), ...localApiServices(kinds, nowMs), ...flowControlObjects(nowMs),
      kubernetesServiceCidr(this.#config.serviceClusterIpRanges, nowMs), kubernetesAddress(this.#primaryRange()), kubernetesService(this.#primaryRange(), this.#advertised?.port ?? defaultPort),
    ];
    const seeds = missing(wanted, (resource, namespace, name) => reader.get(resource, namespace, name));
    if (seeds.length > 0) await this.#registry.seed(seeds);
    this.#isStarted = true;
    this.#tasks.run('last uses of tokens', (inner) => this.#tokenUses.run(reader, createClient(this.transport(serverUser), { userAgent: 'kube-apiserver' }), inner));
    for (const [name, everyMs, stale] of this.#restorations()) {
      this.#tasks.run(`restoring ${name}`, (inner) => restore(this.#runtime, { everyMs, stale, seed: (found) => this.#registry.seed(found) }, inner));
    }
    this.#tasks.run('upkeep', (inner) => upkeep(this.#runtime, { reader, transport: this.transport(serverUser) }, inner));
  }

  /** One request, from whatever transport. Trusts `request.user`. */
  handle(request: Received): Promise<Reply> {
    return this.#handle(request);
  }

  /** The API without a wire, as that user. */
  transport(user: User): Transport {
    return directTransport(this.#handle, user);
  }

  /** Accepts connections; resolves with the port. */
  async listen(options: ListenOptions): Promise<number> {
    const { clientAuthoritiesPem, requestHeader } = this.#config;
    const authorities = [clientAuthoritiesPem, requestHeader?.authoritiesPem].filter((pem) => pem !== undefined).join('\n');
    this.#server = new Server(this.#runtime, { ...serverDefaults, ...options, ...(authorities === '' ? {} : { clientAuthoritiesPem: authorities }) }, this.#handle);
    return this.#server.start();
  }

  /** Leads the Service `kubernetes` to this address. */
  async advertise(advertised: Advertised): Promise<void> {
    this.#advertised = advertised;
    const stale = this.#staleService();
    if (stale.length > 0) await this.#registry.seed(stale);
  }

  /** What is missing of the Service `kubernetes` and of where it leads, or is not as it should be. */
  #staleService(): readonly Seed[] {
    const { reader } = this.#registry;
    const port = this.#advertised?.port ?? defaultPort;
    const wanted = [kubernetesService(this.#primaryRange(), port), ...(this.#advertised === undefined ? [] : kubernetesEndpoints(this.#advertised.address, port))];
    return wanted.filter(({ resource, object }) => !isSame(reader.get(resource, 'default', 'kubernetes'), object));
  }

  /** Kubernetes: how often the server looks after what belongs to it. */
  #restorations(): readonly (readonly [name: string, everyMs: number, stale: () => readonly Seed[]])[] {
    const { reader } = this.#registry;
    const absent = (seeds: readonly Seed[]): readonly Seed[] => missing(seeds, (resource, namespace, name) => reader.get(resource, namespace, name));
    return [
      ['namespaces', 60_000, () => absent(systemNamespaces())],
      ['the service', 10_000, () => [...absent([kubernetesServiceCidr(this.#config.serviceClusterIpRanges, this.#runtime.clock.now()), kubernetesAddress(this.#primaryRange())]), ...this.#staleService()]],
    ];
  }

  /** Ends watches, lets short requests finish, then stops. The store is left to whoever opened it. */
  async close(): Promise<void> {
    this.#isStarted = false;
    await this.#tasks[Symbol.asyncDispose]();
    await this.#registry.close();
    await this.#server?.close();
    this.#connections.close();
    this.#stopping.abort(new Error('the API server stops'));
  }

  #primaryRange(): string {
    return defined(this.#config.serviceClusterIpRanges[0], 'a range of addresses for services');
  }

  #authenticators(): readonly Authenticator[] {
    const { clock } = this.#runtime;
    const { clientAuthoritiesPem, requestHeader, serviceAccounts, staticTokens, areBootstrapTokensAllowed } = this.#config;
    const { reader } = this.#registry;
    this.#tokenAuthenticators = [
      ...(staticTokens.length === 0 ? [] : [staticTokenAuthenticator(staticTokens)]),
      serviceAccountAuthenticator(clock, reader, { issuers: [serviceAccounts.issuer], publicKeyPems: serviceAccounts.publicKeyPems, audiences: serviceAccounts.audiences, noteUse: (secret) => { this.#tokenUses.note(secret); } }),
      ...(areBootstrapTokensAllowed ? [bootstrapTokenAuthenticator(clock, reader)] : []),
    ];
    return [
      ...(requestHeader === undefined ? [] : [requestHeaderAuthenticator(clock, requestHeader)]),
      ...(clientAuthoritiesPem === undefined ? [] : [certificateAuthenticator(clock, clientAuthoritiesPem)]),
      bearerAuthenticator(this.#tokenAuthenticators, serviceAccounts.audiences),
    ];
  }

  #health(): readonly HealthEndpoint[] {
    return serverChecks({
      starting: () => (this.#isStarted ? undefined : 'not started'), storeProblem: () => this.#storeProblem(), isStopping: () => this.#stopping.signal.aborted,
      log: () => { this.#runtime.log.debug('health check'); },
    });
  }

  /** With its port, as clients put it behind https://. */
  #advertisedHost(): string | undefined {
    if (this.#advertised === undefined) return undefined;
    const { address, port } = this.#advertised;
    return `${address.includes(':') ? `[${address}]` : address}:${port}`;
  }

  async #storeProblem(): Promise<string | undefined> {
    try {
      await this.#store.list({ start: '/registry/health', end: '/registry/health0' }, { limit: 1 });
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error); // the probe's verdict is the answer
    }
  }
}

/** The kind an object is stored as; undefined for kinds that are only answered. */
function storedKind(resource: AnyResource): GroupVersionKind | undefined {
  if (!resource.verbs.includes('get') || !resource.verbs.includes('create')) return undefined;
  const { group, version, kind } = conversions.find((one) => one.resource === resource)?.stored ?? resource;
  return { group, version, kind };
}

/** Everything but keys and tokens. */
function shownConfiguration({ serviceClusterIpRanges, serviceNodePortRange, serviceAccounts, isAnonymousAllowed, areBootstrapTokensAllowed, inFlight, requestTimeoutMs }: ApiServerConfig): Readonly<Record<string, unknown>> {
  const { issuer, audiences } = serviceAccounts;
  return { serviceClusterIpRanges, serviceNodePortRange, serviceAccounts: { issuer, audiences }, isAnonymousAllowed, areBootstrapTokensAllowed, inFlight, requestTimeoutMs };
}

function issuerInfo({ serviceAccounts }: ApiServerConfig, host: () => string | undefined): Parameters<typeof dispatch>[0]['tokenIssuer'] {
  const keySet = new TokenVerifier(serviceAccounts.publicKeyPems).keySet();
  return { issuer: serviceAccounts.issuer, jwksUri: () => `${host() === undefined ? serviceAccounts.issuer : `https://${host()}`}/openid/v1/jwks`, keySet, algorithms: [...new Set(keySet.keys.map((key) => String(key['alg'])))] };
}

/** Whether an object already says what is wanted; what the server fills in is not compared. */
function isSame(existing: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return existing === wanted;
  if (typeof existing !== 'object' || existing === null) return false;
  const there = existing as Readonly<Record<string, unknown>>; // just checked to be an object
  return Object.entries(wanted).every(([key, value]) => key === 'kind' || key === 'apiVersion' || key === 'status' || isSame(there[key], value));
}
