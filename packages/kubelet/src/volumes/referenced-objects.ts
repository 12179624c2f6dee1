/** ConfigMaps and Secrets that pods of this node refer to. Each is watched by its name: a node may see no others. */
import type { ApiObject, Resource } from '@kaji/api';
import { ApiError, isReason } from '@kaji/api';
import { Backoff, type Runtime, sleep } from '@kaji/base';
import type { Client, Key } from '@kaji/client';

interface Watched<T> {
  readonly stop: AbortController;
  readonly users: Set<string>;
  readonly first: Promise<void>;
  object: T | undefined;
}

/** One kind's objects. `onChange` is told the name and who uses it. */
export class ReferencedObjects<T extends ApiObject> {
  readonly #runtime: Pick<Runtime, 'clock' | 'random' | 'log'>;
  readonly #client: Client;
  readonly #resource: Resource<T>;
  readonly #watched = new Map<string, Watched<T>>();
  readonly #onChange: (users: ReadonlySet<string>) => void;

  constructor(runtime: Pick<Runtime, 'clock' | 'random' | 'log'>, client: Client, resource: Resource<T>, onChange: (users: ReadonlySet<string>) => void) {
    this.#runtime = runtime;
    this.#client = client;
    this.#resource = resource;
    this.#onChange = onChange;
  }

  /** The object as it is now; undefined when there is none. From now on `user` (a pod's uid) is told of changes. */
  async get(key: Key, user: string): Promise<T | undefined> {
    const id = `${key.namespace}/${key.name}`;
    let watched = this.#watched.get(id);
    if (watched === undefined) {
      watched = this.#open(key);
      this.#watched.set(id, watched);
    }
    watched.users.add(user);
    await watched.first;
    return watched.object;
  }

  release(user: string): void {
    for (const [id, watched] of this.#watched) {
      if (!watched.users.delete(user) || watched.users.size > 0) continue;
      watched.stop.abort();
      this.#watched.delete(id);
    }
  }

  close(): void {
    for (const watched of this.#watched.values()) watched.stop.abort();
    this.#watched.clear();
  }

  #open(key: Key): Watched<T> {
    const stop = new AbortController();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    promise.catch(() => undefined); // every get awaits it; it may fail before the first does
    const watched: Watched<T> = { stop, users: new Set(), first: promise, object: undefined };
    void this.#follow(key, watched, { resolve, reject }).catch((error: unknown) => {
      if (!stop.signal.aborted) this.#runtime.log.error('lost sight of an object', error, { resource: this.#resource.plural, ...key });
    });
    return watched;
  }

  async #follow(key: Key, watched: Watched<T>, first: { resolve(): void; reject(error: unknown): void }): Promise<void> {
    const { signal } = watched.stop;
    const fieldSelector = `metadata.name=${key.name}`;
    const backoff = new Backoff({ initialMs: 200, maxMs: 10_000, jitter: 0.5 }, this.#runtime.random.stream('referenced objects'));
    while (!signal.aborted) {
      try {
        const list = await this.#client.list(this.#resource, { namespace: key.namespace, fieldSelector });
        this.#set(watched, list.items[0]);
        first.resolve();
        backoff.reset();
        for await (const event of this.#client.watch(this.#resource, { namespace: key.namespace, fieldSelector, resourceVersion: list.resourceVersion, signal })) {
          if (event.type !== 'BOOKMARK') this.#set(watched, event.type === 'DELETED' ? undefined : event.object);
        }
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ApiError)) throw error;
        if (!isReason(error, 'Expired')) first.reject(error);
        await sleep(this.#runtime.clock, backoff.next(), signal);
      }
    }
  }

  #set(watched: Watched<T>, object: T | undefined): void {
    const isChanged = watched.object?.metadata.resourceVersion !== object?.metadata.resourceVersion || watched.object?.metadata.uid !== object?.metadata.uid;
    watched.object = object;
    if (isChanged) this.#onChange(watched.users);
  }
}
