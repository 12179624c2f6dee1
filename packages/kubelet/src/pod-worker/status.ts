/** The status of a pod, computed from what its worker knows. */
import type { ContainerState, ContainerStatus, Pod, PodStatus } from '@kaji/api/core/v1';
import { formatTime } from '@kaji/schema';
import { qosClass } from '../containers/resources.ts';
import { own } from '../own.ts';
import { conditionsOf, phaseOf } from './conditions.ts';
import { type ObservedContainer, readySandbox } from './observed.ts';
import { allContainers, isHostNetwork, restartsAfter, type RoledContainer } from './pod-view.ts';
import type { Ending, PodState } from './state.ts';

export interface NodeView {
  /** The first is the main one. */
  readonly addresses: readonly string[];
}

export function podStatus(state: PodState, node: NodeView, now: number): PodStatus {
  const { pod, ending } = state;
  const roled = allContainers(pod);
  const isFinal = state.phase === 'terminated';
  if (ending?.isRefusal === true) return refused(state, ending);
  const statuses = new Map(roled.map((entry) => [entry.container.name, containerStatus(state, entry)] as const));
  const listed = (...roles: readonly RoledContainer['role'][]): ContainerStatus[] =>
    roled.filter((entry) => roles.includes(entry.role)).flatMap((entry) => statuses.get(entry.container.name) ?? []);
  const all = listed('init', 'sidecar', 'container');
  const phase = ending?.phase ?? phaseOf(pod, all, isFinal, state.known.phase);
  const status: PodStatus = {
    observedGeneration: pod.metadata.generation,
    phase,
    ...(ending === undefined ? {} : { reason: ending.reason, message: ending.message }),
    hostIP: node.addresses[0],
    hostIPs: node.addresses.map((ip) => ({ ip })),
    startTime: state.known.startTime ?? formatTime(state.acceptedAt),
    qosClass: qosClass(pod) ?? state.known.qosClass,
    ...addresses(state, node, isFinal),
  };
  const init = listed('init', 'sidecar');
  const ephemeral = listed('ephemeral');
  if (init.length > 0) status.initContainerStatuses = init;
  status.containerStatuses = listed('container');
  if (ephemeral.length > 0) status.ephemeralContainerStatuses = ephemeral;
  status.conditions = conditionsOf(state, status, all, now);
  return status;
}

function refused({ pod, known, acceptedAt }: PodState, { phase, reason, message }: Ending): PodStatus {
  const startTime = known.startTime ?? formatTime(acceptedAt);
  return { observedGeneration: pod.metadata.generation, phase, reason, message, startTime, qosClass: qosClass(pod) ?? known.qosClass, conditions: known.conditions };
}

function addresses(state: PodState, node: NodeView, isFinal: boolean): Pick<PodStatus, 'podIP' | 'podIPs'> {
  const sandbox = readySandbox(state.observed);
  const ips = sandbox === undefined ? [] : isHostNetwork(state.pod) ? node.addresses : sandbox.addresses;
  // Kubernetes: a pod keeps showing the address it had until the end
  if (ips.length === 0) {
    const known = state.known.podIPs ?? [];
    const lastSandbox = state.observed.sandboxes[0]?.addresses ?? [];
    const kept = lastSandbox.length > 0 ? lastSandbox.map((ip) => ({ ip })) : known;
    return kept.length === 0 || (!isFinal && sandbox === undefined && state.phase === 'starting') ? {} : { podIP: kept[0]?.ip, podIPs: [...kept] };
  }
  return { podIP: ips[0], podIPs: ips.map((ip) => ({ ip })) };
}

function containerStatus(state: PodState, entry: RoledContainer): ContainerStatus {
  const { pod, observed } = state;
  const { name } = entry.container;
  const runs = observed.containers.filter((container) => container.name === name);
  const [current, previous] = runs;
  const known = knownStatus(state, name);
  const base = baseStatus(entry, current, known);
  if (current === undefined) return { ...base, ...absent(state, entry, known) };
  const status: ContainerStatus = { ...base, state: stateOf(current), ...(previous === undefined ? { lastState: {} } : { lastState: lastStateOf(previous) }) };
  if (previous === undefined && known?.lastState !== undefined && current.restartCount > 0) status.lastState = known.lastState;
  const waiting = own(state.waiting, name);
  const restarts = current.state === 'exited' && restartsAfter(pod, entry, current.exitCode) && isLive(state);
  if (waiting !== undefined && (restarts || current.state === 'created' || waiting.reason === 'RunContainerError')) {
    if (current.state === 'exited') status.lastState = stateOf(current);
    status.state = { waiting: { reason: waiting.reason, message: waiting.message } };
  } else if (current.state === 'created' || current.state === 'unknown') {
    status.state = { waiting: { reason: waiting?.reason ?? (hasInit(pod) && entry.role === 'container' ? 'PodInitializing' : 'ContainerCreating') } };
  }
  return { ...status, ...readiness(state, entry, current, status.state) };
}

