// Where an authorized request goes: to the objects, to a pod or node behind us, or to one of the server's own pages.
import { ApiError } from '@kaji/api';
import type { VersionInfo } from '@kaji/api/meta/v1';
import type { Runtime } from '@kaji/base';
import type { Discovery } from './discovery/endpoints.ts';
import type { OpenApi } from './discovery/openapi.ts';
import { answerHealth, type HealthEndpoint } from './health/checks.ts';
import { flagsPage, levelsPage, statusPage } from './health/pages.ts';
import { jsonReply, pageNotFound, textReply } from './pipeline/reply.ts';
import type { Authorized, Handler, Reply, ResourceRequest } from './pipeline/request.ts';
import { checkShape, methodNotAllowed, type Routes, unknownPath } from './pipeline/route.ts';
import { acceptsJson } from './registry/accept.ts';

export interface DispatchParts {
  readonly runtime: Runtime;
  readonly routes: Routes;
  readonly registry: Handler<ResourceRequest>;
  /** Streaming and proxying subresources, by `plural/subresource`. */
  readonly connect: ReadonlyMap<string, Handler<ResourceRequest>>;
  readonly discovery: Discovery;
  readonly openApi: OpenApi;
  readonly version: VersionInfo;
  readonly health: readonly HealthEndpoint[];
  /** What /flagz shows. */
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly tokenIssuer: { readonly issuer: string; readonly jwksUri: () => string; readonly keySet: unknown; readonly algorithms: readonly string[] };
}

export function dispatch(parts: DispatchParts): Handler<Authorized> {
  const paths = pathHandlers(parts);
  return async (request) => {
    checkShape(request);
    const { target } = request;
    switch (target.type) {
      case 'resource': {
        const connect = target.resource.group === '' ? parts.connect.get(`${target.resource.plural}/${target.subresource}`) : undefined;
        return (connect ?? parts.registry)({ ...request, target });
      }
      case 'unknownResource':
        // Kubernetes: the aggregation layer knows groups; only inside a known one does a Status say that nothing is there.
        if (!parts.routes.hasGroup(target.group)) return pageNotFound();
        throw unknownPath();
      case 'path':
        return answerPath(request, parts, paths);
    }
  };
}

type PathHandler = (request: Authorized) => Reply | Promise<Reply>;

async function answerPath(request: Authorized, parts: DispatchParts, paths: ReadonlyMap<string, PathHandler>): Promise<Reply> {
  const { path } = request.action;
  const handler = paths.get(path);
  if (handler !== undefined) return handler(request);
  if (path.startsWith('/version/')) throw unknownPath();
  return parts.discovery.answer(request) ?? await answerHealth(request, parts.health) ?? await parts.openApi.answer(request) ?? pageNotFound();
}

function pathHandlers({ runtime, discovery, version, health, configuration, tokenIssuer }: DispatchParts): ReadonlyMap<string, PathHandler> {
  const showVersion: PathHandler = (request) => {
    if (request.method !== 'GET') throw methodNotAllowed();
    if (!acceptsJson(request)) throw notJson();
    return indented(version);
  };
  const metrics: PathHandler = async () => textReply(200, await runtime.metrics.render(), { 'content-type': 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores', 'process-start-time-unix': String(Math.floor(startedMs / 1000)) });
  const startedMs = runtime.clock.now();
  const status: PathHandler = () => statusPage({ startedMs, nowMs: runtime.clock.now(), goVersion: version.goVersion, binaryVersion: `${version.major}.${version.minor}` });
  const unlisted = new Set(['/', '/index.html', '/version/']);
  const checked = health.flatMap(({ path, checks }) => [path, ...checks.map(({ name }) => `${path}/${name}`)]);
  const root: PathHandler = () => indented({ paths: [...[...paths.keys()].filter((path) => !unlisted.has(path)), '/apis/', ...discovery.paths, '/openapi/v2', '/openapi/v3', '/openapi/v3/', ...checked].sort() });
  const paths = new Map<string, PathHandler>([
    ['/', root], ['/index.html', root],
    ['/version', showVersion], ['/version/', showVersion],
    ['/metrics', metrics], ['/metrics/slis', () => levelsPage(health)],
    ['/statusz', status], ['/flagz', () => flagsPage(configuration)],
    ['/.well-known/openid-configuration', () => jsonReply(200, {
      issuer: tokenIssuer.issuer, jwks_uri: tokenIssuer.jwksUri(), response_types_supported: ['id_token'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: tokenIssuer.algorithms,
    }, { 'cache-control': 'public, max-age=3600' })],
    ['/openid/v1/jwks', (request) => {
      const accept = request.headers['accept'] ?? '';
      if (accept !== '' && !/application\/jwk-set\+json|\*\/\*|application\/\*/.test(accept)) return textReply(406, '406: Not Acceptable\n\nAvailable representations: application/jwk-set+json');
      return jsonReply(200, tokenIssuer.keySet, { 'content-type': 'application/jwk-set+json', 'cache-control': 'public, max-age=3600' });
    }],
  ]);
  return paths;
}

const notJson = (): ApiError => new ApiError('NotAcceptable', '406: Not Acceptable\n\nAvailable representations: application/json', { details: {} });

/** Two spaces, as upstream writes the pages meant for people. */
const indented = (value: unknown): Reply => textReply(200, JSON.stringify(value, null, 2), { 'content-type': 'application/json' });
