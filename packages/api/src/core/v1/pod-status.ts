import { bool, int32, int64, list, message, oneOf, quantityMap, ref, scalars, string, strings, time } from '@kaji/schema';
import { ResourceRequirements, ResourceStatus } from './references.ts';

export class PodCondition extends message('k8s.io.api.core.v1.PodCondition', {
  type: string(1).required(),
  observedGeneration: int64(7),
  status: string(2).required(),
  lastProbeTime: time(3).always(),
  lastTransitionTime: time(4).always(),
  reason: string(5),
  message: string(6),
}) {}

export class HostIP extends message('k8s.io.api.core.v1.HostIP', {
  ip: string(1).required(),
}) {}

export class PodIP extends message('k8s.io.api.core.v1.PodIP', {
  ip: string(1).required(),
}) {}

export class ContainerStateWaiting extends message('k8s.io.api.core.v1.ContainerStateWaiting', {
  reason: string(1),
  message: string(2),
}) {}

export class ContainerStateRunning extends message('k8s.io.api.core.v1.ContainerStateRunning', {
  startedAt: time(1).always(),
}) {}

export class ContainerStateTerminated extends message('k8s.io.api.core.v1.ContainerStateTerminated', {
  exitCode: int32(1).required(),
  signal: int32(2),
  reason: string(3),
  message: string(4),
  startedAt: time(5).always(),
  finishedAt: time(6).always(),
  containerID: string(7),
}) {}

export class ContainerState extends message('k8s.io.api.core.v1.ContainerState', {
  waiting: ref(1, ContainerStateWaiting),
  running: ref(2, ContainerStateRunning),
  terminated: ref(3, ContainerStateTerminated),
}) {}

export class ImageVolumeStatus extends message('k8s.io.api.core.v1.ImageVolumeStatus', {
  imageRef: string(1).required().omittable(),
}) {}

export class VolumeStatus extends message('k8s.io.api.core.v1.VolumeStatus', {
  image: ref(1, ImageVolumeStatus),
}) {}

export class VolumeMountStatus extends message('k8s.io.api.core.v1.VolumeMountStatus', {
  name: string(1).required(),
  mountPath: string(2).required(),
  readOnly: bool(3),
  recursiveReadOnly: string(4).explicit(),
  volumeStatus: ref(5, VolumeStatus),
}) {}

export class LinuxContainerUser extends message('k8s.io.api.core.v1.LinuxContainerUser', {
  uid: int64(1).required(),
  gid: int64(2).required(),
  supplementalGroups: scalars<number>(3, 'int64').atomic(),
}) {}

export class ContainerUser extends message('k8s.io.api.core.v1.ContainerUser', {
  linux: ref(1, LinuxContainerUser),
}) {}

export class ContainerStatus extends message('k8s.io.api.core.v1.ContainerStatus', {
  name: string(1).required(),
  state: ref(2, ContainerState).always(),
  lastState: ref(3, ContainerState).always(),
  ready: bool(4).required(),
  restartCount: int32(5).required(),
  image: string(6).required(),
  imageID: string(7).required(),
  containerID: string(8),
  started: bool(9).explicit(),
  allocatedResources: quantityMap(10),
  resources: ref(11, ResourceRequirements),
  volumeMounts: list(12, VolumeMountStatus).mapBy('mountPath').mergeBy('mountPath'),
  user: ref(13, ContainerUser),
  allocatedResourcesStatus: list(14, ResourceStatus).mapBy('name').mergeBy('name'),
  stopSignal: oneOf(15, 'SIGABRT', 'SIGALRM', 'SIGBUS', 'SIGCHLD', 'SIGCLD', 'SIGCONT', 'SIGFPE', 'SIGHUP', 'SIGILL', 'SIGINT', 'SIGIO', 'SIGIOT', 'SIGKILL', 'SIGPIPE', 'SIGPOLL', 'SIGPROF', 'SIGPWR', 'SIGQUIT', 'SIGSEGV', 'SIGSTKFLT', 'SIGSTOP', 'SIGSYS', 'SIGTERM', 'SIGTRAP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU', 'SIGURG', 'SIGUSR1', 'SIGUSR2', 'SIGVTALRM', 'SIGWINCH', 'SIGXCPU', 'SIGXFSZ', 'SIGRTMIN', 'SIGRTMIN+1', 'SIGRTMIN+2', 'SIGRTMIN+3', 'SIGRTMIN+4', 'SIGRTMIN+5', 'SIGRTMIN+6', 'SIGRTMIN+7', 'SIGRTMIN+8', 'SIGRTMIN+9', 'SIGRTMIN+10', 'SIGRTMIN+11', 'SIGRTMIN+12', 'SIGRTMIN+13', 'SIGRTMIN+14', 'SIGRTMIN+15', 'SIGRTMAX-14', 'SIGRTMAX-13', 'SIGRTMAX-12', 'SIGRTMAX-11', 'SIGRTMAX-10', 'SIGRTMAX-9', 'SIGRTMAX-8', 'SIGRTMAX-7', 'SIGRTMAX-6', 'SIGRTMAX-5', 'SIGRTMAX-4', 'SIGRTMAX-3', 'SIGRTMAX-2', 'SIGRTMAX-1', 'SIGRTMAX').explicit(),
}) {}

export class PodResourceClaimStatus extends message('k8s.io.api.core.v1.PodResourceClaimStatus', {
  name: string(1).required(),
  resourceClaimName: string(2).explicit(),
}) {}

export class ContainerExtendedResourceRequest extends message('k8s.io.api.core.v1.ContainerExtendedResourceRequest', {
  containerName: string(1).required(),
  resourceName: string(2).required(),
  requestName: string(3).required(),
}) {}

export class PodExtendedResourceClaimStatus extends message('k8s.io.api.core.v1.PodExtendedResourceClaimStatus', {
  requestMappings: list(1, ContainerExtendedResourceRequest).required().atomic(),
  resourceClaimName: string(2).required(),
}) {}

export class NodeAllocatableResourceClaimStatus extends message('k8s.io.api.core.v1.NodeAllocatableResourceClaimStatus', {
  resourceClaimName: string(1).required(),
  containers: strings(2).set(),
  resources: quantityMap(3).required(),
}) {}

export class PodStatus extends message('k8s.io.api.core.v1.PodStatus', {
  observedGeneration: int64(17),
  phase: oneOf(1, 'Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'),
  conditions: list(2, PodCondition).mapBy('type').mergeBy('type'),
  message: string(3),
  reason: string(4),
  nominatedNodeName: string(11),
  hostIP: string(5),
  hostIPs: list(16, HostIP).atomic().mergeBy('ip'),
  podIP: string(6),
  podIPs: list(12, PodIP).mapBy('ip').mergeBy('ip'),
  startTime: time(7).explicit(),
  initContainerStatuses: list(10, ContainerStatus).atomic(),
  containerStatuses: list(8, ContainerStatus).atomic(),
  qosClass: oneOf(9, 'Guaranteed', 'Burstable', 'BestEffort'),
  ephemeralContainerStatuses: list(13, ContainerStatus).atomic(),
  resize: string(14),
  resourceClaimStatuses: list(15, PodResourceClaimStatus).mapBy('name').with({ patchStrategy: 'merge,retainKeys', mergeKey: 'name' }),
  extendedResourceClaimStatus: ref(18, PodExtendedResourceClaimStatus),
  allocatedResources: quantityMap(19),
  resources: ref(20, ResourceRequirements),
  nodeAllocatableResourceClaimStatuses: list(21, NodeAllocatableResourceClaimStatus).atomic(),
}) {}
