/** What a process or thread that goes on does with the memory and the compiled code that its start, or a busy hour, leaves. */
import type * as ffi from 'node:ffi';
import { flushCompileCache } from 'node:module';
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Clock } from '../clock.ts';

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

/** What has not run since the collection before is compiled again when it is called: of a start, that is most. */
const forgetting: readonly string[] = ['--bytecode-old-age=1', '--flush-baseline-code'];
/** V8's own values. */
const keeping: readonly string[] = ['--bytecode-old-age=6', '--no-flush-baseline-code'];

/** V8 lends its collector to contexts that are made while the flag is set. It stays set: other threads do the same. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (how: { readonly type: 'major'; readonly flavor: 'last-resort' }) => void; // V8's own
  for (const flag of forgetting) setFlagsFromString(flag);
  for (let count = 0; count < 2; count++) collect({ type: 'major', flavor: 'last-resort' });
  for (const flag of keeping) setFlagsFromString(flag);
}

/**
 * The C library keeps what is freed between blocks in use (20 MB of a server's 110 after its start) until it is asked for it,
 * and only C can ask. Where this Node or this C library has no way, it stays.
 */
function trimHeap(): void {
  const foreign = process.getBuiltinModule('node:ffi') as typeof ffi | undefined; // younger than the oldest Node that we run on
  if (foreign === undefined) return;
  try {
    using library = foreign.dlopen(null, { malloc_trim: { arguments: ['uint64'], return: 'int32' } });
    library.functions.malloc_trim(0n);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_FFI_CALL_FAILED') throw error; // otherwise a C library that has no such function
  }
}
