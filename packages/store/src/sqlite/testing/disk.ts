/** A disk as the worst one allowed: what was not synced may be lost, in part and out of order. */
import type { Random } from '@kaji/base';
import type { TraceEvent } from './trace.ts';

/** What is left of what was not synced: nothing, all, or some of it with the last write torn. */
export type Survival = 'synced' | 'everything' | 'torn';

const sectorBytes = 512;

type Change = { readonly type: 'write'; readonly offset: number; readonly data: Buffer } | { readonly type: 'truncate'; readonly size: number };

class File {
  synced: Buffer = Buffer.alloc(0);
  readonly pending: Change[] = [];
}

type FileEvent = Exclude<TraceEvent, { type: 'output' }>;

export class Disk {
  /** Names as they are now, and as they are for sure after a crash. */
  readonly #now = new Map<string, File>();
  #synced = new Map<string, File>();

  apply(event: FileEvent): void {
    switch (event.type) {
      case 'create': {
        if (!this.#now.has(event.path)) this.#now.set(event.path, new File());
        return;
      }
      case 'write': case 'truncate': {
        this.#now.get(event.path)?.pending.push(event);
        return;
      }
      case 'unlink': {
        this.#now.delete(event.path);
        return;
      }
      case 'sync': {
        this.#sync(event.path, event.covers);
        return;
      }
      default: event satisfies never;
    }
  }

  /** The files, by path, as they may look when the machine comes back. */
  afterCrash(survival: Survival, random: Random): Map<string, Buffer> {
    const names = survival === 'everything' ? this.#now : this.#synced;
    return new Map([...names].map(([path, file]) => [path, contentOf(file, survival, random)]));
  }

  #sync(path: string, covers: number): void {
    if (path === '') {
      this.#synced = new Map(this.#now); // the directory: the names
      return;
    }
    const file = this.#now.get(path);
    if (file === undefined) return;
    for (const change of file.pending.splice(0, covers)) file.synced = changed(file.synced, change);
  }
}

function contentOf(file: File, survival: Survival, random: Random): Buffer {
  if (survival === 'synced') return file.synced;
  if (survival === 'everything') return file.pending.reduce(changed, file.synced);
  const kept = file.pending.filter(() => random() < 0.5);
  const torn = kept.pop();
  const content = kept.reduce(changed, file.synced);
  if (torn?.type !== 'write') return content;
  const sectors = Math.floor((random() * torn.data.length) / sectorBytes);
  return changed(content, { ...torn, data: torn.data.subarray(0, sectors * sectorBytes) });
}

function changed(content: Buffer, change: Change): Buffer {
  if (change.type === 'truncate') {
    const size = Buffer.alloc(change.size);
    content.copy(size);
    return size;
  }
  const end = change.offset + change.data.length;
  const grown = end <= content.length ? Buffer.from(content) : Buffer.concat([content, Buffer.alloc(end - content.length)]);
  change.data.copy(grown, change.offset);
  return grown;
}
