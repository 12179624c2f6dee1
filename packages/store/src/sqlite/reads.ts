/** What is read from the log, in slices: a generator yields between them, so that commits never wait for a long read. */
import type { Horizons } from '../horizons.ts';
import { compareKeys } from '../key-order.ts';
import { Compacted, FutureRevision, type KeyValue, type LogEntry, type Page, type Range, type Revision } from '../store.ts';
import type { EntryPage } from './messages.ts';
import { revisionOf, type Row, type SqliteLog, toKeyValue } from './log.ts';

/** Keys in a slice; each costs a seek or two, some 5 µs. */
const sliceKeys = 128;
/** Revisions in a slice. */
const sliceRevisions = 128;
/** Up to this many revisions are read in the order of the log; a longer stretch by the index of keys, which skips what others wrote. */
const stretchRevisions = 20_000;

const nothing = new Uint8Array(0);

export interface ListQuery {
  readonly range: Range;
  readonly at: Revision | undefined;
  readonly limit: number | undefined;
  readonly keysOnly: boolean;
}

/** Gives the slices' items; returns the page without the items given before. */
export function* list(log: SqliteLog, horizons: Horizons, query: ListQuery): Generator<readonly KeyValue[], Page, void> {
  const at = query.at ?? log.revision;
  if (at > log.revision) throw new FutureRevision(`revision ${at} is not written yet; the newest is ${log.revision}`);
  horizons.check(query.range, at);
  return at === log.revision ? yield* listNow(log, at, query) : yield* listThen(log, horizons, at, query);
}

/** The live keys in one step, which fixes what the list shows; then their values. */
function* listNow(log: SqliteLog, at: Revision, { range, limit, keysOnly }: ListQuery): Generator<readonly KeyValue[], Page, void> {
  const heads = log.heads(range, limit);
  const last = heads.at(-1);
  const remaining = limit === undefined || heads.length < limit ? 0 : log.countHeads(last === undefined ? range : { start: `${last.key}\0`, end: range.end });
  for (let index = 0; index < heads.length; index += sliceKeys) {
    if (index > 0) yield [];
    const items: KeyValue[] = [];
    for (const { key, position, create_revision } of heads.slice(index, index + sliceKeys)) {
      const value = keysOnly ? nothing : log.valueAt(position);
      if (value === undefined) throw new Compacted(`revision ${at} was compacted while it was read`);
      items.push({ key, value, createRevision: create_revision, modRevision: revisionOf(position) });
    }
    yield items;
  }
  return { items: [], more: remaining > 0, remaining, revision: at };
}

/** Walks every key that the log knows and takes each as it was. */
function* listThen(log: SqliteLog, horizons: Horizons, at: Revision, { range, limit = Infinity, keysOnly }: ListQuery): Generator<readonly KeyValue[], Page, void> {
  let items: KeyValue[] = [];
  let count = 0;
  let remaining = 0;
  let seen = 0;
  for (let key = firstKey(log, range); key !== undefined; key = log.keyAfter(key, range.end)) {
    const version = log.version(key, at);
    if (version !== undefined && version.value !== null) {
      if (count >= limit) remaining++;
      else {
        count++;
        items.push(keysOnly ? { ...toKeyValue(version), value: nothing } : toKeyValue(version));
      }
    }
    if (++seen % sliceKeys === 0) {
      yield items;
      items = [];
      horizons.check(range, at);
    }
  }
  yield items;
  return { items: [], more: remaining > 0, remaining, revision: at };
}

/** The first key at or behind the start. */
function firstKey(log: SqliteLog, range: Range): string | undefined {
  if (compareKeys(range.start, range.end) >= 0) return undefined;
  return log.version(range.start, log.revision) === undefined ? log.keyAfter(range.start, range.end) : range.start;
}

export interface EntriesQuery {
  readonly range: Range;
  readonly after: Revision;
  readonly upTo: Revision;
  readonly limit: number;
}

/** Up to `limit` entries, each whole. */
export function* entries(log: SqliteLog, horizons: Horizons, query: EntriesQuery): Generator<undefined, EntryPage, void> {
  const upTo = Math.min(query.upTo, log.revision);
  horizons.check(query.range, query.after);
  return upTo - query.after > stretchRevisions ? yield* entriesByKey(log, horizons, { ...query, upTo }) : yield* entriesByRevision(log, horizons, { ...query, upTo });
}

function* entriesByRevision(log: SqliteLog, horizons: Horizons, { range, after, upTo, limit }: EntriesQuery): Generator<undefined, EntryPage, void> {
  const found: LogEntry[] = [];
  let seen = after;
  while (seen < upTo && found.length < limit) {
    const next = Math.min(upTo, seen + sliceRevisions);
    found.push(...log.entries(log.rows(range, seen, next)));
    seen = next;
    yield;
    horizons.check(range, after);
  }
  return { entries: found, upTo: seen, isDone: seen >= upTo };
}

function* entriesByKey(log: SqliteLog, horizons: Horizons, { range, after, upTo, limit }: EntriesQuery): Generator<undefined, EntryPage, void> {
  const positions = log.positions(range, after, upTo);
  const rows: Row[] = [];
  let isDone = true;
  let revisions = 0;
  for (const [index, position] of positions.entries()) {
    const isNew = index === 0 || revisionOf(position) !== revisionOf(positions[index - 1] ?? 0);
    if (isNew && revisions++ === limit) {
      isDone = false;
      break;
    }
    const row = log.rowAt(position);
    if (row !== undefined) rows.push(row);
    if (index % sliceKeys === sliceKeys - 1) {
      yield;
      horizons.check(range, after);
    }
  }
  const last = rows.at(-1);
  return { entries: log.entries(rows), upTo: isDone || last === undefined ? upTo : revisionOf(last.position), isDone };
}
