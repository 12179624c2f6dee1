/** What the store's thread does with requests: groups commits, reads in between, and answers nothing that is not durable. */
import type { DatabaseSync } from 'node:sqlite';
import { Horizons } from '../horizons.ts';
import { Compacted, FutureRevision, type KeyValue, NewerFormat, OutOfSpace, type Revision } from '../store.ts';
import { SqliteLog } from './log.ts';
import type { Answer, CommitRequest, CommitResult, Failure, FailureName, Request, WorkerOptions } from './messages.ts';
import { entries, list } from './reads.ts';
import { errorCode, openDatabase } from './schema.ts';

type CommitsRequest = Extract<Request, { type: 'commits' }>;
type Post = (answer: Answer) => void;
/** Flushes what was written to the log's file; the callback gets the error, if any. */
export type Sync = (done: (error: Error | null) => void) => void;

/** Commits in one transaction; beyond it the first would wait for the last. */
const batchLimit = 512;
/** Background commits that ride along with others, or go together when nothing else waits. */
const backgroundLimit = 32;
const expiryLimit = 256;
/** Pages of the write-ahead log to copy home when the thread rests, and when it must. */
const checkpointPages = 1000;
const checkpointAtMostPages = 8000;
/** Transactions between two looks at the write-ahead log's length. */
const checkpointEvery = 32;
const compactRevisions = 256;

interface Waiting {
  readonly commit: CommitRequest;
  readonly nowMs: number;
}

/** A job goes on in slices, commits in between. */
type Job = Generator<void, void, void>;

export class Committer {
  readonly #database: DatabaseSync;
  readonly #horizons: Horizons;
  readonly #log: SqliteLog;
  readonly #post: Post;
  readonly #sync: Sync;
  readonly #cleaned: Map<string, Revision>;
  readonly #normal: Waiting[] = [];
  readonly #background: Waiting[] = [];
  readonly #reads: Job[] = [];
  readonly #maintenance: Job[] = [];
  /** Answers that wait until what they tell of is on disk, in order of revision. */
  #held: { readonly seen: Revision; readonly answer: Answer }[] = [];
  #durable: Revision;
  #isSyncing = false;
  #isFull = true;
  #failure: string | undefined;
  #transactions = 0;
  #isClosed = false;

  constructor(options: WorkerOptions, post: Post, sync: Sync) {
    this.#database = openDatabase(options.path, options.maxBytes);
    const rows = this.#database.prepare('SELECT prefix, revision, cleaned FROM horizon').all() as unknown as { prefix: string; revision: number; cleaned: number }[]; // the statement's columns
    this.#horizons = new Horizons(options.retention ?? [], new Map(rows.map(({ prefix, revision }) => [prefix, revision])));
    this.#cleaned = new Map(rows.map(({ prefix, cleaned }) => [prefix, cleaned]));
    this.#log = new SqliteLog(this.#database, this.#horizons);
    this.#durable = this.#log.revision;
    this.#post = post;
    this.#sync = sync;
    this.#post({ type: 'opened', revision: this.#log.revision, dueMs: this.#log.nextDueMs() });
  }

  take(request: Request): void {
    switch (request.type) {
      case 'commits': {
        this.#takeCommits(request);
        return;
      }
      case 'list': {
        this.#reads.push(this.#list(request));
        return;
      }
      case 'entries': {
        this.#reads.push(this.#entries(request));
        return;
      }
      case 'revisionAt': {
        this.#hold({ type: 'revision', id: request.id, revision: this.#log.revisionAt(request.timeMs) });
        return;
      }
      case 'compact': {
        this.#maintenance.push(this.#compact(request));
        return;
      }
      case 'expire': {
        this.#maintenance.push(this.#expire(request.nowMs));
        return;
      }
      case 'close': {
        this.#close(request.id);
        return;
      }
      default: request satisfies never;
    }
  }

