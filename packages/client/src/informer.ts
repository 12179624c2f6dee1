/** Keeps a cache of one resource in step with the server, and tells handlers what changed. The decisions are informer-step.ts. */
import type { ApiObject, Resource } from '@kaji/api';
import { Backoff, type Random, type Runtime, sleep } from '@kaji/base';
import { Cache, type CacheView, type Change, type IndexFunction } from './cache.ts';
import type { Client, ObjectList, WatchOptions } from './client.ts';
import { type Effect, initial, type Input, type State, step } from './informer-step.ts';

export interface InformerOptions<T extends ApiObject> {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly indexes?: Readonly<Record<string, IndexFunction<T>>>;
  /** Trims an object before it is kept. It must keep the metadata's identity and revision. */
  readonly transform?: { transform(object: T): T }['transform'];
}

export type ChangeHandler<T extends ApiObject> = { handle(change: Change<T>): void }['handle'];

/** Kubernetes: a watch lasts five to ten minutes, by chance, so that many clients do not renew theirs at once. */
const watchSeconds = { least: 300, spread: 300 };
const pageSize = 500;
const backoff = { initialMs: 200, maxMs: 30_000, factor: 2, jitter: 1 };

export class Informer<T extends ApiObject> {
  readonly resource: Resource<T>;
  readonly #cache: Cache<T>;
  readonly #runtime: Runtime;
  readonly #client: Client;
  readonly #options: InformerOptions<T>;
  readonly #random: Random;
  readonly #backoff: Backoff;
  readonly #handlers = new Set<ChangeHandler<T>>();
  readonly #waiting: (() => void)[] = [];
  #hasSynced = false;
  #state: State = initial;
  #resourceVersion = '';

  constructor(runtime: Runtime, client: Client, resource: Resource<T>, options: InformerOptions<T> = {}) {
    this.resource = resource;
    this.#runtime = runtime;
    this.#client = client;
    this.#options = options;
    this.#cache = new Cache(options.indexes);
    this.#random = runtime.random.stream(`informer ${resource.plural}.${resource.group}`);
    this.#backoff = new Backoff(backoff, this.#random);
  }

  get cache(): CacheView<T> {
    return this.#cache;
  }

  /** The whole state was there once; it stays true while a connection is lost. */
  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  get phase(): State['phase'] {
    return this.#state.phase;
  }

  /** The revision up to which the cache shows every change: it never goes back. Empty before the first sync. */
  get resourceVersion(): string {
    return this.#resourceVersion;
  }

  addIndex(name: string, values: IndexFunction<T>): void {
    this.#cache.addIndex(name, values);
  }

