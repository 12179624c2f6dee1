/**
 * All objects of one resource, in memory, in key order, with the events that led there. Reads and watches are served
 * from here; the store is asked only for the past.
 */
import type { ApiObject } from '@kaji/api';
import type { Change, KeyValue, Revision } from '@kaji/store';
import { type CacheEvent, defaultLimits, EventRing, type RingLimits } from './event-ring.ts';
import { type Codec, Item } from './item.ts';
import { SortedMap, type SortedView } from './sorted-map.ts';

/** How many objects stay decoded. The rest are bytes, decoded again when somebody asks. */
const decodedLimit = 1000;
/** How many earlier states stay readable for the pages of a list. */
const snapshotLimit = 32;

export interface Snapshot {
  readonly revision: Revision;
  readonly items: SortedView<Item>;
}

interface Kept extends Snapshot {
  readonly takenMs: number;
}

export type Subscriber = (change: { readonly item: Item | undefined; readonly previous: Item | undefined }) => void;

export class WatchCache {
  readonly prefix: string;
  readonly codec: Codec;
  readonly #items = new SortedMap<Item>();
  #ring: EventRing;
  readonly #limits: RingLimits;
  #revision: Revision = 0;
  #current: Snapshot | undefined;
  readonly #kept = new Map<Revision, Kept>();
  /** Items that writers made already, until their change arrives from the store. */
  readonly #offered = new Map<string, Item>();
  #decoded: Item[] = [];
  readonly #subscribers = new Set<Subscriber>();
  readonly #waiting = new Set<() => void>();
  #hasNews = false;

  constructor(prefix: string, codec: Codec, limits: RingLimits = defaultLimits) {
    this.prefix = prefix;
    this.codec = codec;
    this.#limits = limits;
    this.#ring = new EventRing(0, limits);
  }

  /** The store's revision that this cache shows. */
  get revision(): Revision {
    return this.#revision;
  }

  get size(): number {
    return this.#items.size;
  }

  get ring(): EventRing {
    return this.#ring;
  }

  get(key: string): Item | undefined {
    const item = this.#items.get(key);
    if (item !== undefined && !item.isDecoded) this.#remember(item);
    return item;
  }

  range(start: string, end: string): Iterable<Item> {
    return this.#items.range(start, end);
  }

  /** The state now. It stands still while writes go on. */
  snapshot(): Snapshot {
    if (this.#current === undefined) {
      this.#current = { revision: this.#revision, items: this.#items.snapshot() };
    } else if (this.#current.revision !== this.#revision) {
      this.#current = { revision: this.#revision, items: this.#current.items }; // other resources moved on; this one did not
    }
    return this.#current;
  }

  /** A snapshot that later pages will ask for. */
  keep(snapshot: Snapshot, nowMs: number): void {
    if (this.#kept.has(snapshot.revision)) return;
    for (const [revision, { takenMs }] of this.#kept) {
      if (this.#kept.size >= snapshotLimit || nowMs - takenMs > this.#limits.ageMs) this.#kept.delete(revision);
    }
    this.#kept.set(snapshot.revision, { ...snapshot, takenMs: nowMs });
  }

  kept(revision: Revision): Snapshot | undefined {
    return revision === this.#revision ? this.snapshot() : this.#kept.get(revision);
  }

  /** Fills the cache. `knownSince`: changes from there on will be told by `recall`. */
  load(items: readonly KeyValue[], revision: Revision, knownSince: Revision = revision): void {
    for (const { key, value, modRevision } of items) this.#items.set(key, new Item(key, modRevision, value, this.codec));
    this.#revision = revision;
    this.#current = undefined;
    this.#ring = new EventRing(knownSince, this.#limits);
  }

  /** A change from before the cache was filled: watchers may resume from there, as if the server had never been away. */
  recall({ type, kv, previous }: Change, timeMs: number): void {
    const itemOf = (of: KeyValue): Item => {
      const there = this.#items.get(of.key);
      return there?.revision === of.modRevision ? there : new Item(of.key, of.modRevision, of.value, this.codec);
    };
    if (type === 'delete' && previous === undefined) return;
    this.#ring.push(eventOf(kv.modRevision, timeMs, type === 'put' ? itemOf(kv) : undefined, previous === undefined ? undefined : itemOf(previous)));
  }

  /** Takes what a writer committed, so that it need not be decoded again. Whichever comes first, this or the change itself, wins. */
  offer(key: string, revision: Revision, stored: Uint8Array, object: ApiObject): Item {
    const there = this.#items.get(key);
    if (there?.revision === revision) return there;
    const item = new Item(key, revision, stored, this.codec, object);
    this.#remember(item);
    if (revision > this.#revision) this.#offered.set(key, item);
    return item;
  }

  apply(change: Change, timeMs: number): void {
    const { key, value, modRevision } = change.kv;
    const previous = this.#items.get(key);
    const offered = this.#offered.get(key);
    if (offered !== undefined && offered.revision <= modRevision) this.#offered.delete(key);
    let item: Item | undefined;
    if (change.type === 'put') {
      item = offered?.revision === modRevision ? offered : new Item(key, modRevision, value, this.codec);
      this.#items.set(key, item);
    } else if (!this.#items.delete(key)) {
      return;
    }
    this.#current = undefined;
    this.#hasNews = true;
    this.#ring.push(eventOf(modRevision, timeMs, item, previous));
    for (const subscriber of this.#subscribers) subscriber({ item, previous });
  }

  /** Everything up to this revision has been applied. */
  advance(revision: Revision): void {
    this.#revision = revision;
    if (!this.#hasNews) return;
    this.#hasNews = false;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  /** Calls back once, when there is something new; the function returned forgets it. */
  whenChanged(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => { this.#waiting.delete(wake); };
  }

  subscribe(subscriber: Subscriber, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#subscribers.add(subscriber);
    signal.addEventListener('abort', () => this.#subscribers.delete(subscriber), { once: true });
  }

  #remember(item: Item): void {
    this.#decoded.push(item);
    if (this.#decoded.length < 2 * decodedLimit) return;
    for (const old of this.#decoded.splice(0, decodedLimit)) old.release();
  }
}

function eventOf(revision: Revision, timeMs: number, item: Item | undefined, previous: Item | undefined): CacheEvent {
  let departed: Item | undefined;
  return {
    revision, timeMs, item, previous,
    departed: () => {
      if (previous === undefined) throw new Error('an event without a previous state has nothing that departed');
      return (departed ??= previous.at(revision));
    },
  };
}
