/** A file of this process's own that goes when it is told to. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFile {
  readonly path: string;
  remove(): Promise<void>;
}

/** Readable by its owner only. */
export async function temporaryFile(name: string, content: string): Promise<TemporaryFile> {
  const directory = await mkdtemp(join(tmpdir(), 'kaji-'));
  const path = join(directory, name);
  await writeFile(path, content, { mode: 0o600 });
  return { path, remove: () => rm(directory, { recursive: true, force: true }) };
}
