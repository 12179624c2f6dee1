/**
 * What a controller did and its cache does not show yet. Watches lag behind writes; without this a second reconcile
 * would create or delete the same thing again.
 */
import type { ApiObject } from '@kaji/api';
import { type CacheView, keyOf, uidOf } from '@kaji/client';

/** Kubernetes: an expectation that nothing fulfils is given up after five minutes. */
const lifetimeMs = 5 * 60_000;

interface Expected<T> {
  readonly object: T;
  readonly untilMs: number;
}

export class Expectations<T extends ApiObject> {
  /** By owner, then by uid. */
  readonly #created = new Map<string, Map<string, Expected<T>>>();
  readonly #deleted = new Map<string, number>();

  created(owner: string, object: T, now: number): void {
    const known = this.#created.get(owner) ?? new Map<string, Expected<T>>();
    known.set(uidOf(object), { object, untilMs: now + lifetimeMs });
    this.#created.set(owner, known);
  }

  deleted(object: T, now: number): void {
    this.#deleted.set(uidOf(object), now + lifetimeMs);
  }

  /** The objects made for this owner that the cache has not seen. */
  unseen(owner: string, cache: CacheView<T>, now: number): readonly T[] {
    const known = this.#created.get(owner);
    if (known === undefined) return [];
    for (const [uid, { object, untilMs }] of known) {
      if (untilMs < now || cache.get(keyOf(object))?.metadata.uid === uid) known.delete(uid);
    }
    if (known.size === 0) this.#created.delete(owner);
    return [...known.values()].map(({ object }) => object);
  }

  /** True while the cache may still show an object that was deleted. */
  isDeleted(object: T, now: number): boolean {
    const untilMs = this.#deleted.get(uidOf(object));
    if (untilMs === undefined) return false;
    if (untilMs >= now && object.metadata.deletionTimestamp === undefined) return true;
    this.#deleted.delete(uidOf(object));
    return false;
  }

  /** The owner or object is gone: nothing is expected of it any more. */
  forget(uid: string): void {
    this.#created.delete(uid);
    this.#deleted.delete(uid);
  }

  /** A watch has seen this object: it is expected no longer, even if it goes again at once. */
  seen(owner: string, object: T): void {
    const known = this.#created.get(owner);
    known?.delete(uidOf(object));
    if (known?.size === 0) this.#created.delete(owner);
  }
}
