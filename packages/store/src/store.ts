/** A multi-version key-value store, as etcd is one: bytes and revisions. It knows nothing of objects. */
export type Revision = number;

export interface KeyValue {
  readonly key: string;
  readonly value: Uint8Array;
  readonly createRevision: Revision;
  readonly modRevision: Revision;
}

/** Keys from `start` up to, not including, `end`, in byte order. */
export interface Range {
  readonly start: string;
  readonly end: string;
}

export interface ListOptions {
  /** The state as it was after this revision; throws Compacted when the log no longer has it. */
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
  list(range: Range, options?: ListOptions): Promise<Page>;
  /** Applies every write at one revision, if every expectation holds. Durable when the promise resolves. */
  commit(writes: readonly Write[], options?: CommitOptions): Promise<Commit>;
  /** Changes after `after`, one batch a revision. Throws Compacted when that revision is gone. */
  watch(range: Range, after: Revision, signal: AbortSignal): AsyncIterable<Batch>;
  /** Forgets what was overwritten before `upTo`. */
  compact(upTo: Revision): Promise<void>;
  close(): Promise<void>;
}

/** The state or changes asked for are no longer in the log. */
export class Compacted extends Error {
  override readonly name = 'Compacted';
}

/** One entry of the log: what changed at a revision, when, and why. */
export interface LogEntry extends Batch {
  readonly timeMs: number;
  readonly cause?: Uint8Array;
}

/** What a store that keeps its log can also answer: the ground of history, reasons and forks. */
export interface History {
  /** The newest revision at or before that time. */
  revisionAt(timeMs: number): Promise<Revision>;
  /** Entries with changes in the range, oldest first, from `after` (exclusive) to `upTo` (inclusive). */
  entries(range: Range, after: Revision, upTo: Revision): AsyncIterable<LogEntry>;
}
