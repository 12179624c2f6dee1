/** Files of the real machine. */
import type { Stats } from 'node:fs';
import { appendFile, chmod, chown, lstat, mkdir, open, readdir, readFile, readlink, rename, rm, rmdir, statfs, symlink, watch } from 'node:fs/promises';
import type { Files, FileStatus, WriteFileOptions } from './host.ts';
import { isCode } from './real-processes.ts';

export function realFiles(): Files {
  let temporaries = 0;
  return {
    read: (path) => orAbsent(readFile(path)),
    readText: (path) => orAbsent(readFile(path, 'utf8')),
    async write(path, content, options = {}) {
      if (options.isAtomic !== true) return writeThrough(path, content, options);
      const temporary = `${path}.${process.pid}-${temporaries++}.new`;
      try {
        await writeThrough(temporary, content, options);
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
    append: (path, content) => appendFile(path, content),
    async makeDirectory(path, options = {}) {
      const first = await mkdir(path, { recursive: true });
      // The mode is set by itself, because mkdir's is cut by the umask.
      if (options.mode !== undefined && first !== undefined) await chmod(path, options.mode);
    },
    async list(path) {
      return ((await orAbsent(readdir(path))) ?? []).sort();
    },
    async status(path) {
      const status = await orAbsent(lstat(path));
      return status === undefined ? undefined : describe(status);
    },
    remove: (path) => rm(path, { recursive: true, force: true }),
    removeEmptyDirectory: rmdir,
    rename,
    symlink,
    readLink: (path) => orAbsent(readlink(path)),
    chmod,
    chown,
    async readAt(path, offset, length) {
      await using file = await open(path, 'r');
      const buffer = Buffer.allocUnsafe(length);
      const { bytesRead } = await file.read(buffer, 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
    usedBytes,
    async usage(path) {
      const stats = await statfs(path);
      return { capacityBytes: stats.blocks * stats.bsize, availableBytes: stats.bavail * stats.bsize, inodes: stats.files, freeInodes: stats.ffree };
    },
    watch: watchPath,
  };
}

/** One directory after the other: a deep tree must not open thousands at once. */
async function usedBytes(path: string): Promise<number> {
  const status = await orAbsent(lstat(path));
  if (status === undefined) return 0;
  let total = status.blocks * 512;
  if (status.isDirectory()) for (const name of (await orAbsent(readdir(path))) ?? []) total += await usedBytes(`${path}/${name}`);
  return total;
}

async function writeThrough(path: string, content: string | Uint8Array, options: WriteFileOptions): Promise<void> {
  await using file = await open(path, 'w', options.mode);
  if (options.mode !== undefined) await file.chmod(options.mode);
  if (options.uid !== undefined || options.gid !== undefined) await file.chown(options.uid ?? -1, options.gid ?? -1);
  await file.writeFile(content);
  if (options.isAtomic === true) await file.sync();
}

async function* watchPath(path: string, signal: AbortSignal): AsyncGenerator<void> {
  try {
    // maxQueue 1: what is still waiting to be seen stands for all changes since.
    for await (const _ of watch(path, { signal, maxQueue: 1, overflow: 'ignore' })) yield;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function orAbsent<T>(pending: Promise<T>): Promise<T | undefined> {
  try {
    return await pending;
  } catch (error) {
    // ENOTDIR: a parent is a file; EINVAL: readlink of something that is no link.
    if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR') || isCode(error, 'EINVAL')) return undefined;
    throw error;
  }
}

function describe(status: Stats): FileStatus {
  const kind = status.isFile() ? 'file' : status.isDirectory() ? 'directory' : status.isSymbolicLink() ? 'symlink' : status.isSocket() ? 'socket' : 'other';
  return { kind, sizeBytes: status.size, mode: status.mode & 0o7777, modifiedMs: status.mtimeMs, uid: status.uid, gid: status.gid };
}

