import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { RandomStreams } from './random.ts';

/** What every component is given. Nothing reaches for time, chance or output by itself. */
export interface Runtime {
  readonly clock: Clock;
  readonly random: RandomStreams;
  readonly log: Log;
  readonly metrics: Metrics;
}
