/** Counts successes and failures of one probe, as a pure function. */
import type { Probe } from '@kaji/api/core/v1';

export type ProbeKind = 'startup' | 'readiness' | 'liveness';
export type Outcome = 'success' | 'failure';

export interface ProbeState {
  /** What holds now. */
  readonly verdict: Outcome | 'unknown';
  readonly last: Outcome | undefined;
  /** How often the last outcome came in a row. */
  readonly run: number;
}

export const firstProbe = (kind: ProbeKind): ProbeState => ({ verdict: kind === 'liveness' ? 'success' : kind === 'readiness' ? 'failure' : 'unknown', last: undefined, run: 0 });

export interface Timing {
  readonly initialDelayMs: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
}

export const timingOf = (probe: Probe): Timing => ({
  initialDelayMs: (probe.initialDelaySeconds ?? 0) * 1000,
  periodMs: Math.max(1, probe.periodSeconds ?? 10) * 1000,
  timeoutMs: Math.max(1, probe.timeoutSeconds ?? 1) * 1000,
  successThreshold: Math.max(1, probe.successThreshold ?? 1),
  failureThreshold: Math.max(1, probe.failureThreshold ?? 3),
});

export function probeStep(state: ProbeState, outcome: Outcome, timing: Timing): ProbeState {
  const run = state.last === outcome ? state.run + 1 : 1;
  const threshold = outcome === 'success' ? timing.successThreshold : timing.failureThreshold;
  return { verdict: run < threshold ? state.verdict : outcome, last: outcome, run };
}
