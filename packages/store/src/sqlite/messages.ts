/** What the store's two threads say to each other. Bytes of one message lie in one buffer, which is handed over, not copied again. */
import type { CommitOptions, KeyValue, LogEntry, Page, Range, Revision, StoreOptions, Write } from '../store.ts';

export interface SqliteOptions extends StoreOptions {
  /** The log's size on disk at most; beyond it writes get OutOfSpace. The disk is the limit when there is none. */
  readonly maxBytes?: number;
}

export interface WorkerOptions extends SqliteOptions {
  readonly path: string;
}

export interface CommitRequest extends Pick<CommitOptions, 'expect' | 'cause'> {
  readonly id: number;
  readonly writes: readonly Write[];
}

export type Request =
  | { readonly type: 'commits'; readonly nowMs: number; readonly isBackground: boolean; readonly commits: readonly CommitRequest[] }
  | { readonly type: 'list'; readonly id: number; readonly range: Range; readonly at: Revision | undefined; readonly limit: number | undefined; readonly keysOnly: boolean }
  | { readonly type: 'entries'; readonly id: number; readonly range: Range; readonly after: Revision; readonly upTo: Revision; readonly limit: number }
  | { readonly type: 'revisionAt'; readonly id: number; readonly timeMs: number }
  | { readonly type: 'compact'; readonly id: number; readonly upTo: Revision; readonly nowMs: number }
  | { readonly type: 'expire'; readonly nowMs: number }
  | { readonly type: 'close'; readonly id: number };

/** What a write did; the main thread has the value itself. */
export interface Applied {
  /** Of the commit's writes; deletes of nothing are left out. */
  readonly index: number;
  readonly createRevision: Revision;
  readonly previous: KeyValue | undefined;
}

export type CommitResult =
  | { readonly id: number; readonly committed: true; readonly revision: Revision; readonly applied: readonly Applied[] }
  | { readonly id: number; readonly committed: false; readonly revision: Revision; readonly current: readonly KeyValue[] }
  | { readonly id: number; readonly failure: Failure };

export type FailureName = 'Compacted' | 'FutureRevision' | 'OutOfSpace' | 'StoreFailed' | 'NewerFormat';

export interface Failure {
  readonly name: FailureName;
  readonly message: string;
}

/** Entries up to `upTo` were looked at; without `isDone` there is more behind it. */
export interface EntryPage {
  readonly entries: readonly LogEntry[];
  readonly upTo: Revision;
  readonly isDone: boolean;
}

export type Answer =
  | { readonly type: 'opened'; readonly revision: Revision; readonly dueMs: number | undefined }
  | { readonly type: 'notOpened'; readonly failure: Failure }
  | { readonly type: 'committed'; readonly results: readonly CommitResult[]; readonly dueMs: number | undefined }
  /** Keys that expired: a revision that nobody asked for. */
  | { readonly type: 'expired'; readonly revision: Revision; readonly deleted: readonly KeyValue[] }
  | { readonly type: 'due'; readonly dueMs: number | undefined }
  | { readonly type: 'part'; readonly id: number; readonly items: readonly KeyValue[] }
  | { readonly type: 'page'; readonly id: number; readonly page: Page }
  | { readonly type: 'entries'; readonly id: number; readonly page: EntryPage }
  | { readonly type: 'revision'; readonly id: number; readonly revision: Revision }
  | { readonly type: 'done'; readonly id: number }
  | { readonly type: 'refused'; readonly id: number; readonly failure: Failure };

/**
 * Copies bytes into one buffer that can be handed to another thread: views of buffers that others still
 * hold must not be, for that would take the bytes from them.
 */
export class Packer {
  readonly #values: Uint8Array[] = [];
  #length = 0;

  add(value: Uint8Array): void {
    this.#values.push(value);
    this.#length += value.length;
  }

  /** The copies, in the order of `add`, and the buffer they lie in. */
  pack(): { readonly next: () => Uint8Array; readonly buffer: ArrayBuffer } {
    const buffer = new ArrayBuffer(this.#length);
    const bytes = new Uint8Array(buffer);
    let offset = 0;
    let index = 0;
    const next = (): Uint8Array => {
      const value = this.#values[index++] ?? new Uint8Array(0);
      bytes.set(value, offset);
      offset += value.length;
      return bytes.subarray(offset - value.length, offset);
    };
    return { next, buffer };
  }
}
