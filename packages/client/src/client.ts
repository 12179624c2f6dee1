import type { ApiObject, Resource } from '@kaji/api';
import type { Transport } from './transport.ts';

/** Which object. `namespace` is empty for cluster-scoped ones. */
export interface Key {
  readonly namespace: string;
  readonly name: string;
}

export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion?: string;
  readonly limit?: number;
  readonly continue?: string;
}

export interface ObjectList<T> {
  readonly resourceVersion: string;
  readonly continue: string | undefined;
  readonly items: readonly T[];
}

export interface WatchOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly resourceVersion?: string;
  readonly sendInitialEvents?: boolean;
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
}

export type WatchEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: T }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string; readonly isInitialEnd: boolean };

export interface WriteOptions {
  readonly fieldManager?: string;
  readonly dryRun?: boolean;
  /** `status`, `finalize`, `scale`: the part of the object that is written. */
  readonly subresource?: string;
}

export interface DeleteOptions {
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Orphan' | 'Background' | 'Foreground';
  readonly dryRun?: boolean;
}

export interface Patch {
  readonly type: 'merge' | 'json' | 'strategic' | 'apply';
  readonly body: unknown;
  readonly subresource?: string;
  /** Takes fields over from their owners; `apply` only. */
  readonly force?: boolean;
}

/** The typed client. Every failure is an ApiError. Objects that come back are read-only: change a copy. */
export interface Client {
  readonly transport: Transport;
  get<T extends ApiObject>(resource: Resource<T>, key: Key): Promise<T>;
  list<T extends ApiObject>(resource: Resource<T>, options?: ListOptions): Promise<ObjectList<T>>;
  /** Ends when the server closes the stream; throws ApiError (Expired among them) for an ERROR event. */
  watch<T extends ApiObject>(resource: Resource<T>, options: WatchOptions): AsyncIterable<WatchEvent<T>>;
  create<T extends ApiObject>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<T>;
  update<T extends ApiObject>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<T>;
  updateStatus<T extends ApiObject>(resource: Resource<T>, object: T, options?: WriteOptions): Promise<T>;
  patch<T extends ApiObject>(resource: Resource<T>, key: Key, patch: Patch, options?: WriteOptions): Promise<T>;
  delete(resource: Resource, key: Key, options?: DeleteOptions): Promise<void>;
  /** Deletes all objects of a namespace (or of the cluster, with none named) that the selectors choose. */
  deleteCollection(resource: Resource, selection: ListOptions, options?: DeleteOptions): Promise<void>;
  /** Creates at a subresource: `binding`, `eviction`, `token`. The answer's body, decoded from JSON. */
  post(resource: Resource, key: Key, subresource: string, body: unknown): Promise<unknown>;
  /** The same client, whose writes name what they were caused by: see `cause.ts`. */
  withCause(cause: string): Client;
}
