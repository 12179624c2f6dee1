// Finds what a request is about. Percent-encoding is undone before the path is taken apart, as upstream does; dots are not cleaned.
import { type AnyResource, ApiError, badRequest } from '@kaji/api';
import { decodePath, parseAction, type ParsedPath } from './action.ts';
import { textReply } from './reply.ts';
import type { Filter, Identified, Routed, Target } from './request.ts';

/** The kinds served, by where they are found. */
export class Routes {
  readonly #byPath = new Map<string, AnyResource>();
  readonly #groups = new Map<string, Set<string>>();
  constructor(kinds: readonly AnyResource[]) {
    for (const kind of kinds) {
      this.#byPath.set(`${kind.group}/${kind.version}/${kind.plural}`, kind);
      const versions = this.#groups.get(kind.group);
      if (versions === undefined) this.#groups.set(kind.group, new Set([kind.version]));
      else versions.add(kind.version);
    }
  }
  find(group: string, version: string, plural: string): AnyResource | undefined {
    return this.#byPath.get(`${group}/${version}/${plural}`);
  }
  hasGroup(group: string): boolean {
    return this.#groups.has(group);
  }
}

const longRunningSubresources: ReadonlySet<string> = new Set(['attach', 'exec', 'proxy', 'log', 'portforward']);

export const route = (routes: Routes): Filter<Identified, Routed> => (next) => async (request) => {
  const path = decodePath(request.path);
  if (path === undefined) return textReply(400, '400 Bad Request');
  const parsed = parseAction(request.method, path, request.query);
  if (parsed === undefined) return textReply(500, `Internal Server Error: ${JSON.stringify(path)}: failed to create RequestInfo: unable to determine kind and namespace from url, ${path}\n`);
  const { action } = parsed;
  const isLongRunning = action.isResource && (action.verb === 'watch' || action.verb === 'proxy' || longRunningSubresources.has(action.subresource));
  return next({ ...request, verb: action.verb, action, isLongRunning, target: targetOf(parsed, routes) });
};

function targetOf(parsed: ParsedPath, routes: Routes): Target {
  const { action, parts } = parsed;
  if (!action.isResource || action.path.startsWith('//')) return { type: 'path', path: action.path };
  const { group, version, plural, name, subresource } = action;
  const unknown: Target = { type: 'unknownResource', group, version, plural, namespace: action.namespace, name, subresource };
  const resource = routes.find(group, version, plural);
  if (resource === undefined || action.verb === 'proxy') return unknown;
  if (parsed.hasNamespace !== resource.isNamespaced && (parsed.hasNamespace || parts.length > 1)) return unknown;
  const pathName = parts[1] ?? '';
  if (subresource !== '' && !resource.subresources.some((one) => one.name === subresource)) return unknown;
  const subpath = parts.slice(3).join('/');
  if (parts.length > 3 && subresource !== 'proxy') return unknown;
  const namespace = resource.isNamespaced ? action.namespace : '';
  return { type: 'resource', resource, namespace, name: pathName, subresource, subpath };
}

/** Refuses what the path's shape rules out for a kind that is served. Runs after authorization, as upstream's routes do. */
export function checkShape(request: Routed): void {
  const { target, action, method } = request;
  if (target.type !== 'resource') return;
  const { verbs } = target.resource;
  const isOnlyCreated = verbs.length === 1 && verbs[0] === 'create';
  // Kubernetes: what is only created has no path of its own.
  if (isOnlyCreated && target.name !== '') throw unknownPath();
  const methods = target.subresource === 'proxy' ? /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/ : /^(GET|POST|PUT|PATCH|DELETE)$/;
  if (!methods.test(method) || (action.verb === 'watch' && method !== 'GET')) throw methodNotAllowed();
  if (!target.resource.isNamespaced) return;
  if (target.namespace !== '') return;
  if (/\/namespaces\/\//.test(action.path)) throw badRequest('Namespace parameter required.');
  if (action.verb !== 'list' && action.verb !== 'watch' && !isOnlyCreated) throw methodNotAllowed();
}

export const methodNotAllowed = (): ApiError => new ApiError('MethodNotAllowed', 'the server does not allow this method on the requested resource', { details: {} });
export const unknownPath = (): ApiError => new ApiError('NotFound', 'the server could not find the requested resource', { details: {} });