const isLive = (state: PodState): boolean => state.phase !== 'terminating' && state.phase !== 'terminated';
const hasInit = (pod: Pod): boolean => (pod.spec.initContainers ?? []).length > 0;

function knownStatus(state: PodState, name: string): ContainerStatus | undefined {
  const { known } = state;
  return [...(known.containerStatuses ?? []), ...(known.initContainerStatuses ?? []), ...(known.ephemeralContainerStatuses ?? [])].find((status) => status.name === name);
}

function baseStatus(entry: RoledContainer, current: ObservedContainer | undefined, known: ContainerStatus | undefined): ContainerStatus {
  const { container, role } = entry;
  const mounts = (container.volumeMounts ?? []).map((mount) => ({
    name: mount.name, mountPath: mount.mountPath,
    ...(mount.readOnly === true ? { readOnly: true, recursiveReadOnly: 'Disabled' } : {}),
  }));
  const requests = container.resources?.requests;
  return {
    name: container.name,
    state: {},
    lastState: {},
    ready: false,
    restartCount: current?.restartCount ?? known?.restartCount ?? 0,
    image: current?.image ?? container.image ?? '',
    imageID: current?.imageId ?? '',
    ...(current === undefined ? {} : { containerID: `containerd://${current.id}` }),
    ...(role === 'ephemeral' ? {} : { started: false }),
    ...(current === undefined || requests === undefined ? {} : { allocatedResources: requests }),
    ...(current === undefined || role === 'ephemeral' ? {} : { resources: container.resources ?? {} }),
    ...(mounts.length === 0 ? {} : { volumeMounts: mounts }),
    ...(current?.user === undefined ? {} : { user: { linux: { uid: current.user.uid, gid: current.user.gid, supplementalGroups: [...current.user.supplementalGroups] } } }),
  };
}

/** Not in the runtime: never started, or forgotten there though the API saw it run. */
function absent(state: PodState, entry: RoledContainer, known: ContainerStatus | undefined): Partial<ContainerStatus> {
  const { name } = entry.container;
  if (known?.state?.terminated !== undefined) return known;
  const waiting = own(state.waiting, name);
  const lastState = known?.lastState ?? {};
  if (known?.state?.running !== undefined && waiting === undefined) {
    const unknown = { exitCode: 137, reason: 'ContainerStatusUnknown', startedAt: undefined, finishedAt: undefined };
    if (!isLive(state)) return { state: { terminated: { ...unknown, message: 'The container could not be located when the pod was terminated' } }, lastState };
    return { state: { waiting: { reason: 'ContainerCreating' } }, lastState: { terminated: { ...unknown, message: 'The container could not be located when the pod was deleted.  The container used to be Running' } } };
  }
  const reason = waiting?.reason ?? (hasInit(state.pod) && entry.role !== 'ephemeral' ? 'PodInitializing' : 'ContainerCreating');
  return { state: { waiting: { reason, message: waiting?.message } }, lastState };
}

function stateOf(container: ObservedContainer): ContainerState {
  switch (container.state) {
    case 'running': return { running: { startedAt: formatTime(container.startedAtMs) } };
    case 'exited': return {
      terminated: {
        exitCode: container.exitCode,
        reason: container.reason,
        message: container.message === '' ? undefined : container.message,
        // Kubernetes: what never came to run did so when time began
        startedAt: formatTime(container.startedAtMs),
        finishedAt: formatTime(container.finishedAtMs),
        containerID: `containerd://${container.id}`,
      },
    };
    case 'created': case 'unknown': return { waiting: {} };
  }
}

const lastStateOf = (container: ObservedContainer): ContainerState => (container.state === 'exited' ? stateOf(container) : {});

/** What the status says of this run of a container, as it did before the kubelet was restarted and the container was not. */
export function knownRun(state: PodState, name: string, id: string): ContainerStatus | undefined {
  const known = knownStatus(state, name);
  return known?.containerID === `containerd://${id}` ? known : undefined;
}

/** What probes say, and what holds where there are none. */
function readiness(state: PodState, entry: RoledContainer, current: ObservedContainer, shown: ContainerState | undefined): Pick<ContainerStatus, 'ready' | 'started'> {
  const results = state.probes[current.id];
  const { container, role } = entry;
  if (role === 'ephemeral') return { ready: false };
  if (shown?.running === undefined) return { ready: role === 'init' && current.state === 'exited' && current.exitCode === 0, started: false };
  const known = knownRun(state, container.name, current.id);
  const started = container.startupProbe === undefined || (results?.hasStarted ?? known?.started === true);
  if (role === 'init') return { ready: false, started };
  const ready = started && (container.readinessProbe === undefined || (results?.isReady ?? known?.ready === true));
  return { ready, started };
}
