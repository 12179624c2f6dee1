/** The objects of one API server: a cache, a store key and rules for each kind, and one function for each verb. */
import { type AnyResource, ApiError, type ApiObject, apiVersionOf, qualified, type Resource, type Verb as VerbName } from '@kaji/api';
import { defined, loadAll, sleep, uuid } from '@kaji/base';
import { applyDefaults, formatTime } from '@kaji/schema';
import type { Reply, ResourceRequest } from '../pipeline/request.ts';
import { Caches, horizonMs } from '../watch-cache/caches.ts';
import { YamlReader } from '../server/yaml-reader.ts';
import { rulesThread } from './judge.ts';
import { codecOf } from '../watch-cache/item.ts';
import { WatchCache } from '../watch-cache/watch-cache.ts';
import type { Call, Verb, VerbParts } from './call.ts';
import { bindings, componentstatuses } from '@kaji/api/core/v1';
import { bind } from './core/binding.ts';
import { getComponentStatus, listComponentStatuses } from './core/component-status.ts';
import { conversions } from './conversions.ts';
import { deprecations } from './deprecated.ts';
import { keyOf, prefixOf, rangeOf } from './keys.ts';
import { errorReply, withWarnings } from './negotiation.ts';
import { ObjectStore, type Provenance, type Put } from './object-store.ts';
import { ownWrites } from './own-writes.ts';
import type { Registry, RegistryParts, Seed } from './parts.ts';
import type { Reader } from './reader.ts';
import type { Served } from './served.ts';
import { strategiesFor } from './strategies.ts';
import { subresourceVerb } from './subresources.ts';
import { Pace, Turns } from './turns.ts';
import { create } from './verbs/create.ts';
import { deleteCollection } from './verbs/delete-collection.ts';
import { deleteOne } from './verbs/delete.ts';
import { evaluate } from './verbs/evaluate.ts';
import { get } from './verbs/get.ts';
import { list } from './verbs/list.ts';
import { patch } from './verbs/patch.ts';
import { update } from './verbs/update.ts';
import { watch } from './verbs/watch.ts';
import { checkName } from './names.ts';

const verbs: Readonly<Record<VerbName, Verb>> = { create, delete: deleteOne, deletecollection: deleteCollection, get, list, patch, update, watch };

export function createRegistry(parts: RegistryParts): Registry {
  return new StoredRegistry(parts);
}

class StoredRegistry implements Registry {
  readonly #runtime: RegistryParts['runtime'];
  readonly #deprecations: ReturnType<typeof deprecations>;
  readonly #served: ReadonlyMap<AnyResource, Served>;
  readonly #caches: Caches;
  readonly #objects: ObjectStore;
  readonly #parts: VerbParts;
  readonly #closing = new AbortController();
  readonly #yaml = new YamlReader();
  readonly #rules = rulesThread();
  readonly reader: Reader;

