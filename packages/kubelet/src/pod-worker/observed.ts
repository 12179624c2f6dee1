/** What the runtime holds of one pod, reduced to what decisions and statuses need. Times are milliseconds since the epoch. */

export interface ObservedSandbox {
  readonly id: string;
  readonly attempt: number;
  readonly isReady: boolean;
  readonly createdAtMs: number;
  /** Empty with the host's network. */
  readonly addresses: readonly string[];
  readonly isHostNetwork: boolean;
}

export interface ObservedContainer {
  readonly id: string;
  readonly name: string;
  readonly sandboxId: string;
  readonly state: 'created' | 'running' | 'exited' | 'unknown';
  readonly image: string;
  readonly imageId: string;
  readonly restartCount: number;
  /** Of the specification it was made from. */
  readonly hash: string;
  readonly createdAtMs: number;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
  readonly logPath: string;
  readonly user?: { readonly uid: number; readonly gid: number; readonly supplementalGroups: readonly number[] };
}

/** Both lists: the newest first. */
export interface Observed {
  readonly sandboxes: readonly ObservedSandbox[];
  readonly containers: readonly ObservedContainer[];
}

export const nothingObserved: Observed = { sandboxes: [], containers: [] };

export const latest = (observed: Observed, name: string): ObservedContainer | undefined => observed.containers.find((container) => container.name === name);

/** The sandbox that containers run in now. */
export const readySandbox = (observed: Observed): ObservedSandbox | undefined => {
  const sandbox = observed.sandboxes[0];
  return sandbox?.isReady === true ? sandbox : undefined;
};

export const isAnyRunning = (observed: Observed): boolean => observed.containers.some((container) => container.state === 'running');
