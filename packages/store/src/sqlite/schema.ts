/** The log's file: its tables, its format's number, and how it is opened. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { NewerFormat, StoreFailed } from '../store.ts';

/** Raised when older versions can no longer read what we write. */
const format = 1;
/** "kaji": tells the file apart from any other database. */
const applicationId = 0x6b616a69;

/** A row's position is its revision and its place among the revision's writes: 12 bits, so 4,096 of them. */
export const positionBits = 4096;

/*
 * log: append-only; rows leave by compaction only. `previous` is the position it replaced, a null `value` a deletion.
 *      Small columns come first, so that reading them does not walk a long value.
 * head: the live keys and where they lie in the log. Derived, and written in the same transaction.
 * horizon: how far back each class of keys is whole, and up to where compaction has cleaned up.
 */
const tables = `
  CREATE TABLE log (
    position INTEGER PRIMARY KEY,
    revision INTEGER AS (position / ${positionBits}) VIRTUAL,
    key TEXT NOT NULL,
    create_revision INTEGER NOT NULL,
    previous INTEGER,
    time_ms INTEGER NOT NULL,
    cause BLOB,
    value BLOB
  ) STRICT;
  CREATE INDEX log_key ON log (key);
  CREATE TABLE head (
    key TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    create_revision INTEGER NOT NULL,
    due_ms INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX head_due ON head (due_ms) WHERE due_ms IS NOT NULL;
  CREATE TABLE horizon (
    prefix TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    cleaned INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
`;

/** Opens or makes the file. Throws NewerFormat, or StoreFailed when another process has it or it is something else. */
export function openDatabase(path: string, maxBytes?: number): DatabaseSync {
  makeDirectory(dirname(resolve(path)));
  let database: DatabaseSync | undefined;
  try {
    // A server that was just killed may hold the file for a moment.
    database = new DatabaseSync(path, { timeout: 2000 });
    prepare(database, path);
    if (maxBytes !== undefined) database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / pragma(database, 'page_size')))}`);
    // What a killed process wrote without waiting for the disk is shown from now on, so it must be there to stay.
    flush(logFile(path));
    flush(dirname(resolve(path)));
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof NewerFormat || error instanceof StoreFailed) throw error;
    const isBusy = errorCode(error) === 5;
    throw new StoreFailed(isBusy ? `${path} is in use by another process` : `cannot open ${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** SQLite's primary result code, when it is SQLite's error. */
export const errorCode = (error: unknown): number | undefined => {
  const code = (error as { errcode?: number }).errcode; // node:sqlite's errors carry the extended code
  return code === undefined ? undefined : code & 0xff;
};

function prepare(database: DatabaseSync, path: string): void {
  // Alone with its file: no shared memory, no locks to take for each transaction, and no second server by mistake.
  database.exec('PRAGMA locking_mode = EXCLUSIVE');
  const owner = pragma(database, 'application_id');
  if (owner !== 0 && owner !== applicationId) throw new StoreFailed(`${path} is a database of something else`);
  const written = pragma(database, 'user_version');
  if (written > format) throw new NewerFormat(`${path} has log format ${written}; this version reads up to ${format}`);
  const isNew = written === 0;
  if (isNew && owner === 0 && database.prepare('SELECT 1 FROM sqlite_schema').get() !== undefined) throw new StoreFailed(`${path} is a database of something else`);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000');
  if (isNew) database.exec(`BEGIN IMMEDIATE; ${tables} PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${format}; COMMIT`);
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}

/** Makes it and what is missing above it, so that the names survive a power cut. */
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  makeDirectory(parent);
  mkdirSync(path, { mode: 0o700 });
  flush(parent);
}

/** Where SQLite writes first: the file whose flush makes commits durable. */
export const logFile = (path: string): string => `${path}-wal`;

/** Of a file or a directory. */
function flush(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
