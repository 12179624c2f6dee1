/** Hands committed batches to watchers as they happen, and lets each read on from the log where it fell behind. */
import { type Clock, Queue } from '@kaji/base';
import { isInRange } from './key-order.ts';
import type { Batch, Change, LogEntry, Range, Revision } from './store.ts';

/** Batches that wait for one slow reader; beyond them it reads from the log. */
const waitingLimit = 1024;
/** A watcher whose range rests hears no more often than this that the store has moved on. */
const progressMs = 1000;

/** Where a watcher reads what happened before it listened. */
export interface Replay {
  /** Throws Compacted. */
  entries(range: Range, after: Revision, upTo: Revision): AsyncIterable<LogEntry>;
}

export class WatchHub {
  readonly #clock: Clock;
  readonly #watchers = new Set<Watcher>();
  #revision: Revision;
  #isClosed = false;

  constructor(clock: Clock, revision: Revision) {
    this.#clock = clock;
    this.#revision = revision;
  }

  /** The newest revision that was published. */
  get revision(): Revision {
    return this.#revision;
  }

  publish(batch: Batch): void {
    this.#revision = batch.revision;
    if (this.#watchers.size === 0) return;
    const now = this.#clock.monotonic();
    for (const watcher of this.#watchers) watcher.offer(batch, now);
  }

  async *watch(range: Range, after: Revision, signal: AbortSignal, replay: Replay): AsyncGenerator<Batch, void, void> {
    const watcher = new Watcher(range, this.#clock.monotonic());
    const end = (): void => { watcher.close(); };
    signal.addEventListener('abort', end, { once: true });
    this.#watchers.add(watcher);
    try {
      let last = after;
      while (!signal.aborted && !this.#isClosed) {
        // Listens from here on; what came before is in the log.
        const isKnown = last <= this.#revision;
        const upTo = Math.max(last, this.#revision);
        const live = watcher.listen(upTo);
        for await (const { revision, changes } of replay.entries(range, last, upTo)) {
          if (signal.aborted) return;
          yield { revision, changes };
        }
        last = upTo;
        if (isKnown) yield { revision: upTo, changes: [] };
        for await (const batch of live) {
          if (signal.aborted) return;
          last = batch.revision;
          yield batch;
        }
      }
    } catch (error) {
      if (!this.#isClosed) throw error; // a log that was closed under a reader is the end of the watch
    } finally {
      signal.removeEventListener('abort', end);
      watcher.close();
      this.#watchers.delete(watcher);
    }
  }

  /** Ends every watch. */
  close(): void {
    this.#isClosed = true;
    for (const watcher of this.#watchers) watcher.close();
  }
}

class Watcher {
  readonly #range: Range;
  #queue = new Queue<Batch>(waitingLimit);
  #after: Revision = 0;
  #heardAt: number;

  constructor(range: Range, now: number) {
    this.#range = range;
    this.#heardAt = now;
  }

  /** A queue of what is published after `after`. It ends early when its reader falls behind: then read the log and listen again. */
  listen(after: Revision): Queue<Batch> {
    this.#queue = new Queue<Batch>(waitingLimit);
    this.#after = after;
    return this.#queue;
  }

  offer(batch: Batch, now: number): void {
    if (batch.revision <= this.#after) return;
    const changes = this.#matching(batch.changes);
    const isProgress = changes.length === 0;
    if (isProgress && now - this.#heardAt < progressMs) return;
    this.#heardAt = now;
    const own = changes === batch.changes ? batch : { revision: batch.revision, changes };
    if (this.#queue.offer(own) === 'full' && !isProgress) this.#queue.close();
  }

  close(): void {
    this.#queue.close();
  }

  /** The same array when every change is in the range, so that wide watchers share one batch. */
  #matching(changes: readonly Change[]): readonly Change[] {
    const isWanted = (change: Change): boolean => isInRange(this.#range, change.kv.key);
    return changes.every(isWanted) ? changes : changes.filter(isWanted);
  }
}
