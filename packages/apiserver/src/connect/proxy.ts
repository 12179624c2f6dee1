// The proxy subresources of pods, services and nodes: the request goes on as it came, less what is ours.
import { ApiError, badRequest } from '@kaji/api';
import type { Random } from '@kaji/base';
import type { IncomingMessage } from 'node:http';
import type { KubeletAccess } from '../config.ts';
import type { Handler, Reply, ResourceRequest } from '../pipeline/request.ts';
import type { Reader } from '../registry/reader.ts';
import type { Fetcher } from './fetch.ts';
import { addressOf, type Location, nodeLocation, podLocation, serviceLocation } from './locate.ts';
import { rewriteLinks } from './rewrite-links.ts';
import { passOn } from './upgrade.ts';

interface Doors {
  readonly reader: Reader;
  readonly random: Random;
  readonly fetcher: Fetcher;
  readonly kubelet: KubeletAccess | undefined;
}

export const proxy = ({ reader, random, fetcher, kubelet }: Doors, plural: 'pods' | 'services' | 'nodes'): Handler<ResourceRequest> => async (request) => {
  const { namespace, name } = request.target;
  const location = plural === 'pods' ? podLocation(reader, namespace, name) : plural === 'services' ? serviceLocation(reader, random, namespace, name) : nodeLocation(reader, name);
  const { prefix, rest } = splitPath(request.path);
  if (rest === '' && request.upgrade === undefined && (request.method === 'GET' || request.method === 'HEAD')) {
    // Relative links of the page behind need the slash.
    return { status: 301, headers: { location: `${prefix}/${request.rawQuery === '' ? '' : `?${request.rawQuery}`}` }, body: new Uint8Array() };
  }
  const path = `${rest === '' ? '/' : rest}${request.rawQuery === '' ? '' : `?${request.rawQuery}`}`;
  const headers = forwardedHeaders(request, location);
  if (request.upgrade !== undefined) return passOn(request, location, path, { kubelet, headers });
  let answer: IncomingMessage;
  try {
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
    answer = await fetcher.fetch(location, { method: request.method, path, headers, signal: request.signal, ...(hasBody ? { body: request.stream() } : {}) });
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new ApiError('ServiceUnavailable', `error trying to reach service: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  return replyOf(answer, request, location, prefix);
};

/** The path up to `/proxy`, and what follows it, both as they came: no decoding, so that nothing changes its meaning on the way. */
function splitPath(path: string): { readonly prefix: string; readonly rest: string } {
  const match = /^(\/api\/v1\/(?:namespaces\/[^/]+\/)?(?:pods|services|nodes)\/[^/]+\/proxy)(\/.*)?$/.exec(path);
  if (match?.[1] === undefined) throw badRequest('the path of a proxied request must not be encoded before the word proxy');
  return { prefix: match[1], rest: match[2] ?? '' };
}

const connectionHeaders: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'host', 'authorization', 'http2-settings']);

function forwardedHeaders(request: ResourceRequest, location: Location): Readonly<Record<string, string>> {
  const kept = Object.entries(request.headers).filter(([name]) => !connectionHeaders.has(name) && !name.startsWith('impersonate-') && !name.startsWith('x-remote-') && !name.startsWith('kaji-'));
  const before = request.headers['x-forwarded-for'];
  const { address } = request.remote;
  return {
    ...Object.fromEntries(kept), host: addressOf(location).slice(location.scheme.length + 3),
    ...(address === '' ? {} : { 'x-forwarded-for': before === undefined ? address : `${before}, ${address}` }),
    'x-forwarded-uri': request.path, ...(request.headers['host'] === undefined ? {} : { 'x-forwarded-host': request.headers['host'] }), 'x-forwarded-proto': 'https',
    ...(request.upgrade === undefined ? {} : { connection: 'Upgrade', upgrade: request.headers['upgrade'] ?? '' }),
  };
}

async function replyOf(answer: IncomingMessage, request: ResourceRequest, location: Location, prefix: string): Promise<Reply> {
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < answer.rawHeaders.length; index += 2) {
    const name = (answer.rawHeaders[index] ?? '').toLowerCase();
    // A page behind us must not speak for this server's origin.
    if (connectionHeaders.has(name) || name.startsWith('access-control-')) continue;
    const value = answer.rawHeaders[index + 1] ?? '';
    headers[name] = headers[name] === undefined ? value : `${headers[name]}\n${value}`;
  }
  const links = { host: addressOf(location).slice(location.scheme.length + 3), askedHost: request.headers['host'] ?? '', prefix };
  if (headers['location'] !== undefined) headers['location'] = links.prefix === '' ? headers['location'] : rewriteLinks.url(headers['location'], links);
  const status = answer.statusCode ?? 502;
  const isPage = (headers['content-type'] ?? '').split(';')[0]?.trim() === 'text/html' && headers['content-encoding'] === undefined;
  if (!isPage) return { status, headers, body: answer };
  delete headers['content-length'];
  return { status, headers, body: rewriteLinks.page(answer, links) };
}
