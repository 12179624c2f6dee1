/**
 * A client that remembers what was written for a key, so that the key is not looked at again before the caches show
 * it: a reconcile that acted on a cache older than its own writes would do them twice.
 */
import { type AnyResource, type ApiObject, qualified, type Resource } from '@kaji/api';
import { type Client, type DeleteOptions, type Informer, type Key, keyOf, type ListOptions, type Patch, type WriteOptions } from '@kaji/client';

interface Deletion {
  readonly resource: AnyResource;
  readonly key: Key;
  readonly uid: string;
}

/** The informer that a controller has for a resource, if any. */
export type FindInformer = (resource: AnyResource) => Informer<ApiObject> | undefined;

/** What one key wrote and has not seen yet. */
export class UnseenWrites {
  readonly #revisions = new Map<string, { readonly resource: AnyResource; revision: number }>();
  #deletions: Deletion[] = [];

  wrote(resource: AnyResource, object: ApiObject): void {
    const revision = Number(object.metadata.resourceVersion ?? 0);
    const known = this.#revisions.get(qualified(resource));
    if (known === undefined) this.#revisions.set(qualified(resource), { resource, revision });
    else known.revision = Math.max(known.revision, revision);
  }

  deleted(deletion: Deletion): void {
    this.#deletions.push(deletion);
  }

  /** True once the caches show every write; what they show is forgotten. */
  isSeen(find: FindInformer): boolean {
    for (const [id, { resource, revision }] of this.#revisions) {
      const informer = find(resource);
      if (informer === undefined || Number(informer.resourceVersion) >= revision) this.#revisions.delete(id);
    }
    this.#deletions = this.#deletions.filter(({ resource, key, uid }) => {
      const object = find(resource)?.cache.get(key);
      return object !== undefined && object.metadata.uid === uid && object.metadata.deletionTimestamp === undefined;
    });
    return this.#revisions.size === 0 && this.#deletions.length === 0;
  }
}

export class TrackedClient implements Client {
  readonly #client: Client;
  readonly #unseen: UnseenWrites;

  constructor(client: Client, unseen: UnseenWrites) {
    this.#client = client;
    this.#unseen = unseen;
  }

  get transport(): Client['transport'] {
    return this.#client.transport;
  }

  get<T extends ApiObject>(resource: Resource<T>, key: Key): Promise<T> {
    return this.#client.get(resource, key);
  }

  list: Client['list'] = (resource, options) => this.#client.list(resource, options);

  watch: Client['watch'] = (resource, options) => this.#client.watch(resource, options);

  async create<T extends ApiObject>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<T> {
    return this.#wrote(resource, await this.#client.create(resource, object, options));
  }

  async update<T extends ApiObject>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<T> {
    return this.#wrote(resource, await this.#client.update(resource, object, options));
  }

  async updateStatus<T extends ApiObject>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<T> {
    return this.#wrote(resource, await this.#client.updateStatus(resource, object, options));
  }

  async patch<T extends ApiObject>(resource: Resource<T>, key: Key, patch: Patch, options?: WriteOptions): Promise<T> {
    return this.#wrote(resource, await this.#client.patch(resource, key, patch, options));
  }

  async delete(resource: Resource, key: Key, options?: DeleteOptions): Promise<void> {
    await this.#client.delete(resource, key, options);
    if (options?.uid !== undefined) this.#unseen.deleted({ resource, key, uid: options.uid });
  }

  deleteCollection(resource: Resource, selection: ListOptions, options?: DeleteOptions): Promise<void> {
    return this.#client.deleteCollection(resource, selection, options);
  }

  post(resource: Resource, key: Key, subresource: string, body: unknown): Promise<unknown> {
    return this.#client.post(resource, key, subresource, body);
  }

  withCause(cause: string): Client {
    return new TrackedClient(this.#client.withCause(cause), this.#unseen);
  }

  #wrote<T extends ApiObject>(resource: Resource<T>, object: T): T {
    // A removal of the last finalizer answers with an object that is gone already: it needs no waiting for.
    if (keyOf(object).name !== '' && object.metadata.deletionTimestamp === undefined) this.#unseen.wrote(resource as unknown as AnyResource, object);
    return object;
  }
}