  constructor({ runtime, store, kinds, admission, authorizer, evaluators, serviceClusterIpRanges, serviceNodePortRange }: RegistryParts) {
    this.#runtime = runtime;
    this.#deprecations = deprecations(runtime.metrics);
    const reader = readerOf((resource) => this.#served.get(resource));
    const strategies = strategiesFor({ reader, runtime, serviceClusterIpRanges, serviceNodePortRange, signal: this.#closing.signal });
    this.#served = serve(kinds, strategies);
    this.#caches = new Caches(store, runtime.clock, [...new Set([...this.#served.values()].map(({ cache }) => cache))]);
    this.#objects = new ObjectStore(store, this.#caches);
    this.reader = reader;
    this.#parts = {
      runtime, store, objects: this.#objects, caches: this.#caches, reader: this.reader, authorizer, evaluators, admission: admission(this.reader, ownWrites(() => this.#parts)), turns: new Turns(), yaml: this.#yaml, rules: this.#rules, closing: this.#closing.signal,
      knownKinds: new Set(kinds.map((kind) => `${apiVersionOf(kind)}/${kind.kind}`)),
      servedFor: (resource) => this.#served.get(resource),
    };
  }

  readonly dispatch = async (request: ResourceRequest): Promise<Reply> => {
    const { target, verb } = request;
    const evaluator = this.#parts.evaluators.get(target.subresource === '' ? qualified(target.resource) : `${target.resource.plural}/${target.subresource}`);
    const served = this.#served.get(target.resource);
    if (served === undefined) throw new ApiError('NotFound', 'the server could not find the requested resource', { details: {} });
    const call: Call = { parts: this.#parts, served, request, warnings: this.#deprecations(target.resource, target.subresource), pace: new Pace(this.#parts.turns) };
    if (evaluator !== undefined) return verb === 'create' ? withItsWarnings(call, (same) => evaluate(same, evaluator)) : Promise.reject(notAllowed());
    const run = target.subresource === '' ? this.#verbOf(request) : subresourceVerb(target.resource, target.subresource, verb);
    checkName(target.name);
    if (served.stored.needs !== undefined && (verb === 'create' || verb === 'update' || verb === 'patch')) await loadAll(served.stored.needs);
    if (request.headers['content-type']?.includes('yaml') === true) await this.#yaml.prepare(await request.body());
    return withItsWarnings(call, run);
  };

  #verbOf({ target, verb, method }: ResourceRequest): Verb {
    // Kubernetes: a watch of one object's path is a read of it.
    const name = verb === 'watch' && target.name !== '' ? 'get' : verb;
    if (!isVerb(name) || !target.resource.verbs.includes(name) || method === 'HEAD') throw notAllowed();
    if (target.resource === bindings) return name === 'create' ? bind : never;
    if (target.resource === componentstatuses) return name === 'list' ? listComponentStatuses : name === 'get' ? getComponentStatus : never;
    if (name === 'create' && (target.name !== '' || (target.resource.isNamespaced && target.namespace === ''))) throw notAllowed();
    if (name === 'deletecollection' && target.resource.isNamespaced && target.namespace === '') throw notAllowed();
    if ((name === 'update' || name === 'patch' || name === 'delete' || name === 'get') && target.name === '') throw notAllowed();
    return verbs[name];
  }

  async start(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const stop = AbortSignal.any([signal, this.#closing.signal]);
    this.#caches.run(stop, resolve).catch((error: unknown) => {
      if (stop.aborted) return;
      reject(error as Error);
      // Without its caches the server would answer from a state that no longer moves.
      this.#runtime.log.error('watch of the store ended', error);
    });
    await promise;
    void this.#compactEvery(stop); // ends with the signal, logs what fails
  }

  async #compactEvery(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      try {
        await sleep(this.#runtime.clock, horizonMs, stop);
        await this.#caches.compact();
      } catch (error) {
        if (!stop.aborted) this.#runtime.log.error('compaction failed', error); // tried again next time
      }
    }
  }

