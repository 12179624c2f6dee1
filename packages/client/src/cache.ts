/** What an informer knows: the objects of one resource by key, with indexes. Objects are read-only. */
import type { ApiObject } from '@kaji/api';
import { assert } from '@kaji/base';
import type { Key } from './client.ts';
import { keyText, objectKeyText } from './key.ts';

/** The values under which an object is found. */
export type IndexFunction<T> = { values(object: T): readonly string[] }['values'];

export type Change<T> =
  | { readonly type: 'added'; readonly object: T; readonly previous?: undefined; readonly isInitial: boolean }
  | { readonly type: 'updated'; readonly object: T; readonly previous: T }
  /** `object` is the last state known: that of the deletion, or of the last time it was seen when the deletion itself was missed. */
  | { readonly type: 'deleted'; readonly object: T; readonly previous: T };

/** How others see a cache. */
export interface CacheView<T extends ApiObject> {
  readonly size: number;
  get(key: Key): T | undefined;
  all(): Iterable<T>;
  /** The objects that an index files under `value`. */
  by(index: string, value: string): Iterable<T>;
  inNamespace(namespace: string): Iterable<T>;
  /** Objects that name the owner's uid among their owners. */
  owned(owner: ApiObject): Iterable<T>;
  /** Objects of the namespace that no owner controls. */
  uncontrolledIn(namespace: string): Iterable<T>;
}

const namespaceOf = (object: ApiObject): readonly string[] => [object.metadata.namespace ?? ''];
const ownersOf = (object: ApiObject): readonly string[] => object.metadata.ownerReferences?.map((owner) => owner.uid) ?? [];

const namespaceWithoutController = (object: ApiObject): readonly string[] => (object.metadata.ownerReferences?.some(({ controller }) => controller === true) === true ? [] : namespaceOf(object));

export class Cache<T extends ApiObject> implements CacheView<T> {
  #objects = new Map<string, T>();
  readonly #functions: Map<string, IndexFunction<T>>;
  readonly #indexes = new Map<string, Map<string, Map<string, T>>>();
  #staged: Map<string, T> | undefined;

  constructor(indexes: Readonly<Record<string, IndexFunction<T>>> = {}) {
    this.#functions = new Map<string, IndexFunction<T>>([['namespace', namespaceOf], ['owner', ownersOf], ['uncontrolled', namespaceWithoutController], ...Object.entries(indexes)]);
    for (const name of this.#functions.keys()) this.#indexes.set(name, new Map());
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: Key): T | undefined {
    return this.#objects.get(keyText(key));
  }

  all(): Iterable<T> {
    return this.#objects.values();
  }

  by(index: string, value: string): Iterable<T> {
    const values = this.#indexes.get(index);
    assert(values !== undefined, `no index ${index}`);
    return values.get(value)?.values() ?? [];
  }

  inNamespace(namespace: string): Iterable<T> {
    return namespace === '' ? this.all() : this.by('namespace', namespace);
  }

  owned(owner: ApiObject): Iterable<T> {
    return this.by('owner', owner.metadata.uid ?? '');
  }

  uncontrolledIn(namespace: string): Iterable<T> {
    return this.by('uncontrolled', namespace);
  }

  /** Adds an index to a cache in use. The same name means the same function. */
  addIndex(name: string, values: IndexFunction<T>): void {
    if (this.#functions.has(name)) return;
    this.#functions.set(name, values);
    this.#indexes.set(name, new Map());
    for (const [key, object] of this.#objects) this.#file(name, values(object), key, object);
  }

  /** Keeps an object for the next `commit`; what is not staged by then is gone. */
  stage(object: T): void {
    this.#staged ??= new Map();
    this.#staged.set(objectKeyText(object), object);
  }

  discard(): void {
    this.#staged = undefined;
  }

  /** Makes what was staged the whole content, and says what that changed. */
  commit(isInitial: boolean): readonly Change<T>[] {
    const staged = this.#staged ?? new Map<string, T>();
    this.#staged = undefined;
    const changes: Change<T>[] = [];
    for (const [key, previous] of this.#objects) {
      const object = staged.get(key);
      // Another uid under the same name: the first was deleted unseen.
      if (object === undefined || object.metadata.uid !== previous.metadata.uid) changes.push({ type: 'deleted', object: previous, previous });
    }
    for (const change of changes) this.#remove(objectKeyText(change.object));
    for (const object of staged.values()) {
      const change = this.put(object, isInitial);
      if (change !== undefined) changes.push(change);
    }
    return changes;
  }

  /** Undefined when the object is known in that revision already. */
  put(object: T, isInitial = false): Change<T> | undefined {
    const key = objectKeyText(object);
    const previous = this.#objects.get(key);
    if (previous !== undefined && previous.metadata.resourceVersion === object.metadata.resourceVersion) return undefined;
    this.#objects.set(key, object);
    for (const [name, values] of this.#functions) {
      const after = values(object);
      if (previous !== undefined) this.#unfile(name, values(previous), key);
      this.#file(name, after, key, object);
    }
    return previous === undefined ? { type: 'added', object, isInitial } : { type: 'updated', object, previous };
  }

  /** `object` is the state that came with the deletion. */
  remove(object: T): Change<T> | undefined {
    const previous = this.#remove(objectKeyText(object));
    return previous === undefined ? undefined : { type: 'deleted', object, previous };
  }

  #remove(key: string): T | undefined {
    const previous = this.#objects.get(key);
    if (previous === undefined) return undefined;
    this.#objects.delete(key);
    for (const [name, values] of this.#functions) this.#unfile(name, values(previous), key);
    return previous;
  }

  #file(index: string, values: readonly string[], key: string, object: T): void {
    const byValue = this.#indexes.get(index);
    for (const value of values) {
      const objects = byValue?.get(value);
      if (objects === undefined) byValue?.set(value, new Map([[key, object]]));
      else objects.set(key, object);
    }
  }

  #unfile(index: string, values: readonly string[], key: string): void {
    const byValue = this.#indexes.get(index);
    for (const value of values) {
      const objects = byValue?.get(value);
      objects?.delete(key);
      if (objects?.size === 0) byValue?.delete(value);
    }
  }
}
