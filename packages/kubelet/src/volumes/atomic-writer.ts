/**
 * Writes a payload so that readers see all of the old files or all of the new ones: each version lies in a directory
 * of its own, `..data` points at the one that holds, and what readers open are links through it.
 */
import type { Files } from '@kaji/host';
import type { Payload, PayloadFile } from './payload.ts';

const dataLink = '..data';

export interface AtomicWriteOptions {
  /** Tells two versions apart; only grows. */
  readonly version: string;
  /** Group of every file, and readable by it. */
  readonly gid?: number | undefined;
}

/** Gives whether anything changed. */
export async function writeAtomically(files: Files, directory: string, payload: Payload, options: AtomicWriteOptions): Promise<boolean> {
  await files.makeDirectory(directory, { mode: 0o777 });
  const current = await files.readLink(`${directory}/${dataLink}`);
  if (current !== undefined && (await isSame(files, `${directory}/${current}`, payload))) return false;
  const version = `..${options.version}`;
  await writeVersion(files, `${directory}/${version}`, payload, options.gid);
  await files.remove(`${directory}/..data_tmp`);
  await files.symlink(version, `${directory}/..data_tmp`);
  await files.rename(`${directory}/..data_tmp`, `${directory}/${dataLink}`);
  const wanted = new Set([...payload.keys()].map((path) => path.split('/')[0] ?? path));
  const present = await files.list(directory);
  for (const name of wanted) if (!present.includes(name)) await files.symlink(`${dataLink}/${name}`, `${directory}/${name}`);
  for (const name of present) if (!name.startsWith('..') && !wanted.has(name)) await files.remove(`${directory}/${name}`);
  for (const name of present) if (name.startsWith('..') && name !== dataLink && name !== version) await files.remove(`${directory}/${name}`);
  return true;
}

async function writeVersion(files: Files, directory: string, payload: Payload, gid: number | undefined): Promise<void> {
  await files.makeDirectory(directory, { mode: 0o755 });
  for (const [path, file] of payload) {
    const parent = path.split('/').slice(0, -1).join('/');
    if (parent !== '') await files.makeDirectory(`${directory}/${parent}`, { mode: 0o755 });
    const mode = gid === undefined ? file.mode : file.mode | 0o440;
    await files.write(`${directory}/${path}`, file.content, { mode });
    await files.chmod(`${directory}/${path}`, mode);
    if (gid !== undefined || file.uid !== undefined) await files.chown(`${directory}/${path}`, file.uid ?? 0, gid ?? 0);
  }
}

async function isSame(files: Files, directory: string, payload: Payload): Promise<boolean> {
  let count = 0;
  for await (const path of walk(files, directory, '')) {
    const wanted = payload.get(path);
    if (wanted === undefined || !(await holds(files, `${directory}/${path}`, wanted))) return false;
    count++;
  }
  return count === payload.size;
}

async function holds(files: Files, path: string, wanted: PayloadFile): Promise<boolean> {
  const content = await files.read(path);
  return content !== undefined && Buffer.compare(content, wanted.content) === 0;
}

async function* walk(files: Files, directory: string, below: string): AsyncIterable<string> {
  for (const name of await files.list(below === '' ? directory : `${directory}/${below}`)) {
    const path = below === '' ? name : `${below}/${name}`;
    const status = await files.status(`${directory}/${path}`);
    if (status?.kind === 'directory') yield* walk(files, directory, path);
    else yield path;
  }
}
