/** Files in memory, with the errors the real ones give. */
import type { Clock } from '@kaji/base';
import type { Files, FileStatus } from '../host.ts';

interface Entry {
  kind: FileStatus['kind'];
  content: Uint8Array;
  /** Where a symlink points. */
  target: string;
  mode: number;
  modifiedMs: number;
  uid: number;
  gid: number;
}

/** Files in memory. Symlinks are followed when a file is read, not within a path. */
export class SimulatedFiles implements Files {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #watchers = new Set<{ readonly path: string; wake: () => void }>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#put('/', 'directory', 0o755);
  }

  async read(path: string): Promise<Uint8Array | undefined> {
    const entry = this.#resolve(path);
    if (entry === undefined) return undefined;
    if (entry.kind === 'directory') throw failure('EISDIR', `read ${path}`);
    return entry.content;
  }

  async readText(path: string): Promise<string | undefined> {
    const content = await this.read(path);
    return content === undefined ? undefined : new TextDecoder().decode(content);
  }

  async write(path: string, content: string | Uint8Array, options: { readonly mode?: number; readonly uid?: number; readonly gid?: number } = {}): Promise<void> {
    this.#needParent(path);
    const existing = this.#resolve(path);
    if (existing?.kind === 'directory') throw failure('EISDIR', `open ${path}`);
    const entry = existing ?? this.#put(path, 'file', options.mode ?? 0o644);
    entry.content = typeof content === 'string' ? new TextEncoder().encode(content) : content.slice();
    entry.mode = options.mode ?? entry.mode;
    entry.uid = options.uid ?? entry.uid;
    entry.gid = options.gid ?? entry.gid;
    this.#touch(path, entry);
  }

  async append(path: string, content: string | Uint8Array): Promise<void> {
    const before = (await this.read(path)) ?? new Uint8Array();
    const added = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const joined = new Uint8Array(before.length + added.length);
    joined.set(before);
    joined.set(added, before.length);
    await this.write(path, joined);
  }

  async makeDirectory(path: string, options: { readonly mode?: number } = {}): Promise<void> {
    this.#makeDirectory(normal(path), options.mode ?? 0o755);
  }

  #makeDirectory(path: string, mode: number): void {
    const existing = this.#resolve(path);
    if (existing?.kind === 'directory') return;
    if (existing !== undefined) throw failure('EEXIST', `mkdir ${path}`);
    this.#makeDirectory(parent(path), mode);
    this.#touch(path, this.#put(path, 'directory', mode));
  }

  async list(path: string): Promise<readonly string[]> {
    const prefix = normal(path) === '/' ? '/' : `${normal(path)}/`;
    const names = new Set<string>();
    for (const key of this.#entries.keys()) if (key !== '/' && key.startsWith(prefix)) names.add(key.slice(prefix.length).split('/')[0] ?? '');
    return [...names].sort();
  }

  async status(path: string): Promise<FileStatus | undefined> {
    const entry = this.#entries.get(normal(path));
    if (entry === undefined) return undefined;
    const { kind, mode, modifiedMs, uid, gid } = entry;
    return { kind, sizeBytes: entry.content.length, mode, modifiedMs, uid, gid };
  }

  async remove(path: string): Promise<void> {
    const clean = normal(path);
    for (const key of [...this.#entries.keys()]) if (key === clean || key.startsWith(`${clean}/`)) this.#entries.delete(key);
    this.#wake(clean);
  }

  async removeEmptyDirectory(path: string): Promise<void> {
    const clean = normal(path);
    if (this.#entries.get(clean)?.kind !== 'directory') throw failure('ENOENT', `rmdir ${path}`);
    if ((await this.list(clean)).length > 0) throw failure('ENOTEMPTY', `rmdir ${path}`);
    await this.remove(clean);
  }

  async rename(from: string, to: string): Promise<void> {
    const [source, target] = [normal(from), normal(to)];
    if (!this.#entries.has(source)) throw failure('ENOENT', `rename ${from}`);
    this.#needParent(target);
    this.#entries.delete(target);
    for (const [key, entry] of [...this.#entries]) {
      if (key !== source && !key.startsWith(`${source}/`)) continue;
      this.#entries.delete(key);
      this.#entries.set(target + key.slice(source.length), entry);
    }
    this.#wake(source);
    this.#wake(target);
  }

  async symlink(target: string, path: string): Promise<void> {
    this.#needParent(path);
    if (this.#entries.has(normal(path))) throw failure('EEXIST', `symlink ${path}`);
    const entry = this.#put(path, 'symlink', 0o777);
    entry.target = target;
    this.#touch(path, entry);
  }

  async readLink(path: string): Promise<string | undefined> {
    const entry = this.#entries.get(normal(path));
    return entry?.kind === 'symlink' ? entry.target : undefined;
  }

  async chmod(path: string, mode: number): Promise<void> {
    this.#need(path).mode = mode;
  }

  async chown(path: string, uid: number, gid: number): Promise<void> {
    const entry = this.#need(path);
    entry.uid = uid;
    entry.gid = gid;
  }

  async readAt(path: string, offset: number, length: number): Promise<Uint8Array> {
    return this.#need(path).content.slice(offset, offset + length);
  }

  async usedBytes(path: string): Promise<number> {
    const top = normal(path);
    let total = 0;
    for (const [at, entry] of this.#entries) if (at === top || at.startsWith(`${top}/`)) total += entry.content.length;
    return total;
  }

  async usage(): ReturnType<Files['usage']> {
    return { capacityBytes: 100 * 2 ** 30, availableBytes: 80 * 2 ** 30, inodes: 1_000_000, freeInodes: 900_000 };
  }

  async *watch(path: string, signal: AbortSignal): AsyncGenerator<void> {
    this.#need(path);
    let changed = Promise.withResolvers<undefined>();
    const watcher = { path: normal(path), wake: (): void => { changed.resolve(undefined); } };
    const onAbort = (): void => { changed.resolve(undefined); };
    this.#watchers.add(watcher);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      for (;;) {
        if (signal.aborted) return;
        await changed.promise;
        if (signal.aborted) return;
        changed = Promise.withResolvers();
        yield;
      }
    } finally {
      this.#watchers.delete(watcher);
      signal.removeEventListener('abort', onAbort);
    }
  }

  #put(path: string, kind: FileStatus['kind'], mode: number): Entry {
    const entry: Entry = { kind, content: new Uint8Array(), target: '', mode, modifiedMs: this.#clock.now(), uid: 0, gid: 0 };
    this.#entries.set(normal(path), entry);
    return entry;
  }

  #touch(path: string, entry: Entry): void {
    entry.modifiedMs = this.#clock.now();
    this.#wake(normal(path));
  }

  #wake(path: string): void {
    for (const watcher of this.#watchers) if (watcher.path === path || watcher.path === parent(path)) watcher.wake();
  }

  #resolve(path: string, depth = 0): Entry | undefined {
    const clean = normal(path);
    const entry = this.#entries.get(clean);
    if (entry?.kind === 'symlink') return depth > 8 ? undefined : this.#resolve(entry.target.startsWith('/') ? entry.target : `${parent(clean)}/${entry.target}`, depth + 1);
    if (entry !== undefined || clean === '/') return entry;
    // A directory above may be a link, as in the kubelet's atomic volumes (`..data`).
    for (let above = parent(clean); above !== '/'; above = parent(above)) {
      const link = this.#entries.get(above);
      if (link?.kind !== 'symlink' || depth > 8) continue;
      const base = link.target.startsWith('/') ? link.target : `${parent(above)}/${link.target}`;
      return this.#resolve(base + clean.slice(above.length), depth + 1);
    }
    return undefined;
  }

  #need(path: string): Entry {
    const entry = this.#resolve(path);
    if (entry === undefined) throw failure('ENOENT', path);
    return entry;
  }

  #needParent(path: string): void {
    const above = this.#resolve(parent(normal(path)));
    if (above === undefined) throw failure('ENOENT', `open ${path}`);
    if (above.kind !== 'directory') throw failure('ENOTDIR', `open ${path}`);
  }
}

function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

function parent(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}

function failure(code: string, what: string): Error {
  return Object.assign(new Error(`${code}: ${what}`), { code });
}
