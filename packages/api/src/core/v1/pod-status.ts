import { bool, int32, int64, list, message, oneOf, quantityMap, ref, scalars, string, strings, time } from '@kaji/schema';
import { ResourceRequirements, ResourceStatus } from './references.ts';

/** Something that holds of a pod, or not. */
export class PodCondition extends message('k8s.io.api.core.v1.PodCondition', {
  /** What is said, such as Ready or PodScheduled. */
  type: string(1).required().named('v1.PodConditionType'),
  /** The generation of the pod that it is about. */
  observedGeneration: int64(7),
  /** True, False or Unknown. */
  status: string(2).required().named('v1.ConditionStatus'),
  /** When it was last looked at. */
  lastProbeTime: time(3).always(),
  /** When the status last changed. */
  lastTransitionTime: time(4).always(),
  /** Why, as one word that programs can read. */
  reason: string(5),
  /** Why, for people. */
  message: string(6),
}) {}

/** An address of a node. */
export class HostIP extends message('k8s.io.api.core.v1.HostIP', {
  /** The address. */
  ip: string(1).required(),
}) {}

/** An address of a pod. */
export class PodIP extends message('k8s.io.api.core.v1.PodIP', {
  /** The address. */
  ip: string(1).required(),
}) {}

/** A container that does not run yet. */
export class ContainerStateWaiting extends message('k8s.io.api.core.v1.ContainerStateWaiting', {
  /** Why, as one word that programs can read. */
  reason: string(1),
  /** Why, for people. */
  message: string(2),
}) {}

/** A container that runs. */
export class ContainerStateRunning extends message('k8s.io.api.core.v1.ContainerStateRunning', {
  /** When it started. */
  startedAt: time(1).always(),
}) {}

/** A container that has ended. */
export class ContainerStateTerminated extends message('k8s.io.api.core.v1.ContainerStateTerminated', {
  /** What it ended with. */
  exitCode: int32(1).required(),
  /** Signal that ended it. */
  signal: int32(2),
  /** Why, as one word that programs can read. */
  reason: string(3),
  /** Its last words. */
  message: string(4),
  /** When it had started. */
  startedAt: time(5).always(),
  /** When it ended. */
  finishedAt: time(6).always(),
  /** Its id, type and two slashes first. */
  containerID: string(7),
}) {}

/** What a container does. Exactly one of them is set; none is waiting. */
export class ContainerState extends message('k8s.io.api.core.v1.ContainerState', {
  /** It does not run yet. */
  waiting: ref(1, ContainerStateWaiting),
  /** It runs. */
  running: ref(2, ContainerStateRunning),
  /** It has ended. */
  terminated: ref(3, ContainerStateTerminated),
}) {}

/** What is known of a mounted image. */
export class ImageVolumeStatus extends message('k8s.io.api.core.v1.ImageVolumeStatus', {
  /** Digest of the image. */
  imageRef: string(1).required().omittable(),
}) {}

/** What is known of a mounted volume. */
export class VolumeStatus extends message('k8s.io.api.core.v1.VolumeStatus', {
  /** The image, where the volume is one. */
  image: ref(1, ImageVolumeStatus),
}) {}

/** How a volume is really mounted. */
export class VolumeMountStatus extends message('k8s.io.api.core.v1.VolumeMountStatus', {
  /** Name of the volume. */
  name: string(1).required(),
  /** Path within the container. */
  mountPath: string(2).required(),
  /** Whether it can only be read. */
  readOnly: bool(3),
  /** Whether mounts below it can only be read: Disabled or Enabled. */
  recursiveReadOnly: string(4).explicit().named('v1.RecursiveReadOnlyMode'),
  /** More of the volume itself. */
  volumeStatus: ref(5, VolumeStatus),
}) {}

/** Who the first process of a container ran as. */
export class LinuxContainerUser extends message('k8s.io.api.core.v1.LinuxContainerUser', {
  /** Its user id. */
  uid: int64(1).required(),
  /** Its group id. */
  gid: int64(2).required(),
  /** Its further groups. */
  supplementalGroups: scalars<number>(3, 'int64').atomic(),
}) {}

