/** Memory that a process or thread does not need any more, given back now: V8 waits for more to be asked for. */
import type * as ffi from 'node:ffi';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Unused in so many collections, compiled code is forgotten, and compiled again when it is called. */
const forgetAfter = { soon: '--bytecode-old-age=1', usually: '--bytecode-old-age=6' };

/**
 * Collects all that is not needed, and the code that has not run since the collection before: of a start, that is most.
 * Its flags are the process's, and other threads collect at the same time: only a number may change under them. (V8 crashes
 * where `--flush-baseline-code` does; a process is started with it.)
 */
export function collectGarbage(): void {
  // V8 lends its collector to contexts that are made while the flag is set. It stays set.
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (how: { readonly type: 'major'; readonly flavor: 'last-resort' }) => void; // V8's own
  setFlagsFromString(forgetAfter.soon);
  for (let count = 0; count < 2; count++) collect({ type: 'major', flavor: 'last-resort' });
  setFlagsFromString(forgetAfter.usually);
}

/**
 * The C library keeps what is freed between blocks in use (20 MB of a server's 110 after its start) until it is asked for it,
 * and only C can ask. Where this Node or this C library has no way, it stays.
 */
export function trimHeap(): void {
  const foreign = process.getBuiltinModule('node:ffi') as typeof ffi | undefined; // younger than the oldest Node that we run on
  if (foreign === undefined) return;
  try {
    using library = foreign.dlopen(null, { malloc_trim: { arguments: ['uint64'], return: 'int32' } });
    library.functions.malloc_trim(0n);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_FFI_CALL_FAILED') throw error; // otherwise a C library that has no such function
  }
}
