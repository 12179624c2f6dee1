export { compareKeys, isInRange, onlyKey, withPrefix } from './key-order.ts';
export { MemoryStore } from './memory-store.ts';
export type { SqliteOptions } from './sqlite/messages.ts';
export { openSqliteStore, type SqliteStore } from './sqlite/sqlite-store.ts';
export {
  type Batch, type Change, type Commit, type CommitOptions, Compacted, type Expectation, FutureRevision, type History, type HistoryStore, type KeyValue, type ListOptions, type LogEntry, NewerFormat, OutOfSpace, Overloaded, type Page, type Range, type Retention, type Revision,
  type Store, StoreFailed, type StoreOptions, type Write,
} from './store.ts';
