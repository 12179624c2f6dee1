// /api, /apis and what is below them down to a group's version.
import { type AnyResource, apiVersionOf, type GroupVersionKind } from '@kaji/api';
import { APIGroupDiscoveryList } from '@kaji/api/apidiscovery/v2';
import { APIGroup, APIGroupList, APIResourceList, APIVersions } from '@kaji/api/meta/v1';
import { encodeJson, type MessageType } from '@kaji/schema';
import { createHash } from 'node:crypto';
import { pageNotFound } from '../pipeline/reply.ts';
import type { Reply, Routed } from '../pipeline/request.ts';
import { methodNotAllowed, unknownPath } from '../pipeline/route.ts';
import { acceptedAggregated, acceptedForm, type Form } from '../registry/accept.ts';
import { encodeAs, encodeReply, inEnvelope, jsonReply as shownAs, reply as shownAsProtobuf } from '../registry/negotiation.ts';
import { aggregated, groups, resourceList, type StoredKind } from './documents.ts';

export interface Discovery {
  /** Undefined for paths that are not its own. */
  answer(request: Routed): Reply | undefined;
  readonly paths: readonly string[];
}


export function discovery(kinds: readonly AnyResource[], storedKind: StoredKind, serverAddress: () => string): Discovery {
  const all = groups(kinds);
  const whole = { api: new Aggregated(kinds, true), apis: new Aggregated(kinds, false) };
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
      // Kubernetes: the aggregation layer answers these two whatever the method.
      if (second === undefined) {
        return asAggregated(request, whole.apis) ?? byAggregator(request, APIGroupList as MessageType<unknown>, 'APIGroupList', { groups: all });
      }
      const group = all.find(({ name }) => name === second);
      if (group === undefined) return pageNotFound();
      if (third === undefined) return byAggregator(request, APIGroup as MessageType<unknown>, 'APIGroup', group);
      return onlyGet(request, () => listOf(request, versionsOf(second).includes(third) ? resourceList(kinds, second, third, storedKind) : undefined));
    },
  };
}

const meta = (kind: string): GroupVersionKind => ({ group: '', version: 'v1', kind });

const byAggregator = (request: Routed, type: MessageType<unknown>, kind: string, object: object): Reply => encodeAs(acceptedForm(request, { isAggregator: true }), type, meta(kind), object, 200);

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
  if (form.media === 'protobuf') return shownAsProtobuf(form, 200, inEnvelope(type, { apiVersion: '', kind }, object));
  return shownAs(form, 200, encodeJson(type, { kind, ...object }));
}

interface Made {
  readonly list: APIGroupDiscoveryList;
  readonly json: Uint8Array;
  readonly etag: string;
}

/** One aggregated document: made when first asked for, and kept as JSON, the form that all clients ask for. */
class Aggregated {
  readonly #kinds: readonly AnyResource[];
  readonly #isCore: boolean;
  #made: Made | undefined;

  constructor(kinds: readonly AnyResource[], isCore: boolean) {
    this.#kinds = kinds;
    this.#isCore = isCore;
  }

  /** In quotes, the same for every form. */
  get etag(): string {
    return this.#document().etag;
  }

  reply(form: Form): Reply {
    const { list, json } = this.#document();
    const reply = form.media === 'protobuf' ? shownAsProtobuf(form, 200, inEnvelope(APIGroupDiscoveryList as MessageType<unknown>, { apiVersion: apiVersionOf(aggregatedKind), kind: aggregatedKind.kind }, list)) : shownAs(form, 200, json);
    return { ...reply, headers: { 'content-type': `${reply.headers['content-type'] ?? ''};g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList` } };
  }

  #document(): Made {
    if (this.#made !== undefined) return this.#made;
    const list = aggregated(this.#kinds, this.#isCore);
    const json = encodeJson(APIGroupDiscoveryList as MessageType<unknown>, { ...list, kind: aggregatedKind.kind, apiVersion: apiVersionOf(aggregatedKind) });
    return this.#made = { list, json, etag: `"${createHash('sha512').update(json).digest('hex').toUpperCase()}"` };
  }
}

const aggregatedKind: GroupVersionKind = { group: 'apidiscovery.k8s.io', version: 'v2', kind: 'APIGroupDiscoveryList' };

/** The aggregated document, where the client names it before anything else it could get. Undefined when it wants the old form. */
function asAggregated(request: Routed, document: Aggregated): Reply | undefined {
  const form = acceptedAggregated(request);
  if (form === undefined) return undefined;
  const headers = { etag: document.etag, vary: 'Accept', 'cache-control': 'public' };
  if (request.headers['if-none-match'] === document.etag) return { status: 304, headers, body: new Uint8Array() };
  const reply = document.reply(form);
  return { ...reply, headers: { ...reply.headers, ...headers } };
}
