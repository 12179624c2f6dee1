/** The store for tests and throw-away clusters: the same log, in memory. */
import { assert, defined, type Runtime } from '@kaji/base';
import { checkWrites } from './check-writes.ts';
import { ExpiryTimer } from './expiry-timer.ts';
import { Horizons } from './horizons.ts';
import { compareKeys, isInRange } from './key-order.ts';
import {
  type Change, type Commit, type CommitOptions, type Expectation, FutureRevision, type HistoryStore, type KeyValue, type ListOptions, type LogEntry, type Page, type Range, type Revision, StoreFailed, type StoreOptions, type Write,
} from './store.ts';
import { WatchHub } from './watch-hub.ts';

/** What a key was from one revision on. Without a value it was deleted then. */
interface Version {
  readonly revision: Revision;
  readonly createRevision: Revision;
  readonly value: Uint8Array | undefined;
}

interface Entry {
  readonly revision: Revision;
  readonly timeMs: number;
  readonly cause: Uint8Array | undefined;
  readonly keys: readonly string[];
}

/** Lists and log entries are made of the store's own bytes: nothing is copied. */
export class MemoryStore implements HistoryStore {
  readonly #runtime: Runtime;
  readonly #horizons: Horizons;
  readonly #hub: WatchHub;
  readonly #expiry: ExpiryTimer;
  /** Every key that has a version, in order. */
  #keys: string[] = [];
  readonly #versions = new Map<string, Version[]>();
  #log: Entry[] = [];
  readonly #dueMs = new Map<string, number>();
  #revision: Revision = 1;
  #timeMs = 0;
  #isClosed = false;

  constructor(runtime: Runtime, options: StoreOptions = {}) {
    this.#runtime = runtime;
    this.#horizons = new Horizons(options.retention ?? []);
    this.#hub = new WatchHub(runtime.clock, this.#revision);
    this.#expiry = new ExpiryTimer(runtime.clock, (nowMs) => { this.#expire(nowMs); });
  }