/** Who the first process of a container ran as. */
export class ContainerUser extends message('k8s.io.api.core.v1.ContainerUser', {
  /** On Linux. */
  linux: ref(1, LinuxContainerUser),
}) {}

/** How a container is. */
export class ContainerStatus extends message('k8s.io.api.core.v1.ContainerStatus', {
  /** Name of the container. */
  name: string(1).required(),
  /** What it does now. */
  state: ref(2, ContainerState).always(),
  /** How its last run ended. */
  lastState: ref(3, ContainerState).always(),
  /** Whether its readiness probe, if it has one, says so. */
  ready: bool(4).required(),
  /** How often it was started again. Counted from what is left of earlier runs. */
  restartCount: int32(5).required(),
  /** Image it runs, which may be written otherwise than in the specification. */
  image: string(6).required(),
  /** Digest of the image, as the runtime has it. */
  imageID: string(7).required(),
  /** Its id, type and two slashes first. */
  containerID: string(8),
  /** Whether its startup probe has succeeded and its postStart hook is done. */
  started: bool(9).explicit(),
  /** What the node has promised it. */
  allocatedResources: quantityMap(10),
  /** What is really set for it. */
  resources: ref(11, ResourceRequirements),
  /** How its volumes are mounted. */
  volumeMounts: list(12, VolumeMountStatus).mapBy('mountPath').mergeBy('mountPath'),
  /** Who it ran as at first. */
  user: ref(13, ContainerUser),
  /** How its devices are. */
  allocatedResourcesStatus: list(14, ResourceStatus).mapBy('name').mergeBy('name'),
  /** Signal that asks it to end. */
  stopSignal: oneOf(15, 'SIGABRT', 'SIGALRM', 'SIGBUS', 'SIGCHLD', 'SIGCLD', 'SIGCONT', 'SIGFPE', 'SIGHUP', 'SIGILL', 'SIGINT', 'SIGIO', 'SIGIOT', 'SIGKILL', 'SIGPIPE', 'SIGPOLL', 'SIGPROF', 'SIGPWR', 'SIGQUIT', 'SIGSEGV', 'SIGSTKFLT', 'SIGSTOP', 'SIGSYS', 'SIGTERM', 'SIGTRAP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU', 'SIGURG', 'SIGUSR1', 'SIGUSR2', 'SIGVTALRM', 'SIGWINCH', 'SIGXCPU', 'SIGXFSZ', 'SIGRTMIN', 'SIGRTMIN+1', 'SIGRTMIN+2', 'SIGRTMIN+3', 'SIGRTMIN+4', 'SIGRTMIN+5', 'SIGRTMIN+6', 'SIGRTMIN+7', 'SIGRTMIN+8', 'SIGRTMIN+9', 'SIGRTMIN+10', 'SIGRTMIN+11', 'SIGRTMIN+12', 'SIGRTMIN+13', 'SIGRTMIN+14', 'SIGRTMIN+15', 'SIGRTMAX-14', 'SIGRTMAX-13', 'SIGRTMAX-12', 'SIGRTMAX-11', 'SIGRTMAX-10', 'SIGRTMAX-9', 'SIGRTMAX-8', 'SIGRTMAX-7', 'SIGRTMAX-6', 'SIGRTMAX-5', 'SIGRTMAX-4', 'SIGRTMAX-3', 'SIGRTMAX-2', 'SIGRTMAX-1', 'SIGRTMAX').explicit().named('v1.Signal'),
}) {}

/** Which claim a pod's entry has become. */
export class PodResourceClaimStatus extends message('k8s.io.api.core.v1.PodResourceClaimStatus', {
  /** Name of the entry in resourceClaims. */
  name: string(1).required(),
  /** Name of the claim. Absent where none was needed. */
  resourceClaimName: string(2).explicit(),
}) {}

