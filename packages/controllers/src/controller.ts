/** What a controller is. The runner owns informers, queue, back-off and metrics; a controller says what wakes it and what it does about a key. */
import type { AnyResource, ApiObject, Resource } from '@kaji/api';
import type { Runtime } from '@kaji/base';
import type { CacheView, Change, Client, Key } from '@kaji/client';

/** The caches of the resources that a controller watches. */
export interface Caches {
  of<T extends ApiObject>(resource: Resource<T>): CacheView<T>;
}

/** Records an event about an object. Never fails a reconcile: an event that cannot be written is logged. */
export interface EventSink {
  event(about: ApiObject, type: 'Normal' | 'Warning', reason: string, message: string): void;
}

export interface Watch {
  readonly resource: AnyResource;
  /** Whom a change wakes: the object itself, its controlling owner of the controller's own kind, or whoever the function names. */
  readonly maps: 'self' | 'owner' | { keys(change: Change<ApiObject>, caches: Caches): Iterable<Key> }['keys'];
  /** Nothing of these objects but their metadata is read from the cache: where nobody needs more, no more is kept. */
  readonly readsMetadataOnly?: boolean;
}

/** Types the object of a mapping function; the runner passes what the resource's informer saw. */
export function watch<T extends ApiObject>(resource: Resource<T>, maps: 'self' | 'owner' | ((change: Change<T>, caches: Caches) => Iterable<Key>)): Watch {
  return { resource: resource as unknown as AnyResource, maps: maps as Watch['maps'] }; // the runner only hands it objects of this resource
}

export interface ReconcileContext extends Runtime {
  /** Its writes carry what woke this reconcile. */
  readonly client: Client;
  readonly caches: Caches;
  readonly events: EventSink;
  readonly signal: AbortSignal;
}

/** Done until something changes, or again after a while. A throw means: try again, with back-off. */
export type Outcome = 'done' | { readonly retryAfterMs: number };

export interface Controller {
  /** As upstream names it: it is the user agent and the metrics' label. */
  readonly name: string;
  /** Kubernetes: who its events come from, where that is not its name. */
  readonly component?: string;
  /** The first is the controller's own kind. */
  readonly watches: readonly Watch[];
  /** How many keys at once; the same key never twice. */
  readonly concurrency?: number;
  /** Wakes the key "" once, when all caches are filled: for controllers that look at everything. */
  readonly isSweeping?: boolean;
  /** As for a single watch, of all that it watches. */
  readonly readsMetadataOnly?: boolean;
  reconcile(key: Key, context: ReconcileContext): Promise<Outcome>;
}