  /** Tells the handler of every object known now, then of each change as it comes. Handlers must not throw or wait. */
  subscribe(handle: ChangeHandler<T>, signal?: AbortSignal): void {
    for (const object of this.#cache.all()) handle({ type: 'added', object, isInitial: true });
    this.#handlers.add(handle);
    signal?.addEventListener('abort', () => this.#handlers.delete(handle), { once: true });
  }

  /** Resolves when the cache holds the whole state; rejects when the signal comes first. */
  async synced(signal?: AbortSignal): Promise<void> {
    if (this.#hasSynced) return;
    await new Promise<void>((resolve, reject) => {
      signal?.throwIfAborted();
      const abort = (): void => { reject(signal?.reason as Error); };
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.push(() => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
    });
  }

  /** Runs until the signal. Failures of the server are waited out, never thrown. */
  async run(signal: AbortSignal): Promise<void> {
    let next: (() => Promise<void>) | undefined = this.#take({ type: 'started' }, signal);
    while (!signal.aborted && next !== undefined) {
      const running: () => Promise<void> = next;
      next = undefined;
      this.#next = undefined;
      await running();
      next = this.#next;
    }
  }

  #next: (() => Promise<void>) | undefined;

  /** Steps; the one effect that takes time, if there is one, is returned to be run by the loop. */
  #take(input: Input<T>, signal: AbortSignal): (() => Promise<void>) | undefined {
    const before = this.#state.phase;
    const { state, effects } = step(this.#state, input);
    this.#state = state;
    if (before !== state.phase) this.#runtime.log.debug('informer', { resource: this.resource.plural, phase: state.phase });
    // Before the handlers are told, so that they see how far the cache has come.
    if (state.phase === 'watching') this.#resourceVersion = state.resourceVersion;
    for (const effect of effects) this.#apply(effect, signal);
    return this.#next;
  }

  #apply(effect: Effect<T>, signal: AbortSignal): void {
    switch (effect.type) {
      case 'list': this.#next = () => this.#list(signal); return;
      case 'watch': this.#next = () => this.#watch(effect.from, signal); return;
      case 'wait': this.#next = () => this.#wait(signal); return;
      case 'stage': for (const object of effect.objects) this.#cache.stage(this.#trim(object)); return;
      case 'discard': this.#cache.discard(); return;
      case 'commit': this.#commit(); return;
      case 'put': this.#tell(this.#cache.put(this.#trim(effect.object))); return;
      case 'remove': this.#tell(this.#cache.remove(this.#trim(effect.object))); return;
      case 'recovered': this.#backoff.reset(); return;
    }
  }

  #trim(object: T): T {
    return this.#options.transform === undefined ? object : this.#options.transform(object);
  }

  #commit(): void {
    const changes = this.#cache.commit(!this.#hasSynced);
    this.#hasSynced = true;
    for (const change of changes) this.#tell(change);
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #tell(change: Change<T> | undefined): void {
    if (change === undefined) return;
    for (const handle of this.#handlers) handle(change);
  }

  get #selection(): Pick<WatchOptions, 'namespace' | 'labelSelector' | 'fieldSelector'> {
    const { namespace, labelSelector, fieldSelector } = this.#options;
    return { ...(namespace === undefined ? {} : { namespace }), ...(labelSelector === undefined ? {} : { labelSelector }), ...(fieldSelector === undefined ? {} : { fieldSelector }) };
  }

  async #list(signal: AbortSignal): Promise<void> {
    try {
      for (let rest: string | undefined = ''; rest !== undefined && !signal.aborted; ) {
        const page: ObjectList<T> = await this.#client.list(this.resource, { ...this.#selection, limit: pageSize, ...(rest === '' ? {} : { continue: rest }) });
        rest = page.continue;
        this.#take({ type: 'listed', items: page.items, resourceVersion: page.resourceVersion, isLast: rest === undefined }, signal);
      }
    } catch (error) {
      this.#fail(error, signal);
    }
  }

  async #watch(from: string | undefined, signal: AbortSignal): Promise<void> {
    const timeoutSeconds = Math.floor(watchSeconds.least + watchSeconds.spread * this.#random());
    const start = from === undefined ? { sendInitialEvents: true } : { resourceVersion: from };
    const watchedAtMs = this.#runtime.clock.monotonic();
    try {
      for await (const event of this.#client.watch(this.resource, { ...this.#selection, ...start, timeoutSeconds, signal })) this.#take({ type: 'event', event }, signal);
      // A watch that lasted was a success: the next one may begin at once.
      if (this.#runtime.clock.monotonic() - watchedAtMs > 1000) this.#backoff.reset();
      this.#take({ type: 'ended' }, signal);
    } catch (error) {
      this.#fail(error, signal);
    }
  }

  #fail(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return; // an end that was asked for
    this.#runtime.log.warn('informer lost contact', { resource: this.resource.plural, phase: this.#state.phase, error: String(error) });
    this.#take({ type: 'failed', error }, signal);
  }

  async #wait(signal: AbortSignal): Promise<void> {
    try {
      await sleep(this.#runtime.clock, this.#backoff.next(), signal);
    } catch {
      return; // aborted: run() sees it
    }
    this.#take({ type: 'waited' }, signal);
  }
}
