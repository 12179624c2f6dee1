/** The log in SQLite, on the thread that owns the file: every call is synchronous, transactions are the caller's. */
import { assert } from '@kaji/base';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Horizons } from '../horizons.ts';
import type { Change, Expectation, KeyValue, LogEntry, Range, Revision, Write } from '../store.ts';
import type { Applied, CommitRequest, CommitResult } from './messages.ts';
import { positionBits } from './schema.ts';

/** A row of `head`. */
interface Head {
  readonly key: string;
  readonly position: number;
  readonly create_revision: number;
}

/** A row of `log`. */
export interface Row extends Head {
  readonly previous: number | null;
  readonly time_ms: number;
  readonly cause: Uint8Array | null;
  readonly value: Uint8Array | null;
}

const noValue = new Uint8Array(0);

export const revisionOf = (position: number): Revision => Math.floor(position / positionBits);
/** Positions before this one are of revisions up to `revision`. */
export const behind = (revision: Revision): number => (revision + 1) * positionBits;

export class SqliteLog {
  readonly #sql: ReturnType<typeof statements>;
  #revision: Revision;
  #timeMs: number;

  constructor(database: DatabaseSync, horizons: Horizons) {
    this.#sql = statements(database);
    const last = row<{ position: number; time_ms: number }>(this.#sql.last.get());
    this.#revision = Math.max(1, revisionOf(last?.position ?? 0), horizons.newest);
    this.#timeMs = last?.time_ms ?? 0;
  }

  /** The newest revision written. */
  get revision(): Revision {
    return this.#revision;
  }

  /** Puts the revision back after a transaction was rolled back. */
  rewind(revision: Revision): void {
    this.#revision = revision;
  }

  /** One commit inside the transaction at hand. */
  apply({ id, writes, expect = [], cause }: CommitRequest, nowMs: number): CommitResult {
    if (!expect.every((expectation) => this.#holds(expectation))) return { id, committed: false, revision: this.#revision, current: this.#current(expect) };
    const revision = this.#revision + 1;
    this.#timeMs = Math.max(this.#timeMs, nowMs); // a clock set back must not put revisions out of the order of time
    const applied: Applied[] = [];
    for (const [index, write] of writes.entries()) {
      const before = this.#head(write.key);
      if (before === undefined && write.op === 'delete') continue;
      this.#append(revision * positionBits + applied.length, write, { before, cause, nowMs });
      applied.push({ index, createRevision: before?.create_revision ?? revision, previous: before === undefined ? undefined : this.#keyValue(before) });
    }
    if (applied.length > 0) this.#revision = revision;
    return { id, committed: true, revision: this.#revision, applied };
  }

  /** Live keys of the range and where they lie. Values are read apart, so that the first step is short. */
  heads(range: Range, limit = -1): readonly Head[] {
    return this.#sql.heads.all(range.start, range.end, limit) as unknown as Head[]; // the statement's columns
  }

  countHeads(range: Range): number {
    return row<{ count: number }>(this.#sql.countHeads.get(range.start, range.end))?.count ?? 0;
  }

  /** Undefined when compaction took it meanwhile. */
  valueAt(position: number): Uint8Array | undefined {
    return row<{ value: Uint8Array | null }>(this.#sql.value.get(position))?.value ?? undefined;
  }

  /** The first key of the log behind `after` and before `end`, live or not. */
  keyAfter(after: string, end: string): string | undefined {
    return row<{ key: string | null }>(this.#sql.keyAfter.get(after, end))?.key ?? undefined;
  }

  /** What `key` was at the revision; without a value it was deleted. */
  version(key: string, at: Revision): Row | undefined {
    return row<Row>(this.#sql.version.get(key, behind(at)));
  }

  /** Positions of the range's rows, oldest first, by the index of keys. */
  positions(range: Range, after: Revision, upTo: Revision): readonly number[] {
    const rows = this.#sql.positions.all(range.start, range.end, behind(after), behind(upTo)) as unknown as { position: number }[]; // the statement's column
    return rows.map(({ position }) => position).sort((a, b) => a - b);
  }

  rowAt(position: number): Row | undefined {
    return row<Row>(this.#sql.row.get(position));
  }

  /** Rows of the range in a stretch of revisions, oldest first. */
  rows(range: Range, after: Revision, upTo: Revision): readonly Row[] {
    return this.#sql.rows.all(behind(after), behind(upTo), range.start, range.end) as unknown as Row[]; // the statement's columns
  }

  /** Rows, which are of whole revisions, as the changes they made. */
  entries(rows: readonly Row[]): readonly LogEntry[] {
    const entries: (LogEntry & { changes: Change[] })[] = [];
    for (const at of rows) {
      const revision = revisionOf(at.position);
      let entry = entries.at(-1);
      if (entry?.revision !== revision) {
        entry = { revision, timeMs: at.time_ms, changes: [], ...(at.cause === null ? {} : { cause: at.cause }) };
        entries.push(entry);
      }
      entry.changes.push(this.#change(at));
    }
    return entries;
  }

  /** Times grow with positions, so a binary search finds it without an index. */
  revisionAt(timeMs: number): Revision {
    let low = 1;
    let high = this.#revision;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const found = row<{ position: number; time_ms: number }>(this.#sql.timeFrom.get(middle * positionBits));
      if (found !== undefined && found.time_ms <= timeMs) low = Math.max(middle, revisionOf(found.position));
      else high = middle - 1;
    }
    return low;
  }

  dueKeys(nowMs: number, limit: number): readonly string[] {
    const rows = this.#sql.due.all(nowMs, limit) as unknown as { key: string }[]; // the statement's column
    return rows.map(({ key }) => key);
  }

  nextDueMs(): number | undefined {
    return row<{ due_ms: number | null }>(this.#sql.nextDue.get())?.due_ms ?? undefined;
  }

  /** Forgets, in a stretch of revisions, what those of one class's rows replaced, and deletions themselves. */
  forget(isOfClass: (key: string) => boolean, after: Revision, upTo: Revision): void {
    const rows = this.#sql.links.all(behind(after), behind(upTo)) as unknown as { position: number; key: string; previous: number | null; is_delete: number }[]; // the statement's columns
    for (const { position, key, previous, is_delete } of rows) {
      if (!isOfClass(key)) continue;
      if (previous !== null) this.#sql.remove.run(previous);
      if (is_delete === 1) this.#sql.remove.run(position);
    }
  }

  saveHorizon(prefix: string, revision: Revision, cleaned: Revision): void {
    this.#sql.saveHorizon.run(prefix, revision, cleaned);
  }

  #append(position: number, write: Write, { before, cause, nowMs }: { before: Head | undefined; cause: Uint8Array | undefined; nowMs: number }): void {
    assert(Number.isSafeInteger(position), 'revisions stay below 2^41');
    const created = before?.create_revision ?? revisionOf(position);
    const value = write.op === 'put' ? write.value : null;
    this.#sql.append.run(position, write.key, created, before?.position ?? null, this.#timeMs, cause ?? null, value);
    if (write.op === 'delete') this.#sql.dropHead.run(write.key);
    else this.#sql.setHead.run(write.key, position, created, write.ttlSeconds === undefined ? null : nowMs + write.ttlSeconds * 1000);
  }

  #head(key: string): Head | undefined {
    return row<Head>(this.#sql.head.get(key));
  }

  #holds({ key, modRevision }: Expectation): boolean {
    const head = this.#head(key);
    return (head === undefined ? 0 : revisionOf(head.position)) === modRevision;
  }

  #current(expect: readonly Expectation[]): readonly KeyValue[] {
    return expect.flatMap(({ key }) => {
      const head = this.#head(key);
      return head === undefined ? [] : [this.#keyValue(head)];
    });
  }

  #keyValue(head: Head): KeyValue {
    return { key: head.key, value: this.valueAt(head.position) ?? noValue, createRevision: head.create_revision, modRevision: revisionOf(head.position) };
  }

  #change(at: Row): Change {
    const before = at.previous === null ? undefined : this.rowAt(at.previous);
    const previous = before === undefined ? undefined : toKeyValue(before);
    const kv = { ...toKeyValue(at), value: at.value ?? previous?.value ?? noValue };
    return { type: at.value === null ? 'delete' : 'put', kv, ...(previous === undefined ? {} : { previous }) };
  }
}

export const toKeyValue = (of: Row): KeyValue => ({ key: of.key, value: of.value ?? noValue, createRevision: of.create_revision, modRevision: revisionOf(of.position) });

/** A row as the statement's columns say it is. */
const row = <T>(found: Record<string, unknown> | undefined): T | undefined => found as T | undefined;

const columns = 'position, key, create_revision, previous, time_ms, cause, value';

function statements(database: DatabaseSync) {
  const prepare = (sql: string): StatementSync & { run(...values: SQLInputValue[]): unknown } => database.prepare(sql);
  return {
    last: prepare('SELECT position, time_ms FROM log ORDER BY position DESC LIMIT 1'),
    head: prepare('SELECT key, position, create_revision FROM head WHERE key = ?'),
    heads: prepare('SELECT key, position, create_revision FROM head WHERE key >= ? AND key < ? ORDER BY key LIMIT ?'),
    countHeads: prepare('SELECT count(*) AS count FROM head WHERE key >= ? AND key < ?'),
    setHead: prepare('INSERT OR REPLACE INTO head (key, position, create_revision, due_ms) VALUES (?, ?, ?, ?)'),
    dropHead: prepare('DELETE FROM head WHERE key = ?'),
    append: prepare('INSERT INTO log (position, key, create_revision, previous, time_ms, cause, value) VALUES (?, ?, ?, ?, ?, ?, ?)'),
    value: prepare('SELECT value FROM log WHERE position = ?'),
    row: prepare(`SELECT ${columns} FROM log WHERE position = ?`),
    // `+key` keeps the planner from walking the index of keys: a stretch of positions is short.
    rows: prepare(`SELECT ${columns} FROM log WHERE position >= ? AND position < ? AND +key >= ? AND +key < ? ORDER BY position`),
    positions: prepare('SELECT position FROM log INDEXED BY log_key WHERE key >= ? AND key < ? AND position >= ? AND position < ?'),
    keyAfter: prepare('SELECT min(key) AS key FROM log WHERE key > ? AND key < ?'),
    version: prepare(`SELECT ${columns} FROM log INDEXED BY log_key WHERE key = ? AND position < ? ORDER BY position DESC LIMIT 1`),
    timeFrom: prepare('SELECT position, time_ms FROM log WHERE position >= ? ORDER BY position LIMIT 1'),
    due: prepare('SELECT key FROM head WHERE due_ms <= ? ORDER BY due_ms LIMIT ?'),
    nextDue: prepare('SELECT min(due_ms) AS due_ms FROM head WHERE due_ms IS NOT NULL'),
    links: prepare('SELECT position, key, previous, value IS NULL AS is_delete FROM log WHERE position >= ? AND position < ? ORDER BY position'),
    remove: prepare('DELETE FROM log WHERE position = ?'),
    saveHorizon: prepare('INSERT OR REPLACE INTO horizon (prefix, revision, cleaned) VALUES (?, ?, ?)'),
  };
}
