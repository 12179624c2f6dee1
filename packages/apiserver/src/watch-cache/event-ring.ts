/**
 * The last events of a resource, numbered. Watchers hold a number, not a buffer of their own: one that is too slow finds
 * its place gone. Bounded by age, bytes and count.
 */
import type { Revision } from '@kaji/store';
import type { Item } from './item.ts';

export interface CacheEvent {
  readonly revision: Revision;
  readonly timeMs: number;
  /** The object after the change; absent when it was deleted. */
  readonly item: Item | undefined;
  readonly previous: Item | undefined;
  /** The last state under the revision of this event: what DELETED shows, to all watchers or to those whose selector it left. */
  departed(): Item;
}

export interface RingLimits {
  readonly ageMs: number;
  readonly sizeBytes: number;
  readonly count: number;
}

/** Kubernetes: what is older than five minutes may be forgotten. */
export const defaultLimits: RingLimits = { ageMs: 300_000, sizeBytes: 16 * 1024 * 1024, count: 100_000 };
const minimumCount = 100;

export class EventRing {
  readonly #limits: RingLimits;
  #events: CacheEvent[] = [];
  #head = 0;
  /** The number of the event at index 0 of the array. */
  #base = 0;
  #sizeBytes = 0;
  /** Changes up to here are no longer known. */
  #forgottenUpTo: Revision;

  constructor(startRevision: Revision, limits: RingLimits = defaultLimits) {
    this.#forgottenUpTo = startRevision;
    this.#limits = limits;
  }

  /** Revisions at and after which a watch can resume. */
  get oldestRevision(): Revision {
    return this.#forgottenUpTo;
  }

  /** The number the next event will get. */
  get next(): number {
    return this.#base + this.#events.length;
  }

  get first(): number {
    return this.#base + this.#head;
  }

  push(event: CacheEvent): void {
    this.#events.push(event);
    this.#sizeBytes += sizeOf(event);
    while (this.#events.length - this.#head > minimumCount && this.#isTooMuch(event.timeMs)) this.#forget();
  }

  at(number: number): CacheEvent | undefined {
    return number < this.first ? undefined : this.#events[number - this.#base];
  }

  /** The number of the first event after a revision; undefined when that is forgotten. */
  after(revision: Revision): number | undefined {
    if (revision < this.#forgottenUpTo) return undefined;
    let low = this.#head;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#events[middle]?.revision ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    return this.#base + low;
  }

  #isTooMuch(nowMs: number): boolean {
    const oldest = this.#events[this.#head];
    return oldest !== undefined && (nowMs - oldest.timeMs > this.#limits.ageMs || this.#sizeBytes > this.#limits.sizeBytes || this.#events.length - this.#head > this.#limits.count);
  }

  #forget(): void {
    const oldest = this.#events[this.#head];
    if (oldest === undefined) return;
    this.#sizeBytes -= sizeOf(oldest);
    this.#forgottenUpTo = oldest.revision;
    this.#head++;
    if (this.#head > 1024 && this.#head * 2 > this.#events.length) {
      this.#events = this.#events.slice(this.#head);
      this.#base += this.#head;
      this.#head = 0;
    }
  }
}

const sizeOf = (event: CacheEvent): number => (event.item?.stored.length ?? 0) + (event.previous?.stored.length ?? 0) + 200;
