// What a request is counted as: upstream's labels, in which nothing that a client makes up becomes a series. Pure.
import type { Routed } from './request.ts';

export interface RequestLabels {
  readonly component: string;
  readonly group: string;
  readonly resource: string;
  readonly scope: string;
  readonly subresource: string;
  readonly verb: string;
  readonly version: string;
}

type Asked = Pick<Routed, 'method' | 'action' | 'target' | 'query' | 'headers'>;

export function labelsOf(request: Asked): RequestLabels {
  const { action, target } = request;
  if (!action.isResource) return { component: 'apiserver', group: '', resource: '', scope: '', version: '', ...labelsOfPath(action.path), verb: verbOf(request, '') };
  const scope = action.name !== '' || action.verb === 'create' ? 'resource' : action.namespace !== '' ? 'namespace' : 'cluster';
  const { group, version, subresource } = action;
  // Names of resources that there are not come from clients.
  return target.type === 'resource' ? { component: 'apiserver', group, resource: action.plural, scope, subresource, verb: verbOf(request, scope), version } : { component: 'apiserver', group: '', resource: '', scope, subresource: '', verb: verbOf(request, scope), version: '' };
}

const connected: ReadonlySet<string> = new Set(['log', 'exec', 'portforward', 'attach', 'proxy']);
const methods: ReadonlySet<string> = new Set(['APPLY', 'CONNECT', 'DELETE', 'GET', 'LIST', 'PATCH', 'POST', 'PUT', 'WATCH']);

function verbOf({ method, action, query, headers }: Asked, scope: string): string {
  if (action.isResource && connected.has(action.subresource)) return 'CONNECT';
  const isRead = method === 'GET' || method === 'HEAD';
  if (isRead && (action.verb === 'watch' || isWatched(query))) return 'WATCH';
  if (isRead) return scope === 'namespace' || scope === 'cluster' ? 'LIST' : 'GET';
  if (method === 'PATCH' && headers['content-type'] === 'application/apply-patch+yaml') return 'APPLY';
  return methods.has(method) ? method : 'other';
}

function isWatched(query: URLSearchParams): boolean {
  const asked = query.get('watch')?.toLowerCase();
  return asked !== undefined && asked !== '0' && asked !== 'false';
}

/** Kubernetes: pages that no kind stands behind are told apart by their path, as far as they are known. */
function labelsOfPath(path: string): Pick<RequestLabels, 'subresource'> & Partial<RequestLabels> {
  const [, first = '', second = ''] = path.split('/');
  switch (first) {
    case 'healthz': case 'livez': case 'readyz': return { component: '', subresource: `/${first}` };
    case 'openapi': return second === 'v3' ? { component: '', subresource: path === '/openapi/v3' ? 'openapi/v3' : 'openapi/v3/' } : { subresource: '' };
    case 'api': case 'apis': return { subresource: first };
    case 'statusz': case 'flagz': return { resource: first, subresource: '' };
    default: return { subresource: '' };
  }
}

/** `All`, nothing, or `invalid`. */
export function dryRunOf({ query }: Pick<Routed, 'query'>): string {
  const asked = query.getAll('dryRun');
  if (asked.length === 0) return '';
  return asked.every((one) => one === 'All') ? 'All' : 'invalid';
}
