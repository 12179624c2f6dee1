import type { Runtime } from '../runtime.ts';
import { realClock } from './clock.ts';
import { pinoLog } from './log.ts';
import { prometheusMetrics } from './metrics.ts';
import { realStreams } from './random.ts';

export { pinoLog, prometheusMetrics, realClock, realStreams };

/** The runtime of a real process. */
export function realRuntime(level: 'debug' | 'info' | 'warn' | 'error' = 'info'): Runtime {
  return { clock: realClock, random: realStreams(), log: pinoLog(level), metrics: prometheusMetrics() };
}