/** Which request of a claim stands for an extended resource of a container. */
export class ContainerExtendedResourceRequest extends message('k8s.io.api.core.v1.ContainerExtendedResourceRequest', {
  /** Name of the container. */
  containerName: string(1).required(),
  /** Name of the resource. */
  resourceName: string(2).required(),
  /** Name of the request. */
  requestName: string(3).required(),
}) {}

/** The claim that was made for a pod's extended resources. */
export class PodExtendedResourceClaimStatus extends message('k8s.io.api.core.v1.PodExtendedResourceClaimStatus', {
  /** Which request stands for what. */
  requestMappings: list(1, ContainerExtendedResourceRequest).required().atomic(),
  /** Name of the claim. */
  resourceClaimName: string(2).required(),
}) {}

/** What a claim takes of the node's own resources. */
export class NodeAllocatableResourceClaimStatus extends message('k8s.io.api.core.v1.NodeAllocatableResourceClaimStatus', {
  /** Name of the claim. */
  resourceClaimName: string(1).required(),
  /** Names of the containers that use it. */
  containers: strings(2).set(),
  /** How much it takes. */
  resources: quantityMap(3).required(),
}) {}

/** How a pod is, as the kubelet last said. */
export class PodStatus extends message('k8s.io.api.core.v1.PodStatus', {
  /** The generation of the pod that this is about. */
  observedGeneration: int64(17),
  /**
   * Where in its life the pod is, in one word. Pending: not all containers have started; Running: at least one runs; Succeeded and Failed: all have ended for
   * good.
   */
  phase: oneOf(1, 'Pending', 'Running', 'Succeeded', 'Failed', 'Unknown').named('v1.PodPhase'),
  /** What holds of the pod now. */
  conditions: list(2, PodCondition).mapBy('type').mergeBy('type'),
  /** Why, for people. */
  message: string(3),
  /** Why, as one word that programs can read. */
  reason: string(4),
  /** Node on which room is being made for the pod, by pushing others out. It may be placed elsewhere in the end. */
  nominatedNodeName: string(11),
  /** Address of its node. */
  hostIP: string(5),
  /** Addresses of its node. */
  hostIPs: list(16, HostIP).atomic().mergeBy('ip'),
  /** Address of the pod. */
  podIP: string(6),
  /** Addresses of the pod, one of each family; the first equals podIP. */
  podIPs: list(12, PodIP).mapBy('ip').mergeBy('ip'),
  /** When the kubelet took the pod, before images were pulled. */
  startTime: time(7).explicit(),
  /** How its init containers are. */
  initContainerStatuses: list(10, ContainerStatus).atomic(),
  /** How its containers are. */
  containerStatuses: list(8, ContainerStatus).atomic(),
  /** How it is treated when the node runs out of something, by its requests and limits. */
  qosClass: oneOf(9, 'Guaranteed', 'Burstable', 'BestEffort').named('v1.PodQOSClass'),
  /** How its ephemeral containers are. */
  ephemeralContainerStatuses: list(13, ContainerStatus).atomic(),
  /** How far changing its resources has come. The conditions PodResizePending and PodResizeInProgress say it now. */
  resize: string(14).named('v1.PodResizeStatus'),
  /** Which claims its resourceClaims have become. */
  resourceClaimStatuses: list(15, PodResourceClaimStatus).mapBy('name').with({ patchStrategy: 'merge,retainKeys', mergeKey: 'name' }),
  /** The claim that was made for its extended resources. */
  extendedResourceClaimStatus: ref(18, PodExtendedResourceClaimStatus),
  /** What the node has promised the pod as a whole. */
  allocatedResources: quantityMap(19),
  /** What is really set for the pod as a whole. */
  resources: ref(20, ResourceRequirements),
  /** What its claims take of the node's own resources. */
  nodeAllocatableResourceClaimStatuses: list(21, NodeAllocatableResourceClaimStatus).atomic(),
}) {}