  /** One piece of work: the waiting commits, or a slice of something else. False when there is nothing left to do. */
  step(): boolean {
    if (this.#isClosed) return false;
    if (this.#normal.length > 0) this.#commitNormal();
    else if (this.#background.length > 0) this.#commitBackground();
    else if (this.#reads.length === 0 && this.#maintenance.length === 0) {
      this.#checkpoint(checkpointPages);
      return false;
    }
    // Others get a slice after each transaction, in turns, so that nothing starves.
    const jobs = this.#reads.length > 0 && (this.#transactions % 2 === 0 || this.#maintenance.length === 0) ? this.#reads : this.#maintenance;
    const job = jobs.shift();
    if (job !== undefined && job.next().done !== true) jobs.push(job);
    this.#transactions++;
    return true;
  }

  #takeCommits({ commits, nowMs, isBackground }: CommitsRequest): void {
    const queue = isBackground ? this.#background : this.#normal;
    for (const commit of commits) queue.push({ commit, nowMs });
  }

  #commitNormal(): void {
    const batch = this.#normal.splice(0, batchLimit);
    const results = this.#transaction([...batch, ...this.#background.splice(0, backgroundLimit)], true);
    this.#hold({ type: 'committed', results, dueMs: this.#log.nextDueMs() });
    if (this.#transactions % checkpointEvery === 0) this.#checkpoint(checkpointAtMostPages);
  }

  /** Written without waiting for the disk: whoever comes next must not wait for it either. The answer waits. */
  #commitBackground(): void {
    const results = this.#transaction(this.#background.splice(0, backgroundLimit), false);
    this.#hold({ type: 'committed', results, dueMs: this.#log.nextDueMs() });
    this.#flush();
  }

  #transaction(batch: readonly Waiting[], isFull: boolean): CommitResult[] {
    if (this.#failure !== undefined) return failed(batch, { name: 'StoreFailed', message: this.#failure });
    const before = this.#log.revision;
    try {
      this.#begin(isFull);
      const results = batch.map(({ commit, nowMs }) => this.#log.apply(commit, nowMs));
      this.#database.exec('COMMIT');
      if (isFull && this.#log.revision > before) this.#durable = this.#log.revision;
      return results;
    } catch (error) {
      return failed(batch, this.#rollBack(error, before));
    }
  }

  #begin(isFull: boolean): void {
    if (isFull !== this.#isFull) {
      this.#database.exec(isFull ? 'PRAGMA synchronous = FULL' : 'PRAGMA synchronous = NORMAL');
      this.#isFull = isFull;
    }
    this.#database.exec('BEGIN IMMEDIATE');
  }

  /** A full disk is told apart: it passes. After any other failure of the disk nobody knows what it holds, so nothing more is written. */
  #rollBack(error: unknown, revision: Revision): Failure {
    this.#log.rewind(revision);
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
    if (errorCode(error) === 13) return { name: 'OutOfSpace', message: 'no space left on the disk of the store: nothing was written' };
    this.#failure ??= `the store cannot write its log: ${(error as Error).message}`;
    return { name: 'StoreFailed', message: this.#failure };
  }

  #hold(answer: Answer): void {
    if (this.#failure !== undefined && this.#log.revision > this.#durable) {
      this.#refuse(answer, this.#failure);
      return;
    }
    this.#held.push({ seen: this.#log.revision, answer });
    this.#release();
    if (this.#held.length > 0) this.#flush();
  }

  #release(): void {
    const waiting = this.#held.findIndex(({ seen }) => seen > this.#durable);
    const ready = this.#held.splice(0, waiting === -1 ? this.#held.length : waiting);
    for (const { answer } of ready) this.#post(answer);
  }

  #flush(): void {
    if (this.#isClosed || this.#isSyncing || this.#durable >= this.#log.revision || this.#failure !== undefined) return;
    this.#isSyncing = true;
    const written = this.#log.revision;
    this.#sync((error) => {
      this.#isSyncing = false;
      if (error !== null) this.#failSync(error);
      else this.#durable = Math.max(this.#durable, written);
      this.#release();
      this.#flush();
    });
  }

  /** What was written is perhaps not on disk: nobody hears that it is. */
  #failSync(error: Error): void {
    this.#failure ??= `the store cannot write its log: ${error.message}`;
    for (const { answer } of this.#held.splice(0)) this.#refuse(answer, this.#failure);
  }

