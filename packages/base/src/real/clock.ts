import type { Clock } from '../clock.ts';

/** The process's own time. */
export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => { clearTimeout(timer); };
  },
};
