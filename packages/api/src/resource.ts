import type { Deferred } from '@kaji/base';
import type { MessageType } from '@kaji/schema';
import type { MetadataChecks } from './meta/v1/metadata-checks.ts';
import type { ObjectMeta } from './meta/v1/object-meta.ts';

/** What every object has. `kind` and `apiVersion` are there on objects that travel alone, not on items of built-in lists. */
export interface ApiObject {
  apiVersion?: string | undefined;
  kind?: string | undefined;
  metadata: ObjectMeta;
}

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

export interface Subresource {
  readonly name: string;
  readonly verbs: readonly Verb[];
  /** The kind of its body, where that is not the resource's own. */
  readonly kind?: GroupVersionKind;
}

/** A printer column of `kubectl get`, as the Table form shows it. */
export interface Column<T> {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date' | 'boolean' | 'number';
  readonly format?: string;
  /** Shown with `-o wide` only. */
  readonly isWide?: boolean;
  /** Its cells are in the rows, though the headings leave it out. */
  readonly isUnnamed?: boolean;
  /** A `date` gives the RFC 3339 time; its age is rendered per request. */
  value(object: T, now: number): string | number | boolean | undefined;
}

/** One thing that is wrong with an object: upstream's field.Error. `field` is a path such as `spec.containers[0].image`. */
export interface FieldError {
  readonly field: string;
  readonly reason: 'FieldValueRequired' | 'FieldValueInvalid' | 'FieldValueNotSupported' | 'FieldValueForbidden' | 'FieldValueTooLong' | 'FieldValueTooMany' | 'FieldValueDuplicate' | 'FieldValueNotFound' | 'FieldValueTypeInvalid' | 'InternalError';
  readonly message: string;
}

/** Reads one selectable field. Taken from a method, so that it is bivariant in T, as the other functions of a resource are. */
export type FieldGetter<T> = { get(object: T): string }['get'];

/** A kind as it is served. Everything the API server knows of a built-in kind is here; nothing of it does I/O. */
export interface ResourceOptions<T> {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly isNamespaced: boolean;
  readonly type: MessageType<T>;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  /** All eight when absent. */
  readonly verbs?: readonly Verb[];
  /** Whether deleting one answers with its last state rather than with a Status. */
  readonly returnsDeleted?: boolean;
  readonly subresources?: readonly Subresource[];
  readonly columns?: readonly Column<T>[];
  /** Field selectors beside metadata.name and metadata.namespace: path to value. */
  readonly selectableFields?: Readonly<Record<string, FieldGetter<T>>>;
  /** Of a kind that is stored as another: the fields that selectors may name, each with the name of the stored kind's. */
  readonly storedFields?: Readonly<Record<string, string>>;
  /** Gives an object that was read what is shown and not stored. Changes it in place. */
  restore?(object: T): void;
  /** Kubernetes: an annotation that stands for a field of the server's own form; metadata alone is shown without it. */
  readonly conversionAnnotation?: string;
  /** What a selector by any other field is answered, where the kind has words of its own. */
  refusedField?(field: string): string;
  /** What holds of a row in a table. */
  rowConditions?(object: T): readonly RowCondition[];
  /** Defaults that no single field can state. Changes the object in place, after the fields' own defaults. */
  defaults?(object: T): void;
  /** Code that its rules need and that few servers do: it is loaded before a write is looked at. */
  readonly needs?: readonly Deferred<unknown>[];
  /** Rules across fields; `old` is there on updates. */
  validate?(object: T, old: T | undefined): readonly FieldError[];
  /** What a write is warned of though it is accepted. */
  warnings?(object: T, old: T | undefined): readonly string[];
  /** What a write to the status is warned of. */
  statusWarnings?(object: T): readonly string[];
  /** Rules of a write to the status. */
  validateStatus?(object: T, old: T): readonly FieldError[];
  /** Rules of a write through a subresource that changes a part of the object which updates of the whole may not. */
  validatePart?(subresource: string, object: T, old: T): readonly FieldError[];
  /** What is wrong with a name, or with the start of one. Any segment of a path is a name when absent. */
  readonly nameErrors?: (name: string, isPrefix: boolean) => readonly string[];
  /** Where the kind checks its metadata otherwise than most do. */
  readonly metadataChecks?: MetadataChecks;
}

/** Clients may leave out or dim rows by it. */
export interface RowCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

export interface Resource<T extends ApiObject = ApiObject> extends ResourceOptions<T> {
  readonly verbs: readonly Verb[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly Subresource[];
}

/** A resource whose object type is not known; methods are bivariant, so every `Resource<T>` is one. */
export type AnyResource = Resource<ApiObject>;

const allVerbs: readonly Verb[] = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

export function resource<T extends { metadata?: unknown }>(options: ResourceOptions<T>): Resource<T & ApiObject> {
  const whole = { verbs: allVerbs, shortNames: [], categories: [], subresources: [], ...options };
  return whole as unknown as Resource<T & ApiObject>; // T & ApiObject differs from T only by apiVersion and kind, which the options' functions do not see
}

/** `apps/v1`, or `v1` for the core group. */
export const apiVersionOf = (of: { readonly group: string; readonly version: string }): string => (of.group === '' ? of.version : `${of.group}/${of.version}`);