  #refuse(answer: Answer, message: string): void {
    const failure: Failure = { name: 'StoreFailed', message };
    if (answer.type === 'committed') this.#post({ ...answer, results: answer.results.map(({ id }) => ({ id, failure })) });
    else if ('id' in answer) this.#post({ type: 'refused', id: answer.id, failure });
  }

  #checkpoint(pages: number): void {
    if (this.#failure !== undefined) return;
    const state = this.#database.prepare('PRAGMA wal_checkpoint(NOOP)').get() as { log: number; checkpointed: number } | undefined; // the statement's columns
    if (state === undefined || state.log - state.checkpointed < pages) return;
    try {
      this.#database.exec('PRAGMA wal_checkpoint(PASSIVE)');
      this.#durable = this.#log.revision; // the write-ahead log is flushed first
      this.#release();
    } catch (error) {
      // With the disk full the write-ahead log just grows on where it can, and the next checkpoint does it.
      if (errorCode(error) !== 13) this.#failure ??= `the store cannot write its log: ${(error as Error).message}`;
    }
  }

  *#list(request: Extract<Request, { type: 'list' }>): Job {
    const { id } = request;
    try {
      const slices = list(this.#log, this.#horizons, request);
      for (;;) {
        const slice = slices.next();
        if (slice.done === true) {
          this.#hold({ type: 'page', id, page: slice.value });
          return;
        }
        if (slice.value.length > 0) this.#hold({ type: 'part', id, items: slice.value });
        yield;
      }
    } catch (error) {
      this.#hold({ type: 'refused', id, failure: failureOf(error) });
    }
  }

  *#entries(request: Extract<Request, { type: 'entries' }>): Job {
    const { id } = request;
    try {
      const page = yield* silently(entries(this.#log, this.#horizons, request));
      this.#hold({ type: 'entries', id, page });
    } catch (error) {
      this.#hold({ type: 'refused', id, failure: failureOf(error) });
    }
  }

  /** The horizon first, then the rows behind it: when it is cut off in the middle, the next compaction goes on from there. */
  *#compact({ id, upTo, nowMs }: Extract<Request, { type: 'compact' }>): Job {
    try {
      if (upTo > this.#log.revision) throw new FutureRevision(`revision ${upTo} is not written yet; the newest is ${this.#log.revision}`);
      for (const { prefix, keepMs } of this.#horizons.classes) {
        const horizon = keepMs === 0 ? upTo : Math.min(upTo, this.#log.revisionAt(nowMs - keepMs));
        this.#horizons.raise(prefix, horizon);
      }
      for (const { prefix } of this.#horizons.classes) {
        const horizon = this.#horizons.of(prefix);
        for (let cleaned = this.#cleaned.get(prefix) ?? 0; cleaned < horizon; ) {
          cleaned = this.#clean(prefix, cleaned, Math.min(horizon, cleaned + compactRevisions));
          yield;
        }
      }
      this.#hold({ type: 'done', id });
    } catch (error) {
      this.#hold({ type: 'refused', id, failure: failureOf(error) });
    }
  }

  #clean(prefix: string, after: Revision, upTo: Revision): Revision {
    try {
      this.#begin(false);
      this.#log.forget((key) => this.#horizons.classOf(key) === prefix, after, upTo);
      this.#log.saveHorizon(prefix, this.#horizons.of(prefix), upTo);
      this.#database.exec('COMMIT');
      this.#cleaned.set(prefix, upTo);
      return upTo;
    } catch (error) {
      const failure = this.#rollBack(error, this.#log.revision);
      throw failure.name === 'OutOfSpace' ? new OutOfSpace(failure.message) : error;
    }
  }

  *#expire(nowMs: number): Job {
    for (let keys = this.#log.dueKeys(nowMs, expiryLimit); keys.length > 0; keys = this.#log.dueKeys(nowMs, expiryLimit)) {
      const commit: CommitRequest = { id: 0, writes: keys.map((key) => ({ op: 'delete', key })) };
      const [result] = this.#transaction([{ commit, nowMs }], false);
      if (result === undefined || !('committed' in result) || !result.committed) break; // what is left is tried again with the next key that is due
      const deleted = result.applied.flatMap(({ previous }) => (previous === undefined ? [] : [previous])) as KeyValue[];
      this.#hold({ type: 'expired', revision: result.revision, deleted });
      this.#flush();
      yield;
    }
    this.#post({ type: 'due', dueMs: this.#log.nextDueMs() });
  }

  #close(id: number): void {
    while (this.#normal.length > 0) this.#commitNormal();
    while (this.#background.length > 0) this.#commitBackground();
    this.#checkpoint(0);
    this.#database.close();
    this.#isClosed = true;
    this.#release();
    this.#post({ type: 'done', id });
  }
}

/** A generator's slices, without what they give. */
function* silently<R>(slices: Generator<unknown, R, void>): Generator<void, R, void> {
  for (;;) {
    const slice = slices.next();
    if (slice.done === true) return slice.value;
    yield;
  }
}

const failed = (batch: readonly Waiting[], failure: Failure): CommitResult[] => batch.map(({ commit }) => ({ id: commit.id, failure }));

export function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const name: FailureName = error instanceof Compacted ? 'Compacted' : error instanceof FutureRevision ? 'FutureRevision' : error instanceof OutOfSpace ? 'OutOfSpace' : error instanceof NewerFormat ? 'NewerFormat' : 'StoreFailed';
  return { name, message };
}
