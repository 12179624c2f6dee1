/** Who owns whom, by uid, as far as it has been seen. */
import { type AnyResource, type ApiObject } from '@kaji/api';
import type { OwnerReference } from '@kaji/api/meta/v1';
import { type Change, type Key, keyOf, uidOf } from '@kaji/client';

export const foregroundFinalizer = 'foregroundDeletion';
export const orphanFinalizer = 'orphan';

export interface Item {
  readonly uid: string;
  readonly resource: AnyResource;
  readonly key: Key;
  readonly owners: readonly OwnerReference[];
  readonly isDeleting: boolean;
  /** It waits for its dependents to go first. */
  readonly isForeground: boolean;
  /** Its dependents are to be let go. */
  readonly isOrphaning: boolean;
}

export class OwnerGraph {
  readonly #items = new Map<string, Item>();
  /** Owner to dependents; an owner need not have been seen. */
  readonly #dependents = new Map<string, Set<string>>();

  get(uid: string): Item | undefined {
    return this.#items.get(uid);
  }

  /** As they are now: the graph may change while they are looked at. */
  dependents(uid: string): readonly Item[] {
    return [...(this.#dependents.get(uid) ?? [])].flatMap((dependent) => this.#items.get(dependent) ?? []);
  }

  /** Learns from a change and gives the uids that have to be looked at because of it. */
  observe(resource: AnyResource, change: Change<ApiObject>): readonly string[] {
    const uid = uidOf(change.object);
    const old = this.#items.get(uid);
    if (change.type === 'deleted') {
      this.forget(uid);
      // Dependents lost their owner; owners that wait for their dependents may be free.
      return [...(this.#dependents.get(uid) ?? []), ...(old?.owners ?? []).map((owner) => owner.uid).filter((owner) => this.#items.get(owner)?.isForeground === true)];
    }
    const item = itemOf(resource, change.object);
    this.#items.set(uid, item);
    for (const owner of old?.owners ?? []) this.#unlink(owner.uid, uid);
    for (const owner of item.owners) this.#link(owner.uid, uid);
    const freed = (old?.owners ?? []).filter((owner) => !item.owners.some((other) => other.uid === owner.uid && other.blockOwnerDeletion === owner.blockOwnerDeletion));
    const wake = freed.map((owner) => owner.uid).filter((owner) => this.#items.get(owner)?.isForeground === true);
    const needsLook = item.isForeground || item.isOrphaning || item.owners.some((owner) => this.#items.get(owner.uid)?.isForeground !== false) || freed.length > 0;
    return needsLook ? [uid, ...wake] : wake;
  }

  forget(uid: string): void {
    const item = this.#items.get(uid);
    if (item === undefined) return;
    this.#items.delete(uid);
    for (const owner of item.owners) this.#unlink(owner.uid, uid);
  }

  #link(owner: string, dependent: string): void {
    const dependents = this.#dependents.get(owner);
    if (dependents === undefined) this.#dependents.set(owner, new Set([dependent]));
    else dependents.add(dependent);
  }

  #unlink(owner: string, dependent: string): void {
    const dependents = this.#dependents.get(owner);
    dependents?.delete(dependent);
    if (dependents?.size === 0) this.#dependents.delete(owner);
  }
}

export function itemOf(resource: AnyResource, object: ApiObject): Item {
  const { metadata } = object;
  const isDeleting = metadata.deletionTimestamp !== undefined;
  const holds = (finalizer: string): boolean => isDeleting && metadata.finalizers?.includes(finalizer) === true;
  return { uid: uidOf(object), resource, key: keyOf(object), owners: metadata.ownerReferences ?? [], isDeleting, isForeground: holds(foregroundFinalizer), isOrphaning: holds(orphanFinalizer) };
}
