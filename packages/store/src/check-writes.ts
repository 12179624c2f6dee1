import { assert } from '@kaji/base';
import type { Write } from './store.ts';

/** A revision's writes are numbered within it; this many fit. */
export const writesPerCommit = 4096;

/** What a caller must not ask for. */
export function checkWrites(writes: readonly Write[]): void {
  assert(writes.length > 0, 'a commit writes something');
  assert(writes.length <= writesPerCommit, `a commit has at most ${writesPerCommit} writes`);
  if (writes.length > 1) assert(new Set(writes.map(({ key }) => key)).size === writes.length, 'a commit writes a key once');
}
