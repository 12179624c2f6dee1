/** The Node object as the kubelet describes it. */
import type { Node, NodeCondition, NodeStatus } from '@kaji/api/core/v1';
import type { Image } from '@kaji/cri';
import type { Host } from '@kaji/host';
import { canonicalQuantity, formatTime, subtractQuantities } from '@kaji/schema';

export interface NodeDescription {
  readonly nodeName: string;
  readonly addresses: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly facts: Host['facts'];
  readonly capacity: Readonly<Record<string, string>>;
  readonly reserved: readonly Readonly<Record<string, string>>[];
  readonly kubeletPort: number;
  /** `containerd://1.6.20` */
  readonly runtimeVersion: string;
  readonly kubeletVersion: string;
  readonly maxImages: number;
}

export interface NodeHealth {
  /** Why the node cannot run pods; empty when it can. */
  readonly problems: readonly string[];
  readonly images: readonly Image[];
  readonly pressure: { readonly memory: boolean; readonly disk: boolean; readonly pids: boolean };
}

const goArchitectures: Readonly<Record<string, string>> = { x64: 'amd64', x86_64: 'amd64', arm64: 'arm64', aarch64: 'arm64' };

const goArchitecture = (architecture: string): string => goArchitectures[architecture] ?? architecture;

export function nodeLabels({ nodeName, labels, facts }: NodeDescription): Record<string, string> {
  const architecture = goArchitecture(facts.architecture);
  return {
    'beta.kubernetes.io/arch': architecture, 'beta.kubernetes.io/os': 'linux', 'kubernetes.io/arch': architecture, 'kubernetes.io/hostname': nodeName, 'kubernetes.io/os': 'linux', ...labels,
  };
}

export function allocatable({ capacity, reserved }: Pick<NodeDescription, 'capacity' | 'reserved'>): Record<string, string> {
  const left: Record<string, string> = { ...capacity };
  for (const part of reserved) for (const [name, amount] of Object.entries(part)) if (left[name] !== undefined) left[name] = canonicalQuantity(subtractQuantities(left[name], amount));
  return left;
}

export function nodeStatus(description: NodeDescription, health: NodeHealth, previous: NodeStatus | undefined, now: number): NodeStatus {
  const { facts } = description;
  const { config: _config, ...kept } = previous ?? {};
  return {
    ...kept,
    capacity: { ...description.capacity },
    allocatable: allocatable(description),
    conditions: conditions(health, previous?.conditions ?? [], now),
    addresses: [...description.addresses.map((address) => ({ type: 'InternalIP', address })), { type: 'Hostname', address: description.nodeName }],
    daemonEndpoints: { kubeletEndpoint: { Port: description.kubeletPort } },
    nodeInfo: {
      machineID: facts.machineId, systemUUID: facts.systemUuid, bootID: facts.bootId, kernelVersion: facts.kernelVersion, osImage: facts.osImage,
      containerRuntimeVersion: description.runtimeVersion, kubeletVersion: description.kubeletVersion, kubeProxyVersion: '', operatingSystem: 'linux', architecture: goArchitecture(facts.architecture),
    },
    images: imageList(health.images, description.maxImages),
  };
}

/** The largest first, by all of their names. */
function imageList(images: readonly Image[], max: number): NonNullable<NodeStatus['images']> {
  const sorted = [...images].sort((a, b) => b.size - a.size);
  return (max < 0 ? sorted : sorted.slice(0, max)).map((image) => ({ names: [...image.repoDigests, ...image.repoTags].slice(0, 5), sizeBytes: image.size }));
}

function conditions(health: NodeHealth, previous: readonly NodeCondition[], now: number): NodeCondition[] {
  const { memory, disk, pids } = health.pressure;
  const isReady = health.problems.length === 0;
  const own: NodeCondition[] = [
    condition('MemoryPressure', memory, memory ? ['KubeletHasInsufficientMemory', 'kubelet has insufficient memory available'] : ['KubeletHasSufficientMemory', 'kubelet has sufficient memory available']),
    condition('DiskPressure', disk, disk ? ['KubeletHasDiskPressure', 'kubelet has disk pressure'] : ['KubeletHasNoDiskPressure', 'kubelet has no disk pressure']),
    condition('PIDPressure', pids, pids ? ['KubeletHasInsufficientPID', 'kubelet has insufficient PID available'] : ['KubeletHasSufficientPID', 'kubelet has sufficient PID available']),
    condition('Ready', isReady, isReady ? ['KubeletReady', 'kubelet is posting ready status'] : ['KubeletNotReady', health.problems.join(', ')]),
  ];
  const time = formatTime(now);
  const timed = own.map((made) => {
    const before = previous.find((other) => other.type === made.type);
    return { ...made, lastHeartbeatTime: time, lastTransitionTime: before?.status === made.status ? before.lastTransitionTime : time };
  });
  return [...previous.filter((other) => !own.some((made) => made.type === other.type)), ...timed];
}

const condition = (type: string, holds: boolean, [reason, message]: readonly [string, string]): NodeCondition =>
  ({ type, status: holds ? 'True' : 'False', lastHeartbeatTime: undefined, lastTransitionTime: undefined, reason, message });

/** Whether two statuses differ in more than the time of the last heartbeat. */
export function isNews(before: NodeStatus | undefined, after: NodeStatus): boolean {
  const still = (status: NodeStatus | undefined): string => JSON.stringify({ ...status, conditions: (status?.conditions ?? []).map(({ lastHeartbeatTime: _time, ...rest }) => rest) });
  return still(before) !== still(after);
}

/** Whether others have written what is not so: a node that was silent for a while is called unknown. */
export function isOverruled(known: NodeStatus | undefined, wanted: NodeStatus): boolean {
  return (wanted.conditions ?? []).some(({ type, status }) => known?.conditions?.find((other) => other.type === type)?.status !== status);
}

/** A node as it registers. The taint goes when the controller finds it ready. */
export function newNode(description: NodeDescription, status: NodeStatus, options: { readonly taints: NonNullable<Node['spec']['taints']>; readonly providerId: string }): Node & { apiVersion: string; kind: string } {
  return {
    apiVersion: 'v1', kind: 'Node',
    metadata: { name: description.nodeName, labels: nodeLabels(description), annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' } },
    spec: {
      ...(options.taints.length === 0 ? {} : { taints: options.taints }),
      ...(options.providerId === '' ? {} : { providerID: options.providerId }),
    },
    status,
  };
}
