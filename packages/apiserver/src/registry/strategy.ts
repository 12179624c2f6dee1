/** What is special about a kind when it is written. Everything is optional; what all kinds share is in the verbs. */
import type { ApiError, ApiObject, FieldError } from '@kaji/api';
import type { DeleteOptions } from '@kaji/api/meta/v1';
import type { Companion } from './companions.ts';
import type { Reader } from './reader.ts';
import type { Action, User } from '../pipeline/request.ts';

export interface WriteContext {
  readonly nowMs: number;
  readonly user: User;
  readonly isDryRun: boolean;
  /** `create`, `update`, `patch`. */
  readonly verb: string;
  /** The API group through which it is written. */
  readonly group: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  readonly reader: Reader;
  warn(message: string): void;
  /** Why the user may not do something else, too, that this write amounts to; undefined when they may. */
  refusal(action: Partial<Action>): ApiError | undefined;
}

/** Something taken for an object before it is committed (an address, a port): what is stored tells of itself afterwards. */
export interface Reservation {
  /** Objects that are written with it. */
  readonly companions: readonly Companion[];
  /** The write is over: stored, or not to be. */
  settle(): void;
}

/** Options of a delete after the strategy has filled in its defaults. */
export type DeleteRequest = { -readonly [K in keyof DeleteOptions]: DeleteOptions[K] };

// Methods are declared as methods: bivariant in T, so that a Strategy of one kind is a Strategy.
export interface Strategy<T extends ApiObject = ApiObject> {
  /** Starts at 1 and grows with each change of what is wanted. */
  readonly hasGeneration?: boolean;
  /** Whether an update changed what is wanted; the spec differs when absent. */
  isNewGeneration?(object: T, old: T): boolean;
  /** A creation may bring a status: whoever creates it observes it, too. */
  readonly keepsStatus?: boolean;
  /** PUT of an object that is not there creates it. */
  readonly createsOnUpdate?: boolean;
  /** Applying the status of an object that is not there creates it. */
  readonly createsOnStatusApply?: boolean;
  /** An update without resourceVersion is refused. */
  readonly requiresVersion?: boolean;
  /** Objects go by themselves after this. */
  readonly ttlSeconds?: number;
  /** Writes that others do not wait for. */
  readonly isBackground?: boolean;
  /** Dependents of a deleted object are orphaned unless the client says otherwise. */
  readonly orphansByDefault?: boolean;
  /** Told to who deletes without saying what shall become of the dependents. */
  readonly orphaningWarning?: string;
  /** A delete answers the object, though the kind does not promise it. */
  readonly returnsDeleted?: boolean;

  prepareForCreate?(object: T, context: WriteContext): void;
  /** `object` is what was asked for; change it in place so that only what may change does. */
  prepareForUpdate?(object: T, old: T, context: WriteContext): void;
  /** For the subresource `status` and those that change a part of it, after everything but the status was taken from `old`. */
  prepareForStatus?(object: T, old: T, context: WriteContext): void;
  /** Rules that look at other objects or at who asks. They are told before the kind's own. */
  errors?(object: T, old: T | undefined, context: WriteContext): readonly FieldError[];
  warnings?(object: T, old: T | undefined): readonly string[];
  /** After validation has passed. */
  canonicalize?(object: T): void;
  reserve?(object: T, old: T | undefined, context: WriteContext): Reservation | undefined;
  /** What is deleted together with an object. */
  companionsOfDeletion?(object: T): readonly Companion[];
  /** How many seconds a deletion waits; undefined when the object goes at once. */
  gracePeriod?(object: T, options: DeleteRequest): number | undefined;
  /** Throws when the object may not be deleted. */
  canDelete?(object: T): void;
  /** Whether it stays after a delete or the last finalizer, until something else is finished with it (namespaces). */
  isHeld?(object: T): boolean;
  /** Marks an object that a delete begins with, beyond its deletion timestamp. */
  beginDelete?(object: T): void;
}
