/** Writes objects: encodes, commits with what led to it, hands the result to the cache. A lost race is told apart from a failure. */
import type { ApiObject } from '@kaji/api';
import { encodeObject, forgetGivenEmpty, type MessageType } from '@kaji/schema';
import type { CommitOptions, Expectation, Revision, Store, Write } from '@kaji/store';
import type { Caches } from '../watch-cache/caches.ts';
import { Item } from '../watch-cache/item.ts';
import { plainError } from './invalid.ts';
import type { Served } from './served.ts';

/** Kept beside every write in the log, as JSON. */
export interface Provenance {
  readonly user: string;
  readonly verb: string;
  readonly path: string;
  readonly requestId: string;
  /** What the client says it acted on. */
  readonly causedBy?: string;
}

/** Kubernetes: etcd takes requests of 1.5 MiB; the key and what belongs to it are some hundred bytes of that. */
const valueLimitBytes = 1.5 * 1024 * 1024 - 512;

const encoder = new TextEncoder();

export const encodeProvenance = (provenance: Provenance): Uint8Array => encoder.encode(JSON.stringify(provenance));

export interface Put {
  readonly served: Served;
  readonly key: string;
  readonly object: ApiObject;
  /** The revision that is replaced; zero to create. */
  readonly expected: Revision;
}

/** What is written together with another object: created, or deleted where there is no object. */
export interface CompanionWrite {
  readonly served: Served;
  readonly key: string;
  readonly object: ApiObject | undefined;
}

export class ObjectStore {
  readonly #store: Store;
  readonly #caches: Caches;

  constructor(store: Store, caches: Caches) {
    this.#store = store;
    this.#caches = caches;
  }

  /** The item as it now is, or undefined when another write came first; the caches show that other write then. */
  async put(put: Put, provenance: Provenance, companions: readonly CompanionWrite[] = []): Promise<Item | undefined> {
    const { served, key, object } = put;
    const stored = encodeStored(served, object);
    const others = companions.map((companion) => this.#companionOf(companion));
    const writes = [this.#writeOf(served, key, stored), ...others.map(({ write }) => write)];
    const expectations = [{ key, modRevision: put.expected }, ...others.flatMap(({ expectation }) => expectation)];
    const revision = await this.#commit(writes, expectations, provenance, served.strategy.isBackground === true);
    if (revision === undefined) return undefined;
    for (const { offer } of others) offer(revision);
    object.metadata.resourceVersion = String(revision);
    return served.cache.offer(key, revision, stored, asStored(served, object));
  }

  /** What a write would have left, without the write. */
  dryPut({ served, key, object, expected }: Put): Item {
    const stored = encodeStored(served, object);
    // Kubernetes: what a creation brings along is not looked at when nothing is written.
    if (expected !== 0) object.metadata.resourceVersion = String(expected);
    return new Item(key, expected, stored, served.cache.codec, asStored(served, object));
  }

  /** The revision of the deletion, or undefined when another write came first. */
  async remove({ served, key, revision }: { readonly served: Served; readonly key: string; readonly revision: Revision }, provenance: Provenance, companions: readonly CompanionWrite[] = []): Promise<Revision | undefined> {
    const others = companions.map((companion) => this.#companionOf(companion).write);
    return this.#commit([{ op: 'delete', key }, ...others], [{ key, modRevision: revision }], provenance, served.strategy.isBackground === true);
  }

  /** Many objects at one revision. */
  async putAll(puts: readonly Put[], provenance: Provenance): Promise<boolean> {
    const prepared = puts.map(({ served, key, object, expected }) => ({ write: this.#writeOf(served, key, encodeStored(served, object)), expectation: { key, modRevision: expected } }));
    const revision = await this.#commit(prepared.map(({ write }) => write), prepared.map(({ expectation }) => expectation), provenance, false);
    if (revision !== undefined) await this.#caches.reach(revision);
    return revision !== undefined;
  }

  #companionOf({ served, key, object }: CompanionWrite): { readonly write: Write; readonly expectation: readonly Expectation[]; offer(revision: Revision): void } {
    if (object === undefined) return { write: { op: 'delete', key }, expectation: [], offer: () => { /* its cache hears of it from the store */ } };
    const stored = encodeStored(served, object);
    return {
      write: this.#writeOf(served, key, stored), expectation: [{ key, modRevision: 0 }],
      offer(revision) {
        object.metadata.resourceVersion = String(revision);
        served.cache.offer(key, revision, stored, asStored(served, object));
      },
    };
  }

  #writeOf(served: Served, key: string, value: Uint8Array): Write {
    if (value.length > valueLimitBytes) throw plainError('etcdserver: request is too large');
    const { ttlSeconds } = served.strategy;
    return { op: 'put', key, value, ...(ttlSeconds === undefined ? {} : { ttlSeconds }) };
  }

  async #commit(writes: readonly Write[], expect: readonly Expectation[], provenance: Provenance, isBackground: boolean): Promise<Revision | undefined> {
    const options: CommitOptions = { expect, cause: encodeProvenance(provenance), priority: isBackground ? 'background' : 'normal' };
    const commit = await this.#store.commit(writes, options);
    if (!commit.committed) {
      await this.#caches.reach(commit.revision);
      return undefined;
    }
    this.#caches.committed(commit.revision);
    return commit.revision;
  }
}

/** As upstream stores it: without the version, which is the revision of the write. */
export function encodeStored(served: Served, object: ApiObject): Uint8Array {
  const { resourceVersion: _, ...metadata } = object.metadata;
  return encodeObject(served.stored.type as MessageType<ApiObject>, { ...object, kind: served.stored.kind, apiVersion: served.cache.codec.apiVersion, metadata });
}

/** The object as it would be read back: the cache keeps it. */
const asStored = (served: Served, object: ApiObject): ApiObject => {
  forgetGivenEmpty(object);
  object.kind = served.stored.kind;
  object.apiVersion = served.cache.codec.apiVersion;
  return object;
};
