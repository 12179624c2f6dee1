/** What a process or thread that goes on does with the memory and the compiled code that its start, or a busy hour, leaves. */
import { flushCompileCache } from 'node:module';
import { performance } from 'node:perf_hooks';
import type { Clock } from '../clock.ts';
import { collectGarbage, trimHeap } from './collect-garbage.ts';

/** By then a process or thread that goes on is up, and has run most of its code once. */
const settledMs = 10_000;
/** The share of its time that one at rest does not work. */
const restingShare = 0.7;
/** So much work leaves garbage that is worth a collection: load leaves it in seconds, a cluster at rest in minutes. */
const worthwhileMs = 3000;
/** A little after a process has collected its own, all of its threads have, too. */
const trimDelayMs = 3000;

/**
 * Once a process or thread has started: keeps what it compiled for the next (Node does so at the end, which one that is
 * killed does not see). Whenever it rests after work: gives back what the work needed, which V8 does when more is asked for,
 * and a cluster at rest asks for nothing. The function returned calls both off.
 */
export function settleLater(clock: Clock, what: 'process' | 'thread'): () => void {
  let lately = performance.eventLoopUtilization();
  let collected: typeof lately | undefined;
  let cancelTrim = (): void => undefined;
  const look = (): void => {
    // It takes a third of a second where there is much: nobody is to wait for it.
    const isBusy = performance.eventLoopUtilization(lately).utilization > 1 - restingShare;
    lately = performance.eventLoopUtilization();
    if (!isBusy && (collected === undefined || performance.eventLoopUtilization(collected).active > worthwhileMs)) {
      collectGarbage();
      collected = performance.eventLoopUtilization();
      if (what === 'process') cancelTrim = clock.setTimer(trimDelayMs, trimHeap);
    }
    cancel = clock.setTimer(settledMs, look);
  };
  let cancel = clock.setTimer(settledMs, () => {
    flushCompileCache();
    look();
  });
  return () => {
    cancel();
    cancelTrim();
  };
}
