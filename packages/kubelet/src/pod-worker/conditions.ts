/** The phase and the conditions of a pod, from the statuses of its containers. */
import type { ContainerStatus, Pod, PodCondition, PodStatus } from '@kaji/api/core/v1';
import { formatTime } from '@kaji/schema';
import { readySandbox } from './observed.ts';
import { allContainers, isHostNetwork, isSidecar, isStatic, restartsAfter, type RoledContainer } from './pod-view.ts';
import type { PodState } from './state.ts';

type PhaseName = NonNullable<PodStatus['phase']>;

interface Count {
  pendingInit: number;
  pendingSidecars: number;
  failedInit: number;
  waiting: number;
  running: number;
  stopped: number;
  restarting: number;
  succeeded: number;
}

const exitOf = (status: ContainerStatus): number | undefined => status.state?.terminated?.exitCode ?? (status.state?.waiting === undefined ? undefined : status.lastState?.terminated?.exitCode);

export function phaseOf(pod: Pod, statuses: readonly ContainerStatus[], isFinal: boolean, known: PhaseName | undefined): PhaseName {
  // Kubernetes: a phase that is terminal stays
  if (known === 'Succeeded' || known === 'Failed') return known;
  const count: Count = { pendingInit: 0, pendingSidecars: 0, failedInit: 0, waiting: 0, running: 0, stopped: 0, restarting: 0, succeeded: 0 };
  for (const entry of allContainers(pod)) {
    const status = statuses.find((candidate) => candidate.name === entry.container.name);
    if (status !== undefined) tally(pod, entry, status, count);
  }
  if (count.failedInit > 0) return 'Failed';
  if (count.pendingInit > 0 || (count.pendingSidecars > 0 && !hasBegun(pod, statuses)) || count.waiting > 0) return 'Pending';
  if (count.running > 0) return 'Running';
  if (count.stopped === 0) return 'Pending';
  if (isFinal && !isStatic(pod)) return count.stopped === count.succeeded ? 'Succeeded' : 'Failed';
  if (count.restarting > 0) return 'Running';
  return count.stopped === count.succeeded ? 'Succeeded' : 'Failed';
}

function tally(pod: Pod, entry: RoledContainer, status: ContainerStatus, count: Count): void {
  const exitCode = exitOf(status);
  switch (entry.role) {
    case 'init':
      if (status.state?.running !== undefined || exitCode === undefined) count.pendingInit++;
      else if (exitCode !== 0) {
        if (restartsAfter(pod, entry, exitCode)) count.pendingInit += status.state?.waiting === undefined ? 0 : 1;
        else count.failedInit++;
      }
      break;
    case 'sidecar':
      if (status.state?.running !== undefined) {
        if (status.started !== true) count.pendingSidecars++;
        count.running++;
      } else if (exitCode === undefined) {
        count.pendingSidecars++;
        count.waiting++;
      }
      break;
    case 'container':
      if (status.state?.running !== undefined) count.running++;
      else if (exitCode === undefined) count.waiting++;
      else {
        count.stopped++;
        if (restartsAfter(pod, entry, exitCode)) count.restarting++;
        if (status.state?.terminated?.exitCode === 0) count.succeeded++;
      }
      break;
    case 'ephemeral': break;
  }
}

/** Some container that is not an init container has been started. */
const hasBegun = (pod: Pod, statuses: readonly ContainerStatus[]): boolean =>
  statuses.some((status) => pod.spec.containers.some((container) => container.name === status.name) && (status.state?.running !== undefined || status.state?.terminated !== undefined || status.lastState?.terminated !== undefined));

type Verdict = Pick<PodCondition, 'status' | 'reason' | 'message'>;

const holds: Verdict = { status: 'True' };

/** Conditions of others (the scheduler, readiness gates) are kept; those of the kubelet keep their time while their status stays. */
export function conditionsOf(state: PodState, status: PodStatus, statuses: readonly ContainerStatus[], now: number): PodCondition[] {
  const { pod } = state;
  const others = pod.status?.conditions ?? [];
  const containersReady = containersReadyOf(pod, status, statuses);
  const own: readonly (readonly [type: string, verdict: Verdict])[] = [
    ['PodReadyToStartContainers', sandboxVerdict(state)],
    ['Initialized', initializedOf(pod, status, statuses)],
    ['Ready', readyOf(pod, containersReady, others)],
    ['ContainersReady', containersReady],
    ['PodScheduled', holds],
  ];
  const made = own.map(([type, verdict]): PodCondition => {
    const before = others.find((condition) => condition.type === type);
    const lastTransitionTime = before?.status === verdict.status ? before.lastTransitionTime : formatTime(now);
    return { type, observedGeneration: pod.metadata.generation, lastProbeTime: undefined, ...verdict, lastTransitionTime };
  });
  return [...made, ...others.filter((condition) => !own.some(([type]) => type === condition.type))];
}

function sandboxVerdict({ observed, pod }: PodState): Verdict {
  const sandbox = readySandbox(observed);
  return sandbox !== undefined && (isHostNetwork(pod) || sandbox.addresses.length > 0) ? holds : { status: 'False' };
}

/** Go prints a list of words like this. */
const goList = (names: readonly string[]): string => `[${names.join(' ')}]`;

function containersReadyOf(pod: Pod, { phase }: PodStatus, statuses: readonly ContainerStatus[]): Verdict {
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  const unready = allContainers(pod)
    .filter((entry) => entry.role === 'container' || entry.role === 'sidecar')
    .map((entry) => entry.container.name)
    .filter((name) => statuses.find((status) => status.name === name)?.ready !== true);
  return unready.length === 0 ? holds : { status: 'False', reason: 'ContainersNotReady', message: `containers with unready status: ${goList(unready)}` };
}

function readyOf(pod: Pod, containersReady: Verdict, conditions: readonly PodCondition[]): Verdict {
  if (containersReady.status !== 'True') return containersReady;
  const problems = (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const condition = conditions.find((candidate) => candidate.type === conditionType);
    if (condition === undefined) return [`corresponding condition of pod readiness gate "${conditionType}" does not exist.`];
    return condition.status === 'True' ? [] : [`the status of pod readiness gate "${conditionType}" is not "True", but ${condition.status}`];
  });
  return problems.length === 0 ? holds : { status: 'False', reason: 'ReadinessGatesNotReady', message: problems.join(', ') };
}

function initializedOf(pod: Pod, { phase }: PodStatus, statuses: readonly ContainerStatus[]): Verdict {
  if (phase === 'Succeeded') return { status: 'True', reason: 'PodCompleted' };
  if (hasBegun(pod, statuses)) return holds;
  const incomplete = (pod.spec.initContainers ?? []).filter((container) => {
    const status = statuses.find((candidate) => candidate.name === container.name);
    return isSidecar(container) ? status?.started !== true : status?.ready !== true;
  });
  if (incomplete.length === 0) return holds;
  return { status: 'False', reason: 'ContainersNotInitialized', message: `containers with incomplete status: ${goList(incomplete.map((container) => container.name))}` };
}