  async list(range: Range, options: ListOptions = {}): Promise<Page> {
    this.#checkOpen();
    const at = options.at ?? this.#revision;
    if (at > this.#revision) throw new FutureRevision(`revision ${at} is not written yet; the newest is ${this.#revision}`);
    this.#horizons.check(range, at);
    const items: KeyValue[] = [];
    let remaining = 0;
    for (let index = this.#firstIndex(range.start); index < this.#keys.length; index++) {
      const key = this.#keyAt(index);
      if (compareKeys(key, range.end) >= 0) break;
      const version = this.#versionAt(key, at);
      if (version?.value === undefined) continue;
      if (options.limit !== undefined && items.length >= options.limit) remaining++;
      else items.push(keyValue(key, version, options.keysOnly === true ? new Uint8Array(0) : version.value));
    }
    return { items, more: remaining > 0, remaining, revision: at };
  }

  async commit(writes: readonly Write[], options: CommitOptions = {}): Promise<Commit> {
    this.#checkOpen();
    checkWrites(writes);
    const { expect = [] } = options;
    if (!expect.every((expectation) => this.#holds(expectation))) return { committed: false, current: this.#current(expect), revision: this.#revision };
    const changing = writes.filter((write) => write.op === 'put' || this.#live(write.key) !== undefined);
    if (changing.length === 0) return { committed: true, revision: this.#revision };
    this.#revision++;
    this.#timeMs = Math.max(this.#timeMs, this.#runtime.clock.now());
    const changes = changing.map((write) => this.#apply(write));
    this.#log.push({ revision: this.#revision, timeMs: this.#timeMs, cause: options.cause, keys: changes.map(({ kv }) => kv.key) });
    this.#hub.publish({ revision: this.#revision, changes });
    return { committed: true, revision: this.#revision };
  }

  watch(range: Range, after: Revision, signal: AbortSignal): AsyncIterable<{ readonly revision: Revision; readonly changes: readonly Change[] }> {
    return this.#hub.watch(range, after, signal, this);
  }

  async compact(upTo: Revision): Promise<void> {
    this.#checkOpen();
    if (upTo > this.#revision) throw new FutureRevision(`revision ${upTo} is not written yet; the newest is ${this.#revision}`);
    for (const { prefix, keepMs } of this.#horizons.classes) {
      const kept = keepMs === 0 ? upTo : Math.min(upTo, this.#revisionAt(this.#runtime.clock.now() - keepMs));
      this.#horizons.raise(prefix, kept);
    }
    for (const [key, versions] of this.#versions) {
      const left = withoutOld(versions, this.#horizons.of(this.#horizons.classOf(key)));
      if (left.length === 0) this.#versions.delete(key);
      else this.#versions.set(key, left);
    }
    this.#keys = this.#keys.filter((key) => this.#versions.has(key));
    const oldest = Math.min(...this.#horizons.classes.map(({ prefix }) => this.#horizons.of(prefix)));
    this.#log = this.#log.filter(({ revision }) => revision >= oldest);
  }

  async revisionAt(timeMs: number): Promise<Revision> {
    return this.#revisionAt(timeMs);
  }

  async *entries(range: Range, after: Revision, upTo: Revision): AsyncGenerator<LogEntry, void, void> {
    this.#horizons.check(range, after);
    const isLater = (entry: Entry): boolean => entry.revision > after;
    const first = lowerBound(this.#log, isLater);
    for (const entry of this.#log.slice(first)) {
      if (entry.revision > upTo) return;
      const keys = entry.keys.filter((key) => isInRange(range, key));
      if (keys.length === 0) continue;
      this.#horizons.check(range, entry.revision - 1); // the log may have been compacted since the last entry
      const { revision, timeMs, cause } = entry;
      yield { revision, timeMs, ...(cause === undefined ? {} : { cause }), changes: keys.map((key) => this.#changeAt(key, revision)) };
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#expiry.close();
    this.#hub.close();
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new StoreFailed('the store is closed');
  }

  #holds({ key, modRevision }: Expectation): boolean {
    return (this.#live(key)?.revision ?? 0) === modRevision;
  }

  #current(expect: readonly Expectation[]): readonly KeyValue[] {
    return expect.flatMap(({ key }) => {
      const version = this.#live(key);
      return version?.value === undefined ? [] : [keyValue(key, version, version.value)];
    });
  }

  #apply(write: Write): Change {
    const { key } = write;
    const before = this.#live(key);
    const version: Version = { revision: this.#revision, createRevision: before?.createRevision ?? this.#revision, value: write.op === 'put' ? write.value : undefined };
    const versions = this.#versions.get(key);
    if (versions === undefined) {
      this.#keys.splice(this.#firstIndex(key), 0, key);
      this.#versions.set(key, [version]);
    } else versions.push(version);
    this.#setDue(write);
    return change(key, version, before);
  }

  #setDue(write: Write): void {
    if (write.op === 'delete' || write.ttlSeconds === undefined) {
      this.#dueMs.delete(write.key);
      return;
    }
    const dueMs = this.#runtime.clock.now() + write.ttlSeconds * 1000;
    this.#dueMs.set(write.key, dueMs);
    this.#expiry.expect(dueMs);
  }

  #expire(nowMs: number): void {
    const due = [...this.#dueMs].filter(([, dueMs]) => dueMs <= nowMs).map(([key]) => key);
    for (const key of due) void this.commit([{ op: 'delete', key }], { priority: 'background' }); // synchronous in memory
    const next = Math.min(Infinity, ...this.#dueMs.values());
    if (next !== Infinity) this.#expiry.expect(next);
  }

  #live(key: string): Version | undefined {
    const version = this.#versions.get(key)?.at(-1);
    return version?.value === undefined ? undefined : version;
  }

  #versionAt(key: string, at: Revision): Version | undefined {
    return this.#versions.get(key)?.findLast((version) => version.revision <= at);
  }

  #changeAt(key: string, revision: Revision): Change {
    const version = defined(this.#versionAt(key, revision), `version of ${key} at ${revision}`);
    assert(version.revision === revision, 'the log names the revisions of each key');
    return change(key, version, this.#versionAt(key, revision - 1));
  }

  #revisionAt(timeMs: number): Revision {
    const later = lowerBound(this.#log, (entry) => entry.timeMs > timeMs);
    return this.#log[later - 1]?.revision ?? 1;
  }

  /** Where `key` is, or would be, among the keys. */
  #firstIndex(key: string): number {
    return lowerBound(this.#keys, (other) => compareKeys(other, key) >= 0);
  }

  #keyAt(index: number): string {
    return defined(this.#keys[index], 'key inside the bounds');
  }
}

const keyValue = (key: string, version: Version, value: Uint8Array): KeyValue => ({ key, value, createRevision: version.createRevision, modRevision: version.revision });

function change(key: string, version: Version, before: Version | undefined): Change {
  const previous = before?.value === undefined ? undefined : keyValue(key, before, before.value);
  const kv = keyValue(key, version, version.value ?? previous?.value ?? new Uint8Array(0));
  return { type: version.value === undefined ? 'delete' : 'put', kv, ...(previous === undefined ? {} : { previous }) };
}

/** What is left when everything overwritten at or before the horizon is forgotten. */
function withoutOld(versions: Version[], horizon: Revision): Version[] {
  const first = versions.findLastIndex(({ revision }) => revision <= horizon);
  if (first === -1) return versions;
  return versions.slice(versions[first]?.value === undefined ? first + 1 : first);
}

/** The first index where the claim holds, which then holds for all behind it. */
function lowerBound<T>(items: readonly T[], claim: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (claim(items[middle] as T)) high = middle; // inside the bounds
    else low = middle + 1;
  }
  return low;
}
