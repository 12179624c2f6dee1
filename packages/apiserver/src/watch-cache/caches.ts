/**
 * All watch caches, fed by one watch of the store, so that they stand at one revision together. Knows what this process
 * has committed: a consistent read waits until the caches show it.
 */
import type { Clock } from '@kaji/base';
import { ApiError } from '@kaji/api';
import type { HistoryStore, Revision, Store } from '@kaji/store';
import type { WatchCache } from './watch-cache.ts';

const loadPage = 2000;
/** Kubernetes: what was overwritten five minutes ago is gone for clients. */
export const horizonMs = 300_000;
const markEveryMs = 10_000;
/** More changes than these are not read again at the start: clients list anew instead. */
const recallLimit = 20_000;
/** Kubernetes: a read at a revision that does not come within three seconds is told to retry. */
const freshTimeoutMs = 3000;

export const registryRange = { start: '/registry/', end: '/registry0' };

export class Caches {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #bySegment = new Map<string, WatchCache[]>();
  readonly #all: readonly WatchCache[];
  #revision: Revision = 0;
  #committed: Revision = 0;
  #horizon: Revision = 0;
  #compacted: Revision = 0;
  readonly #marks: { readonly timeMs: number; readonly revision: Revision }[] = [];
  readonly #waiting: { readonly revision: Revision; readonly resolve: () => void }[] = [];

  constructor(store: Store, clock: Clock, all: readonly WatchCache[]) {
    this.#store = store;
    this.#clock = clock;
    this.#all = all;
    for (const cache of all) {
      const segment = segmentOf(cache.prefix);
      const there = this.#bySegment.get(segment);
      if (there === undefined) this.#bySegment.set(segment, [cache]);
      else there.push(cache);
    }
  }

  get revision(): Revision {
    return this.#revision;
  }

  /** Reads everything, then follows the store until the signal. `ready` runs once the caches show what there was at the start. */
  async run(signal: AbortSignal, ready: () => void): Promise<void> {
    const knownSince = await this.#recent();
    const start = await this.#load(knownSince);
    let isReady = false;
    for await (const batch of this.#store.watch(registryRange, knownSince, signal)) {
      const now = this.#clock.now();
      for (const change of batch.changes) {
        const cache = this.cacheOf(change.kv.key);
        if (batch.revision <= start) cache?.recall(change, now);
        else cache?.apply(change, now);
      }
      if (batch.revision > start) this.#advance(batch.revision);
      this.#mark(now);
      if (isReady || batch.revision < start) continue;
      isReady = true;
      ready();
    }
  }

  /** Clients may ask for states and changes from here on. */
  get horizon(): Revision {
    return this.#horizon;
  }

  /** Remembers which revision was the newest when, and forgets what is older than the API's horizon. */
  #mark(now: number): void {
    const last = this.#marks.at(-1);
    if (last === undefined || now - last.timeMs >= markEveryMs) this.#marks.push({ timeMs: now, revision: this.#revision });
    for (let oldest = this.#marks[0]; oldest !== undefined && now - oldest.timeMs > horizonMs; oldest = this.#marks[0]) {
      this.#horizon = Math.max(this.#horizon, oldest.revision);
      this.#marks.shift();
    }
  }

  /** Moves the horizon while nothing happens, too, and lets the store forget what lies behind it. */
  async compact(): Promise<void> {
    this.#mark(this.#clock.now());
    if (this.#horizon <= this.#compacted) return;
    this.#compacted = this.#horizon;
    await this.#store.compact(this.#horizon);
  }

  /** The oldest revision whose changes are worth reading at the start; the newest where the store does not know times. */
  async #recent(): Promise<Revision> {
    const { revision } = await this.#store.list({ start: '/registry/~', end: '/registry/~' }, { limit: 1 });
    if (!hasHistory(this.#store)) return revision;
    const since = await this.#store.revisionAt(this.#clock.now() - horizonMs);
    return revision - since > recallLimit ? revision : Math.min(since, revision);
  }

  cacheOf(key: string): WatchCache | undefined {
    const candidates = this.#bySegment.get(segmentOf(key));
    if (candidates === undefined) return undefined;
    return candidates.length === 1 && candidates[0] !== undefined && key.startsWith(candidates[0].prefix) ? candidates[0] : candidates.find(({ prefix }) => key.startsWith(prefix));
  }

  /** A write of this process is durable at that revision. */
  committed(revision: Revision): void {
    if (revision > this.#committed) this.#committed = revision;
  }

  /** Undefined when the caches show everything committed: the common case costs no promise. */
  fresh(): Promise<void> | undefined {
    return this.#revision >= this.#committed ? undefined : this.reach(this.#committed);
  }

  /** Waits until the caches show a revision; throws what upstream answers when it does not come. */
  async reach(revision: Revision): Promise<void> {
    if (this.#revision >= revision) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiter = { revision, resolve };
    this.#waiting.push(waiter);
    const cancel = this.#clock.setTimer(freshTimeoutMs, () => {
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
      resolve();
    });
    await promise;
    cancel();
    if (this.#revision < revision) throw tooLarge(revision, this.#revision);
  }

  #advance(revision: Revision): void {
    this.#revision = revision;
    for (const cache of this.#all) cache.advance(revision);
    for (let index = this.#waiting.length - 1; index >= 0; index--) {
      const waiter = this.#waiting[index];
      if (waiter === undefined || waiter.revision > revision) continue;
      this.#waiting.splice(index, 1);
      waiter.resolve();
    }
  }

  async #load(knownSince: Revision): Promise<Revision> {
    let { start } = registryRange;
    let at: Revision | undefined;
    const byCache = new Map<WatchCache, Parameters<WatchCache['load']>[0][number][]>();
    for (;;) {
      const page = await this.#store.list({ start, end: registryRange.end }, { limit: loadPage, ...(at === undefined ? {} : { at }) });
      at ??= page.revision;
      for (const item of page.items) {
        const cache = this.cacheOf(item.key);
        if (cache === undefined) continue;
        const there = byCache.get(cache);
        if (there === undefined) byCache.set(cache, [item]);
        else there.push(item);
      }
      const last = page.items.at(-1);
      if (!page.more || last === undefined) break;
      start = `${last.key}\0`;
    }
    for (const cache of this.#all) cache.load(byCache.get(cache) ?? [], at, knownSince);
    this.#horizon = knownSince;
    this.#revision = at;
    this.#committed = Math.max(this.#committed, at);
    return at;
  }
}

const hasHistory = (store: Store): store is HistoryStore => 'revisionAt' in store;

/** `/registry/pods/...` -> `pods`. */
function segmentOf(key: string): string {
  const start = registryRange.start.length;
  const end = key.indexOf('/', start);
  return end < 0 ? key.slice(start) : key.slice(start, end);
}

/** Kubernetes: reason Timeout with a cause of its own, by which clients know to retry. */
export function tooLarge(wanted: Revision, current: Revision): ApiError {
  return new ApiError('Timeout', `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    details: { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }], retryAfterSeconds: 1 },
  });
}
