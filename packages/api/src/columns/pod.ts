/** The columns of `kubectl get pods`: READY, STATUS and RESTARTS are told from container states, not from the phase alone. */
import type { Container } from '../core/v1/container.ts';
import type { Pod } from '../core/v1/pod.ts';
import type { ContainerStatus } from '../core/v1/pod-status.ts';
import type { Column, RowCondition } from '../resource.ts';
import { age, ageColumn, nameColumn } from './cells.ts';

/** Pods that are over are told from others. */
export function podRowConditions({ status }: Pod): readonly RowCondition[] {
  switch (status?.phase) {
    case 'Succeeded': return [{ type: 'Completed', status: 'True', reason: 'Succeeded', message: 'The pod has completed successfully.' }];
    case 'Failed': return [{ type: 'Completed', status: 'True', reason: 'Failed', message: 'The pod failed.' }];
    default: return [];
  }
}

export const podColumns: readonly Column<Pod>[] = [
  nameColumn,
  { name: 'Ready', type: 'string', value: (pod) => `${summaryOf(pod).ready}/${summaryOf(pod).total}` },
  { name: 'Status', type: 'string', value: (pod) => summaryOf(pod).status },
  { name: 'Restarts', type: 'string', value: (pod, now) => restartsText(summaryOf(pod), now) },
  ageColumn,
  { name: 'IP', type: 'string', isWide: true, value: (pod) => pod.status?.podIPs?.[0]?.ip ?? '<none>' },
  { name: 'Node', type: 'string', isWide: true, value: (pod) => orNone(pod.spec.nodeName) },
  { name: 'Nominated Node', type: 'string', isWide: true, value: (pod) => orNone(pod.status?.nominatedNodeName) },
  { name: 'Readiness Gates', type: 'string', isWide: true, value: gatesText },
];

const orNone = (text: string | undefined): string => (text === undefined || text === '' ? '<none>' : text);

interface Summary {
  readonly status: string;
  readonly ready: number;
  readonly total: number;
  readonly restarts: number;
  readonly lastRestart: string;
}

const restartsText = ({ restarts, lastRestart }: Summary, now: number): string => (restarts !== 0 && lastRestart !== '' ? `${restarts} (${age(lastRestart, now)} ago)` : String(restarts));

const isSidecar = (container: Container | undefined): boolean => container?.restartPolicy === 'Always';
const conditionIsTrue = (pod: Pod, type: string): boolean => pod.status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') === true;
const later = (a: string, status: ContainerStatus): string => {
  const b = status.lastState?.terminated?.finishedAt ?? '';
  return b > a ? b : a;
};

/** Kubernetes: the order in which these rules overrule each other is upstream's, and people know it by heart. */
function summaryOf(pod: Pod): Summary {
  const phase = pod.status?.phase ?? '';
  const isGated = pod.status?.conditions?.some((condition) => condition.type === 'PodScheduled' && condition.reason === 'SchedulingGated') === true;
  const reason = isGated ? 'SchedulingGated' : (pod.status?.reason ?? '') === '' ? phase : (pod.status?.reason ?? '');
  const init = initSummary(pod);
  const total = pod.spec.containers.length + (pod.spec.initContainers ?? []).filter(isSidecar).length;
  const isInitializing = init.status !== undefined && !conditionIsTrue(pod, 'Initialized');
  const main = isInitializing ? undefined : mainSummary(pod, init.status ?? reason);
  return {
    status: terminatingStatus(pod, phase) ?? main?.status ?? init.status ?? reason,
    ready: init.ready + (main?.ready ?? 0),
    total,
    restarts: isInitializing ? init.restarts : init.sidecarRestarts + (main?.restarts ?? 0),
    lastRestart: isInitializing ? init.lastRestart : [init.sidecarLastRestart, main?.lastRestart ?? ''].sort().at(-1) ?? '',
  };
}

function terminatingStatus(pod: Pod, phase: string): string | undefined {
  if (pod.metadata.deletionTimestamp === undefined) return undefined;
  if (pod.status?.reason === 'NodeLost') return 'Unknown';
  return phase === 'Succeeded' || phase === 'Failed' ? undefined : 'Terminating';
}

interface InitSummary {
  /** Of the first init container that is not done; undefined when all are. */
  readonly status: string | undefined;
  readonly ready: number;
  readonly restarts: number;
  readonly lastRestart: string;
  readonly sidecarRestarts: number;
  readonly sidecarLastRestart: string;
}

function initSummary(pod: Pod): InitSummary {
  const declared = new Map((pod.spec.initContainers ?? []).map((container) => [container.name, container]));
  let [ready, restarts, sidecarRestarts, lastRestart, sidecarLastRestart] = [0, 0, 0, '', ''];
  for (const [index, container] of (pod.status?.initContainerStatuses ?? []).entries()) {
    const sidecar = isSidecar(declared.get(container.name));
    restarts += container.restartCount;
    lastRestart = later(lastRestart, container);
    if (sidecar) {
      sidecarRestarts += container.restartCount;
      sidecarLastRestart = later(sidecarLastRestart, container);
    }
    const { terminated, waiting } = container.state ?? {};
    if (terminated !== undefined && terminated.exitCode === 0) continue;
    if (sidecar && container.started === true) {
      if (container.ready) ready++;
      continue;
    }
    const waits = waiting?.reason ?? '';
    const status = terminated !== undefined ? `Init:${exitText(terminated)}` : waits !== '' && waits !== 'PodInitializing' ? `Init:${waits}` : `Init:${index}/${declared.size}`;
    return { status, ready, restarts, lastRestart, sidecarRestarts, sidecarLastRestart };
  }
  return { status: undefined, ready, restarts, lastRestart, sidecarRestarts, sidecarLastRestart };
}

const exitText = ({ reason, signal, exitCode }: { readonly reason?: string | undefined; readonly signal?: number | undefined; readonly exitCode: number }): string =>
  (reason ?? '') !== '' ? (reason ?? '') : (signal ?? 0) !== 0 ? `Signal:${signal ?? 0}` : `ExitCode:${exitCode}`;

function mainSummary(pod: Pod, before: string): { readonly status: string; readonly ready: number; readonly restarts: number; readonly lastRestart: string } {
  let [status, failure, lastRestart, ready, restarts, isRunning] = [before, '', '', 0, 0, false];
  for (const container of (pod.status?.containerStatuses ?? []).toReversed()) {
    restarts += container.restartCount;
    lastRestart = later(lastRestart, container);
    const { waiting, terminated, running } = container.state ?? {};
    if ((waiting?.reason ?? '') !== '') status = waiting?.reason ?? '';
    else if (terminated !== undefined) {
      status = exitText(terminated);
      if (terminated.exitCode !== 0) failure = status;
    } else if (container.ready && running !== undefined) {
      isRunning = true;
      ready++;
    }
  }
  // One container is done, others are not: say what the pod as a whole does.
  if (status === 'Completed') status = isRunning && conditionIsTrue(pod, 'Ready') ? 'Running' : failure !== '' ? failure : isRunning ? 'NotReady' : status;
  return { status, ready, restarts, lastRestart };
}

function gatesText(pod: Pod): string {
  const gates = pod.spec.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  return `${gates.filter((gate) => conditionIsTrue(pod, gate.conditionType)).length}/${gates.length}`;
}
