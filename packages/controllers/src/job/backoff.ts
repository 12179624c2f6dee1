/** How long a Job waits before it replaces pods that failed. */
import type { Pod } from '@kaji/api/core/v1';
import { endedAt } from './pods.ts';

const firstMs = 10_000;
const maxMs = 600_000;

export interface Failures {
  /** In a row, since the last success. */
  readonly count: number;
  readonly lastAtMs: number;
}

export const noFailures: Failures = { count: 0, lastAtMs: 0 };

/** Ends that were not known before, in the order they came. */
export function countFailures(before: Failures, succeeded: readonly Pod[], failed: readonly Pod[], now: number): Failures {
  const ends = [...succeeded.map((pod) => ({ at: endedAt(pod, now), isFailure: false })), ...failed.map((pod) => ({ at: endedAt(pod, now), isFailure: true }))].sort((a, b) => a.at - b.at);
  return ends.reduce<Failures>((known, { at, isFailure }) => (isFailure ? { count: known.count + 1, lastAtMs: Math.max(known.lastAtMs, at) } : noFailures), before);
}

/** 10 s after the first failure, twice as long after each further one, ten minutes at most. */
export const backoffMs = ({ count, lastAtMs }: Failures, now: number): number => (count === 0 ? 0 : Math.max(0, lastAtMs + Math.min(maxMs, firstMs * 2 ** (count - 1)) - now));
