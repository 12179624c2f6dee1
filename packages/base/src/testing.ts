import { VirtualClock } from './clock.ts';
import { silentLog } from './log.ts';
import { noMetrics } from './metrics.ts';
import { seededStreams } from './random.ts';
import type { Runtime } from './runtime.ts';

/** A runtime that repeats: a virtual clock, seeded chance, no output. */
export function testRuntime(seed = 1): Runtime & { readonly clock: VirtualClock } {
  return { clock: new VirtualClock(), random: seededStreams(seed), log: silentLog, metrics: noMetrics };
}
