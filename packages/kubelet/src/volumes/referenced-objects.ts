/** ConfigMaps and Secrets that pods of this node refer to. Each is watched by its name: a node may see no others. */
import { ApiError, type ApiObject, type Resource } from '@kaji/api';
import { type Runtime, sleep } from '@kaji/base';
import { type Client, Informer, type Key } from '@kaji/client';

interface Watched<T extends ApiObject> {
  readonly informer: Informer<T>;
  readonly stop: AbortController;
  /** Uids of pods. */
  readonly users: Set<string>;
}

/** Kubernetes: how long a pod waits for the first sight of what it refers to before it says so. */
const firstSightMs = 1000;

/** One kind's objects. `onChange` is told who uses what has changed. */
export class ReferencedObjects<T extends ApiObject> {
  readonly #runtime: Runtime;
  readonly #client: Client;
  readonly #resource: Resource<T>;
  readonly #watched = new Map<string, Watched<T>>();
  readonly #onChange: (users: ReadonlySet<string>) => void;

  constructor(runtime: Runtime, client: Client, resource: Resource<T>, onChange: (users: ReadonlySet<string>) => void) {
    this.#runtime = runtime;
    this.#client = client;
    this.#resource = resource;
    this.#onChange = onChange;
  }

  /** The object as it is now; undefined when there is none. From now on `user` is told of changes. Throws ApiError when the API does not say in time. */
  async get(key: Key, user: string): Promise<T | undefined> {
    const id = `${key.namespace}/${key.name}`;
    const watched = this.#watched.get(id) ?? this.#open(id, key);
    watched.users.add(user);
    if (!watched.informer.hasSynced) await this.#firstSight(watched);
    return watched.informer.cache.get(key);
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

  async #firstSight({ informer, stop }: Watched<T>): Promise<void> {
    const wait = new AbortController();
    const end = (): void => { wait.abort(); };
    stop.signal.addEventListener('abort', end, { once: true });
    const isLate = await Promise.race([informer.synced(wait.signal).then(() => false, () => true), sleep(this.#runtime.clock, firstSightMs, wait.signal).then(() => true, () => true)]);
    end();
    stop.signal.removeEventListener('abort', end);
    if (isLate) throw new ApiError('Timeout', `failed to sync ${this.#resource.singular} cache: timed out waiting for the condition`);
  }

  #open(id: string, key: Key): Watched<T> {
    const informer = new Informer(this.#runtime, this.#client, this.#resource, { namespace: key.namespace, fieldSelector: `metadata.name=${key.name}` });
    const watched: Watched<T> = { informer, stop: new AbortController(), users: new Set() };
    informer.subscribe(() => { this.#onChange(watched.users); }, watched.stop.signal);
    this.#watched.set(id, watched);
    void informer.run(watched.stop.signal);
    return watched;
  }
}
