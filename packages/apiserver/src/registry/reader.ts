import type { AnyResource, ApiObject, Resource } from '@kaji/api';

/** What admission, authentication and authorization see of the objects: the watch caches, from memory, without a request. */
export interface Reader {
  get<T extends ApiObject>(resource: Resource<T>, namespace: string, name: string): T | undefined;
  /** In key order; all namespaces when none is named. */
  list<T extends ApiObject>(resource: Resource<T>, namespace?: string): Iterable<T>;
  /** Up to `limit` objects of a namespace after the one of that name, for walks over many with pauses in between. They are not kept decoded. */
  slice<T extends ApiObject>(resource: Resource<T>, namespace: string, from: { readonly after: string; readonly limit: number }): readonly T[];
  count(resource: AnyResource, namespace: string): number;
  /** Called after each change, until the signal. For indexes such as RBAC's. */
  subscribe<T extends ApiObject>(resource: Resource<T>, onChange: (change: { readonly object: T | undefined; readonly previous: T | undefined }) => void, signal: AbortSignal): void;
}