  async seed(seeds: readonly Seed[]): Promise<void> {
    const provenance: Provenance = { user: 'system:apiserver', verb: 'seed', path: '', requestId: uuid(this.#runtime.random.stream('seeds')) };
    await this.#caches.fresh();
    while (!await this.#objects.putAll(seeds.map((seed) => this.#putOf(seed)), provenance)) {
      await this.#caches.fresh(); // somebody else wrote one of them; take theirs into account
    }
  }

  #putOf({ resource, object }: Seed): Put {
    const served = defined(this.#served.get(resource), `resource ${qualified(resource)}`);
    const copy = structuredClone(object);
    const key = keyOf(served.prefix, copy.metadata.namespace ?? '', copy.metadata.name ?? '');
    const there = served.cache.get(key);
    applyDefaults(resource.type, copy);
    resource.defaults?.(copy);
    copy.metadata.uid = there?.object.metadata.uid ?? uuid(this.#runtime.random.stream('uids'));
    copy.metadata.creationTimestamp = there?.object.metadata.creationTimestamp ?? formatTime(this.#runtime.clock.now());
    if (served.strategy.hasGeneration === true) copy.metadata.generation = there?.object.metadata.generation ?? 1;
    return { served, key, object: copy, expected: there?.revision ?? 0 };
  }

  close(): Promise<void> {
    this.#closing.abort(new Error('the API server stops'));
    return Promise.all([this.#yaml.close(), this.#rules.close()]).then(() => undefined);
  }
}

/** Kubernetes: a refusal carries the warnings that were gathered before it. */
async function withItsWarnings(call: Call, run: Verb): Promise<Reply> {
  try {
    return await run(call);
  } catch (error) {
    if (!(error instanceof ApiError) || call.warnings.length === 0) throw error;
    return withWarnings(errorReply(call.request, error), call.warnings);
  }
}

const never: Verb = () => Promise.reject(notAllowed());

const isVerb = (name: string): name is VerbName => Object.hasOwn(verbs, name);

export const notAllowed = (): ApiError => new ApiError('MethodNotAllowed', 'the server does not allow this method on the requested resource', { details: {} });

/** One cache for each place in the store; kinds that share one (both groups of events) share it. */
function serve(kinds: readonly AnyResource[], strategies: (resource: AnyResource) => Served['strategy']): ReadonlyMap<AnyResource, Served> {
  const caches = new Map<string, WatchCache>();
  const served = new Map<AnyResource, Served>();
  for (const resource of kinds) {
    const converted = conversions.find((each) => each.resource === resource);
    const stored = converted?.stored ?? resource;
    const prefix = prefixOf(stored);
    const conversion = converted?.conversion;
    let cache = caches.get(prefix);
    if (cache === undefined) {
      cache = new WatchCache(prefix, codecOf(stored));
      caches.set(prefix, cache);
    }
    const codec = conversion === undefined ? cache.codec : codecOf(resource, conversion.fromStored);
    served.set(resource, { resource, stored, conversion, codec, cache, prefix, strategy: strategies(stored), hasStatus: Object.hasOwn(stored.type.fields, 'status') });
  }
  return served;
}

/** Reads of the server's own parts: no request, no wait. */
function readerOf(find: (resource: AnyResource) => Served | undefined): Reader {
  const servedOf = (resource: AnyResource): Served => defined(find(resource), `resource ${qualified(resource)}`);
  return {
    get<T extends ApiObject>(resource: Resource<T>, namespace: string, name: string): T | undefined {
      const { cache, prefix } = servedOf(resource);
      return cache.get(keyOf(prefix, namespace, name))?.object as T | undefined; // a resource's cache holds its objects
    },
    *list<T extends ApiObject>(resource: Resource<T>, namespace = ''): Generator<T> {
      const { cache, prefix } = servedOf(resource);
      const { start, end } = rangeOf(prefix, namespace);
      for (const item of cache.range(start, end)) yield item.object as T; // as above
    },
    slice<T extends ApiObject>(resource: Resource<T>, namespace: string, { after, limit }: { readonly after: string; readonly limit: number }): readonly T[] {
      const { cache, prefix } = servedOf(resource);
      const { start, end } = rangeOf(prefix, namespace);
      const found: T[] = [];
      for (const item of cache.range(after === '' ? start : `${keyOf(prefix, namespace, after)}\0`, end)) {
        if (found.push((item.isDecoded ? item.object : item.copy()) as T) >= limit) break; // as above
      }
      return found;
    },
    count(resource: AnyResource, namespace: string): number {
      const { cache, prefix } = servedOf(resource);
      const { start, end } = rangeOf(prefix, namespace);
      return cache.snapshot().items.count(start, end);
    },
    subscribe<T extends ApiObject>(resource: Resource<T>, onChange: (change: { readonly object: T | undefined; readonly previous: T | undefined }) => void, signal: AbortSignal): void {
      servedOf(resource).cache.subscribe(({ item, previous }) => { onChange({ object: item?.object as T | undefined, previous: previous?.object as T | undefined }); }, signal);
    },
  };
}

