/** A multi-version key-value store, as etcd is one: bytes and revisions. It knows nothing of objects. */

/** Grows by one with each commit that changes something. An empty store is at 1, so that 0 can mean "none". */
export type Revision = number;

export interface KeyValue {
  readonly key: string;
  readonly value: Uint8Array;
  readonly createRevision: Revision;
  readonly modRevision: Revision;
}

/** Keys from `start` up to, not including, `end`, in the byte order of their UTF-8. */
export interface Range {
  readonly start: string;
  readonly end: string;
}

export interface ListOptions {
  /** The state as it was after this revision; throws Compacted when the log no longer has it, FutureRevision when it does not have it yet. */
  readonly at?: Revision;
  readonly limit?: number;
  readonly keysOnly?: boolean;
}

export interface Page {
  readonly items: readonly KeyValue[];
  readonly more: boolean;
  /** How many keys of the range lie behind this page. */
  readonly remaining: number;
  /** The revision the page shows. */
  readonly revision: Revision;
}

/** The store keeps `value` as it is: nobody may change those bytes afterwards. */
export type Write =
  | { readonly op: 'put'; readonly key: string; readonly value: Uint8Array; readonly ttlSeconds?: number }
  | { readonly op: 'delete'; readonly key: string };

/** The key's modRevision must be this; zero means "must not exist". */
export interface Expectation {
  readonly key: string;
  readonly modRevision: Revision;
}

/** A lost race is a value: it is expected. */
export type Commit =
  | { readonly committed: true; readonly revision: Revision }
  | { readonly committed: false; readonly current: readonly KeyValue[]; readonly revision: Revision };

export interface CommitOptions {
  readonly expect?: readonly Expectation[];
  /** Who asked and what led to it; opaque here, kept beside the writes in the log. */
  readonly cause?: Uint8Array;
  /** Writes that may wait for others (Leases, Events): they never hold up the rest. */
  readonly priority?: 'normal' | 'background';
}

export interface Change {
  readonly type: 'put' | 'delete';
  /** After a delete: the key at the revision of the delete, with the last value. */
  readonly kv: KeyValue;
  readonly previous?: KeyValue;
}

/** All changes of one revision arrive together; an empty batch is a progress mark. */
export interface Batch {
  readonly revision: Revision;
  readonly changes: readonly Change[];
}

export interface Store {
  /** In key order. Shows only what is durable. */
  list(range: Range, options?: ListOptions): Promise<Page>;
  /**
   * Applies every write at one revision, if every expectation holds. Durable when the promise resolves.
   * Deleting what is not there changes nothing. Rejects with OutOfSpace, Overloaded or StoreFailed.
   */
  commit(writes: readonly Write[], options?: CommitOptions): Promise<Commit>;
  /**
   * Changes after `after`, one batch a revision, each once, in order; ends when the signal is aborted or the store is closed.
   * Throws Compacted when that revision is gone. A reader that is slow reads on from the log: nothing is lost and nothing piles up.
   */
  watch(range: Range, after: Revision, signal: AbortSignal): AsyncIterable<Batch>;
  /**
   * Forgets what was overwritten before `upTo`; the state at `upTo` and the changes after it stay.
   * Keys whose retention says so keep their history for longer.
   */
  compact(upTo: Revision): Promise<void>;
  close(): Promise<void>;
}

/** The state or changes asked for are no longer in the log. */
export class Compacted extends Error {
  override readonly name = 'Compacted';
}

/** The revision asked for has not been written. */
export class FutureRevision extends Error {
  override readonly name = 'FutureRevision';
}

/** The disk is full: nothing was written, reads go on, and writes work again once there is room. */
export class OutOfSpace extends Error {
  override readonly name = 'OutOfSpace';
}

/** Too many writes wait already. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded';
}

/** The log cannot be trusted or reached any more (the disk failed, or the store was closed). Whether the write is on disk is not known. */
export class StoreFailed extends Error {
  override readonly name = 'StoreFailed';
}

/** The log was written by a newer version, in a format that this one does not know. */
export class NewerFormat extends Error {
  override readonly name = 'NewerFormat';
}

/** For how long what was overwritten stays readable, for keys that start with `prefix`. The longest prefix that fits counts. */
export interface Retention {
  readonly prefix: string;
  readonly keepMs: number;
}

export interface StoreOptions {
  /** Keys with no retention keep nothing beyond what `compact` was told. */
  readonly retention?: readonly Retention[];
}

/** One entry of the log: what changed at a revision, when, and why. */
export interface LogEntry extends Batch {
  readonly timeMs: number;
  readonly cause?: Uint8Array;
}

/** What a store that keeps its log can also answer: the ground of history, reasons and forks. */
export interface History {
  /** The newest revision at or before that time; 1, the empty store, when there is none. */
  revisionAt(timeMs: number): Promise<Revision>;
  /** Entries with changes in the range, oldest first, from `after` (exclusive) to `upTo` (inclusive). Throws Compacted. */
  entries(range: Range, after: Revision, upTo: Revision): AsyncIterable<LogEntry>;
}

/** A store with its whole log at hand. */
export type HistoryStore = Store & History;
