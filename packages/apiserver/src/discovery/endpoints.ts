// /api, /apis and what is below them down to a group's version.
import { type AnyResource, ApiError, type GroupVersionKind } from '@kaji/api';
import { APIGroup, APIGroupList, APIResourceList, APIVersions } from '@kaji/api/meta/v1';
import { encodeJson, type MessageType } from '@kaji/schema';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { pageNotFound } from '../pipeline/reply.ts';
import type { Reply, Routed } from '../pipeline/request.ts';
import { methodNotAllowed, unknownPath } from '../pipeline/route.ts';
import { acceptedForm } from '../registry/accept.ts';
import { encodeReply, gzipThresholdBytes, jsonReply as shownAs, wantsGzip } from '../registry/negotiation.ts';
import { aggregated, groups, resourceList, type StoredKind } from './documents.ts';

export interface Discovery {
  /** Undefined for paths that are not its own. */
  answer(request: Routed): Reply | undefined;
  readonly paths: readonly string[];
}

interface Aggregated {
  readonly body: Uint8Array;
  readonly compressed: Uint8Array;
  readonly etag: string;
}

export function discovery(kinds: readonly AnyResource[], storedKind: StoredKind, serverAddress: () => string): Discovery {
  const all = groups(kinds);
  const whole = { api: render(aggregated(kinds, true)), apis: render(aggregated(kinds, false)) };
  const versionsOf = (group: string): readonly string[] => all.find(({ name }) => name === group)?.versions.map(({ version }) => version) ?? [];
  return {
    paths: ['/api', '/api/v1', '/apis', ...all.flatMap(({ name, versions }) => [`/apis/${name}`, ...versions.map(({ version }) => `/apis/${name}/${version}`)])],
    answer(request) {
      const parts = request.action.path.replace(/\/$/, '').split('/').slice(1);
      const [root = '', second, third] = parts;
      if ((root !== 'api' && root !== 'apis') || request.action.path.startsWith('//') || parts.length > 3) return undefined;
      if (root === 'api') {
        if (second === undefined) return onlyGet(request, () => asAggregated(request, whole.api) ?? versions(request, serverAddress()));
        if (third !== undefined) return undefined;
        return onlyGet(request, () => listOf(request, resourceList(kinds, '', second, storedKind)));
      }
      // Kubernetes: the aggregation layer answers these two whatever the method; only HEAD gets no document.
      if (second === undefined) {
        if (request.method === 'HEAD') throw methodNotAllowed();
        return asAggregated(request, whole.apis) ?? encodeReply(request, APIGroupList as MessageType<unknown>, meta('APIGroupList'), { groups: all }, 200);
      }
      const group = all.find(({ name }) => name === second);
      if (group === undefined) return pageNotFound();
      if (third === undefined) return encodeReply(request, APIGroup as MessageType<unknown>, meta('APIGroup'), group, 200);
      return onlyGet(request, () => listOf(request, versionsOf(second).includes(third) ? resourceList(kinds, second, third, storedKind) : undefined));
    },
  };
}

const meta = (kind: string): GroupVersionKind => ({ group: '', version: 'v1', kind });

function onlyGet(request: Routed, answer: () => Reply): Reply {
  if (request.method !== 'GET') throw methodNotAllowed();
  return answer();
}

function listOf(request: Routed, list: APIResourceList | undefined): Reply {
  if (list === undefined) throw unknownPath();
  // Kubernetes: the list of the core group names no apiVersion either.
  if (!list.groupVersion.includes('/')) return withoutApiVersion(request, APIResourceList as MessageType<unknown>, 'APIResourceList', list);
  return encodeReply(request, APIResourceList as MessageType<unknown>, meta('APIResourceList'), list, 200);
}

function versions(request: Routed, address: string): Reply {
  return withoutApiVersion(request, APIVersions as MessageType<unknown>, 'APIVersions', { versions: ['v1'], serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }] });
}

/** Kubernetes: the oldest documents carry a kind alone. */
function withoutApiVersion(request: Routed, type: MessageType<unknown>, kind: string, object: object): Reply {
  const form = acceptedForm(request);
  if (form.media === 'protobuf') return encodeReply(request, type, meta(kind), object, 200);
  return shownAs(form, 200, encodeJson(type, { kind, ...object }));
}

function render(document: unknown): Aggregated {
  const body = new TextEncoder().encode(`${JSON.stringify(document)}\n`);
  return { body, compressed: gzipSync(body), etag: `"${createHash('sha512').update(body).digest('hex').toUpperCase()}"` };
}

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** The aggregated document, where the client names it before anything else it could get. Undefined when it wants the old form. */
function asAggregated(request: Routed, document: Aggregated): Reply | undefined {
  if (!wantsAggregated(request.headers['accept'] ?? '')) return undefined;
  if (request.method !== 'GET') throw methodNotAllowed();
  const headers = { 'content-type': aggregatedType, etag: document.etag, vary: 'Accept', 'cache-control': 'public' };
  if (request.headers['if-none-match'] === document.etag) return { status: 304, headers: { etag: document.etag, vary: 'Accept', 'cache-control': 'public' }, body: new Uint8Array() };
  if (document.body.length >= gzipThresholdBytes && wantsGzip(request)) return { status: 200, headers: { ...headers, 'content-encoding': 'gzip', vary: 'Accept, Accept-Encoding' }, body: document.compressed };
  return { status: 200, headers, body: document.body };
}

function wantsAggregated(accept: string): boolean {
  let isOther = false;
  for (const clause of accept.split(',')) {
    const [type = '', ...parameters] = clause.split(';').map((part) => part.trim());
    const given = new Map(parameters.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
    if (given.get('as') === 'APIGroupDiscoveryList' && given.get('g') === 'apidiscovery.k8s.io') {
      if (type === 'application/json' && given.get('v') === 'v2') return true;
      isOther = true;
      continue;
    }
    return false;
  }
  // Only versions that are no longer served were named.
  if (isOther) throw new ApiError('NotAcceptable', 'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf');
  return false;
}

