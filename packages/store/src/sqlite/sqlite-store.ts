/** The durable store: the log in an SQLite file, on a thread of its own. */
import { defined, type Runtime } from '@kaji/base';
import { Worker } from 'node:worker_threads';
import { checkWrites } from '../check-writes.ts';
import { ExpiryTimer } from '../expiry-timer.ts';
import {
  type Batch, type Change, type Commit, type CommitOptions, Compacted, FutureRevision, type HistoryStore, type KeyValue, type ListOptions, type LogEntry, NewerFormat, OutOfSpace, Overloaded, type Page, type Range, type Revision, StoreFailed, type Write,
} from '../store.ts';
import { WatchHub } from '../watch-hub.ts';
import { type Answer, type Applied, type CommitRequest, type CommitResult, type EntryPage, type Failure, type FailureName, Packer, type Request, type SqliteOptions, type WorkerOptions } from './messages.ts';

/** Commits that may wait for the disk at once. */
const waitingLimit = 16_384;
/** Log entries asked for at a time. */
const entriesLimit = 256;

interface WaitingCommit {
  readonly request: CommitRequest;
  readonly isBackground: boolean;
  resolve(commit: Commit): void;
  reject(error: Error): void;
}

interface WaitingAnswer {
  readonly items: KeyValue[];
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** Opens the log, or makes it. Throws NewerFormat, or StoreFailed when it is in use or not a log. */
export async function openSqliteStore(path: string, runtime: Runtime, options: SqliteOptions = {}): Promise<SqliteStore> {
  const workerData: WorkerOptions = { ...options, path };
  const worker = new Worker(new URL(import.meta.resolve('./worker.ts')), { workerData, name: 'store' });
  const opened = await new Promise<Answer>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => { reject(new StoreFailed('the thread of the store did not start')); });
  });
  worker.removeAllListeners('error');
  worker.removeAllListeners('exit');
  if (opened.type === 'notOpened') throw errorOf(opened.failure);
  if (opened.type !== 'opened') throw new StoreFailed('the thread of the store did not start');
  return new SqliteStore(worker, runtime, opened);
}

/** Made by `openSqliteStore`. */
export class SqliteStore implements HistoryStore {
  readonly #worker: Worker;
  readonly #runtime: Runtime;
  readonly #hub: WatchHub;
  readonly #expiry: ExpiryTimer;
  readonly #commits = new Map<number, WaitingCommit>();
  readonly #answers = new Map<number, WaitingAnswer>();
  /** Commits that go to the thread in one message. */
  #outbox: WaitingCommit[] = [];
  #ids = 0;
  #failure: StoreFailed | undefined;
  #closing: Promise<void> | undefined;

