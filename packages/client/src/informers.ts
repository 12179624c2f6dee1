/** One informer per resource and selection, shared by all who ask within a component. */
import { type ApiObject, qualified, type Resource } from '@kaji/api';
import { type Runtime, Scope } from '@kaji/base';
import type { CacheView } from './cache.ts';
import type { Client } from './client.ts';
import { Informer, type InformerOptions } from './informer.ts';

/** A transform or a set of indexes is part of what is shared: `shape` names it, where there is one. */
export interface SharedOptions<T extends ApiObject> extends InformerOptions<T> {
  readonly shape?: string;
}

export class Informers {
  readonly #runtime: Runtime;
  readonly #client: Client;
  readonly #informers = new Map<string, Informer<ApiObject>>();
  #scope: Scope | undefined;

  constructor(runtime: Runtime, client: Client) {
    this.#runtime = runtime;
    this.#client = client;
  }

  /** The informer of a resource. One that is first asked for while the set runs starts at once. */
  of<T extends ApiObject>(resource: Resource<T>, options: SharedOptions<T> = {}): Informer<T> {
    const { namespace = '', labelSelector = '', fieldSelector = '', shape = '' } = options;
    const id = [qualified(resource), resource.version, namespace, labelSelector, fieldSelector, shape].join(' ');
    const known = this.#informers.get(id);
    if (known !== undefined) {
      const shared = known as unknown as Informer<T>; // the id names the resource, and the resource its type
      for (const [name, values] of Object.entries(options.indexes ?? {})) shared.addIndex(name, values);
      return shared;
    }
    const informer = new Informer(this.#runtime, this.#client, resource, options);
    this.#informers.set(id, informer as unknown as Informer<ApiObject>);
    this.#scope?.run(`informer ${id.trim()}`, (signal) => informer.run(signal));
    return informer;
  }

  cache<T extends ApiObject>(resource: Resource<T>): CacheView<T> {
    return this.of(resource).cache;
  }

  all(): Iterable<Informer<ApiObject>> {
    return this.#informers.values();
  }

  /** Resolves when every informer asked for so far holds its whole state. */
  async synced(signal?: AbortSignal): Promise<void> {
    await Promise.all([...this.#informers.values()].map((informer) => informer.synced(signal)));
  }

  /** Runs all of them until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    await using scope = new Scope(signal);
    this.#scope = scope;
    for (const [id, informer] of this.#informers) scope.run(`informer ${id.trim()}`, (inner) => informer.run(inner));
    if (!signal.aborted) await new Promise<void>((resolve) => { signal.addEventListener('abort', () => { resolve(); }, { once: true }); });
    this.#scope = undefined;
  }
}
