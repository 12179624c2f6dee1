// Objects that a cluster cannot do without come back when they were deleted or spoilt while the server runs.
import { type Runtime, sleep } from '@kaji/base';
import type { Seed } from '../registry/parts.ts';

export interface Restoration {
  readonly everyMs: number;
  /** What has to be written now. Asked at every turn: it reads the watch caches only. */
  stale(): readonly Seed[];
  seed(seeds: readonly Seed[]): Promise<void>;
}

/** Runs until the signal. */
export async function restore({ clock }: Runtime, { everyMs, stale, seed }: Restoration, signal: AbortSignal): Promise<void> {
  for (;;) {
    await sleep(clock, everyMs, signal);
    const seeds = stale();
    if (seeds.length > 0) await seed(seeds);
  }
}