  constructor(worker: Worker, runtime: Runtime, opened: { readonly revision: Revision; readonly dueMs: number | undefined }) {
    this.#worker = worker;
    this.#runtime = runtime;
    this.#hub = new WatchHub(runtime.clock, opened.revision);
    this.#expiry = new ExpiryTimer(runtime.clock, (nowMs) => { this.#post({ type: 'expire', nowMs }); });
    this.#expect(opened.dueMs);
    worker.on('message', (answer: Answer) => { this.#take(answer); });
    worker.on('error', (error) => { this.#fail(new StoreFailed(`the thread of the store ended: ${(error as Error).message}`, { cause: error })); });
    worker.on('exit', () => { this.#fail(new StoreFailed('the thread of the store ended')); });
  }

  async list(range: Range, options: ListOptions = {}): Promise<Page> {
    const id = ++this.#ids;
    const { answer, items } = await this.#ask({ type: 'list', id, range, at: options.at, limit: options.limit, keysOnly: options.keysOnly === true });
    if (answer.type !== 'page') throw new StoreFailed('unexpected answer');
    return { ...answer.page, items };
  }

  commit(writes: readonly Write[], options: CommitOptions = {}): Promise<Commit> {
    return new Promise((resolve, reject) => {
      checkWrites(writes);
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#commits.size >= waitingLimit) throw new Overloaded(`${waitingLimit} writes wait for the store already`);
      const { expect, cause } = options;
      const request: CommitRequest = { id: ++this.#ids, writes, ...(expect === undefined ? {} : { expect }), ...(cause === undefined ? {} : { cause }) };
      const waiting: WaitingCommit = { request, isBackground: options.priority === 'background', resolve, reject };
      this.#commits.set(request.id, waiting);
      if (this.#outbox.push(waiting) === 1) this.#sendSoon();
    });
  }

  watch(range: Range, after: Revision, signal: AbortSignal): AsyncIterable<Batch> {
    return this.#hub.watch(range, after, signal, this);
  }

  async compact(upTo: Revision): Promise<void> {
    await this.#ask({ type: 'compact', id: ++this.#ids, upTo, nowMs: this.#runtime.clock.now() });
  }

  async revisionAt(timeMs: number): Promise<Revision> {
    const { answer } = await this.#ask({ type: 'revisionAt', id: ++this.#ids, timeMs });
    if (answer.type !== 'revision') throw new StoreFailed('unexpected answer');
    return answer.revision;
  }

  async *entries(range: Range, after: Revision, upTo: Revision): AsyncGenerator<LogEntry, void, void> {
    for (let seen = after; ; ) {
      const page: EntryPage = await this.#entries(range, seen, upTo);
      yield* page.entries;
      if (page.isDone) return;
      seen = page.upTo;
    }
  }

  /** Waits for the commits at hand, then closes the file. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#failure !== undefined) return;
    this.#send();
    this.#hub.close();
    this.#expiry.close();
    const closed = this.#ask({ type: 'close', id: ++this.#ids });
    this.#failure = new StoreFailed('the store is closed');
    await closed;
    await this.#worker.terminate();
    this.#fail(this.#failure);
  }

  async #entries(range: Range, after: Revision, upTo: Revision): Promise<EntryPage> {
    const { answer } = await this.#ask({ type: 'entries', id: ++this.#ids, range, after, upTo, limit: entriesLimit });
    if (answer.type !== 'entries') throw new StoreFailed('unexpected answer');
    return answer.page;
  }

  #ask(request: Request & { readonly id: number }): Promise<{ readonly answer: Answer; readonly items: readonly KeyValue[] }> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) throw this.#failure;
      const items: KeyValue[] = [];
      this.#answers.set(request.id, { items, reject, resolve: (answer) => { resolve({ answer, items }); } });
      this.#post(request);
    });
  }

  #post(request: Request, transfer: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(request, [...transfer]);
  }

  /** A message costs some 40 µs on either side. The first goes at once; while the thread is busy anyway, those of one turn of the loop go together. */
  #sendSoon(): void {
    if (this.#commits.size === 1) queueMicrotask(() => { this.#send(); });
    else setImmediate(() => { this.#send(); });
  }

  #send(): void {
    const outbox = this.#outbox;
    this.#outbox = [];
    for (const isBackground of [false, true]) {
      const commits = outbox.filter((waiting) => waiting.isBackground === isBackground).map(({ request }) => request);
      if (commits.length > 0) this.#sendCommits(commits, isBackground);
    }
  }

  #sendCommits(commits: readonly CommitRequest[], isBackground: boolean): void {
    const packer = new Packer();
    for (const { writes, cause } of commits) {
      for (const write of writes) if (write.op === 'put') packer.add(write.value);
      if (cause !== undefined) packer.add(cause);
    }
    const { next, buffer } = packer.pack();
    const packed = commits.map((commit): CommitRequest => ({
      ...commit,
      writes: commit.writes.map((write) => (write.op === 'put' ? { ...write, value: next() } : write)),
      ...(commit.cause === undefined ? {} : { cause: next() }),
    }));
    this.#post({ type: 'commits', nowMs: this.#runtime.clock.now(), isBackground, commits: packed }, [buffer]);
  }

  #take(answer: Answer): void {
    switch (answer.type) {
      case 'committed': {
        for (const result of answer.results) this.#settle(result);
        this.#expect(answer.dueMs);
        return;
      }
      case 'expired': {
        const { revision, deleted } = answer;
        this.#hub.publish({ revision, changes: deleted.map((previous) => ({ type: 'delete', kv: { ...previous, modRevision: revision }, previous })) });
        return;
      }
      case 'due': {
        this.#expect(answer.dueMs);
        return;
      }
      case 'part': {
        this.#answers.get(answer.id)?.items.push(...answer.items);
        return;
      }
      case 'page': case 'entries': case 'revision': case 'done': {
        this.#answers.get(answer.id)?.resolve(answer);
        this.#answers.delete(answer.id);
        return;
      }
      case 'refused': {
        this.#answers.get(answer.id)?.reject(errorOf(answer.failure));
        this.#answers.delete(answer.id);
        return;
      }
      case 'opened': case 'notOpened': return;
      default: answer satisfies never;
    }
  }

  /** Publishes before it acknowledges, so that a writer's own cache is never behind its answer by more than a turn of the loop. */
  #settle(result: CommitResult): void {
    const waiting = defined(this.#commits.get(result.id), 'commit that was answered');
    this.#commits.delete(result.id);
    if ('failure' in result) {
      waiting.reject(errorOf(result.failure));
      return;
    }
    const { revision } = result;
    if (!result.committed) {
      waiting.resolve({ committed: false, current: result.current, revision });
      return;
    }
    const { writes } = waiting.request;
    if (result.applied.length > 0) this.#hub.publish({ revision, changes: result.applied.map((applied) => changeOf(applied, defined(writes[applied.index], 'write that was applied'), revision)) });
    waiting.resolve({ committed: true, revision });
  }

  #expect(dueMs: number | undefined): void {
    if (dueMs !== undefined) this.#expiry.expect(dueMs);
  }

  #fail(error: StoreFailed): void {
    this.#failure ??= error;
    this.#expiry.close();
    this.#hub.close();
    for (const { reject } of [...this.#commits.values(), ...this.#answers.values()]) reject(error);
    this.#commits.clear();
    this.#answers.clear();
  }
}

/** The value is the caller's own: it did not travel back. */
function changeOf({ createRevision, previous }: Applied, write: Write, revision: Revision): Change {
  if (write.op === 'put') return { type: 'put', kv: { key: write.key, value: write.value, createRevision, modRevision: revision }, ...(previous === undefined ? {} : { previous }) };
  const last = defined(previous, 'value that was deleted');
  return { type: 'delete', kv: { ...last, modRevision: revision }, previous: last };
}

const errors: Readonly<Record<FailureName, new (message: string) => Error>> = { Compacted, FutureRevision, OutOfSpace, StoreFailed, NewerFormat };

const errorOf = ({ name, message }: Failure): Error => new errors[name](message);
