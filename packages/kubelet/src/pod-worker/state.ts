/** What one pod's worker knows: the only place where it is written down what happens to the pod. */
import type { Pod, PodStatus } from '@kaji/api/core/v1';
import { nothingObserved, type Observed } from './observed.ts';

/**
 * - `admitted`: known, nothing done yet.
 * - `starting`: no sandbox yet.
 * - `running`: containers are kept as the specification wants them.
 * - `terminating`: containers are being stopped.
 * - `terminated`: nothing runs any more; what the pod left behind is removed.
 */
export type Phase = 'admitted' | 'starting' | 'running' | 'terminating' | 'terminated';

export interface Waiting {
  readonly reason: string;
  readonly message?: string;
}

export interface CrashBackoff {
  readonly delayMs: number;
  readonly updatedAt: number;
}

/** What probes say of one container (by its id). Absent: not said yet. */
export interface ProbeResults {
  readonly hasStarted?: boolean;
  readonly isReady?: boolean;
  readonly isAlive?: boolean;
}

/** Why a pod ends that was not deleted and did not end by itself. */
export interface Ending {
  readonly phase: 'Failed' | 'Succeeded';
  readonly reason: string;
  readonly message: string;
  /** The node did not take it: there were never containers to tell of. */
  readonly isRefusal?: true;
  /** What its containers are given to end in, where that is not what the pod asks for. */
  readonly graceSeconds?: number;
}

export interface PodState {
  readonly phase: Phase;
  readonly pod: Pod;
  readonly observed: Observed;
  /** Status as it was when the kubelet met the pod: times and counts go on from there. */
  readonly known: PodStatus;
  readonly acceptedAt: number;
  /** A round of starting and killing is under way. */
  readonly isSyncing: boolean;
  /** The object is gone from its source. */
  readonly isRemoved: boolean;
  readonly waiting: Readonly<Record<string, Waiting>>;
  readonly backoff: Readonly<Record<string, CrashBackoff>>;
  readonly probes: Readonly<Record<string, ProbeResults>>;
  readonly ending?: Ending;
  /** Seconds the containers were given when the stopping began. */
  readonly graceSeconds?: number;
  /** No new round before this time: the last one failed. */
  readonly retryAt?: number;
}

export const admit = (pod: Pod, now: number): PodState => ({
  phase: 'admitted', pod, observed: nothingObserved, known: pod.status ?? {}, acceptedAt: now, isSyncing: false, isRemoved: false,
  waiting: {}, backoff: {}, probes: {},
});
