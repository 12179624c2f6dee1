import { flushCompileCache } from 'node:module';
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Clock } from '../clock.ts';

/** By then a process or thread that goes on is up, and has run most of its code once. */
const settledMs = 10_000;
/** The share of its time that one at rest does not work. */
const restingShare = 0.7;

/**
 * Once a process or thread has started: keeps what it compiled for the next (Node does so at the end, which one that is
 * killed does not see). Once it rests: gives back what its start needed, which V8 does when more is asked for, and a
 * cluster at rest asks for nothing: 20 MB of a server's 125. The function returned calls both off.
 */
export function settleLater(clock: Clock): () => void {
  let since = performance.eventLoopUtilization();
  let cancel = clock.setTimer(settledMs, () => {
    flushCompileCache();
    collect();
  });
  const collect = (): void => {
    const isBusy = performance.eventLoopUtilization(since).utilization > 1 - restingShare;
    since = performance.eventLoopUtilization();
    // It takes a third of a second where there is much: nobody is to wait for it.
    if (isBusy) cancel = clock.setTimer(settledMs, collect);
    else collectGarbage();
  };
  return () => { cancel(); };
}

/** V8 lends its collector to contexts that are made while the flag is set. It stays set: other threads do the same. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (how: { readonly type: 'major'; readonly flavor: 'last-resort' }) => void; // V8's own
  collect({ type: 'major', flavor: 'last-resort' });
}
