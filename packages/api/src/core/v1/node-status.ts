/** What a kubelet tells of its node. */
import { bool, int32, int64, list, message, oneOf, quantityMap, ref, string, strings, time } from '@kaji/schema';

/** A kubelet's configuration in a ConfigMap, which no kubelet heeds any more. */
export class ConfigMapNodeConfigSource extends message('k8s.io.api.core.v1.ConfigMapNodeConfigSource', {
  /** Namespace of the ConfigMap. */
  namespace: string(1).required(),
  /** Name of the ConfigMap. */
  name: string(2).required(),
  /** Id of the ConfigMap. Only in a status. */
  uid: string(3).named('types.UID'),
  /** Version of the ConfigMap. Only in a status. */
  resourceVersion: string(4),
  /** Entry with the configuration. */
  kubeletConfigKey: string(5).required(),
}) {}

/** Where a kubelet's configuration came from, which no kubelet heeds any more. */
export class NodeConfigSource extends message('k8s.io.api.core.v1.NodeConfigSource', {
  /** A ConfigMap. */
  configMap: ref(2, ConfigMapNodeConfigSource),
}) {}

/** Something that holds of a node, or not. */
export class NodeCondition extends message('k8s.io.api.core.v1.NodeCondition', {
  /** What is said, such as Ready or MemoryPressure. */
  type: string(1).required().named('v1.NodeConditionType'),
  /** True, False or Unknown. */
  status: string(2).required().named('v1.ConditionStatus'),
  /** When it was last said. */
  lastHeartbeatTime: time(3).always(),
  /** When the status last changed. */
  lastTransitionTime: time(4).always(),
  /** Why, as one word that programs can read. */
  reason: string(5),
  /** Why, for people. */
  message: string(6),
}) {}

/** An address of a node. */
export class NodeAddress extends message('k8s.io.api.core.v1.NodeAddress', {
  /** Kind of the address: InternalIP, ExternalIP, Hostname, InternalDNS or ExternalDNS. */
  type: string(1).required().named('v1.NodeAddressType'),
  /** The address or name. */
  address: string(2).required(),
}) {}

/** Where a daemon listens. */
export class DaemonEndpoint extends message('k8s.io.api.core.v1.DaemonEndpoint', {
  /** Number of the port. */
  Port: int32(1).required(),
}) {}

/** Where the daemons of a node listen. */
export class NodeDaemonEndpoints extends message('k8s.io.api.core.v1.NodeDaemonEndpoints', {
  /** Where the kubelet listens. */
  kubeletEndpoint: ref(1, DaemonEndpoint).always(),
}) {}

/** Swap of a node. */
export class NodeSwapStatus extends message('k8s.io.api.core.v1.NodeSwapStatus', {
  /** How much there is, in bytes. */
  capacity: int64(1).explicit(),
}) {}

/** What a node runs, and on what. */
export class NodeSystemInfo extends message('k8s.io.api.core.v1.NodeSystemInfo', {
  /** Id that the operating system has for the machine. */
  machineID: string(1).required(),
  /** Id that the hardware has for the machine. */
  systemUUID: string(2).required(),
  /** Id of this run of the machine. */
  bootID: string(3).required(),
  /** Version of the kernel. */
  kernelVersion: string(4).required(),
  /** Name of the operating system and its version. */
  osImage: string(5).required(),
  /** The container runtime and its version, two slashes after its name. */
  containerRuntimeVersion: string(6).required(),
  /** Version of the kubelet. */
  kubeletVersion: string(7).required(),
  /** Not set any more. */
  kubeProxyVersion: string(8).required(),
  /** Kind of the operating system, such as linux. */
  operatingSystem: string(9).required(),
  /** Kind of the processor, such as amd64. */
  architecture: string(10).required(),
  /** Its swap. */
  swap: ref(11, NodeSwapStatus),
}) {}

/** An image that a node has. */
export class ContainerImage extends message('k8s.io.api.core.v1.ContainerImage', {
  /** Names by which it is known. */
  names: strings(1).always().atomic(),
  /** How large it is, in bytes. */
  sizeBytes: int64(2),
}) {}

/** A volume that is attached to a node. */
export class AttachedVolume extends message('k8s.io.api.core.v1.AttachedVolume', {
  /** Name of the volume. */
  name: string(1).required().named('v1.UniqueVolumeName'),
  /** Path of its device. */
  devicePath: string(2).required(),
}) {}

/** Which configuration a kubelet uses; not set any more. */
export class NodeConfigStatus extends message('k8s.io.api.core.v1.NodeConfigStatus', {
  /** The one it is to use. */
  assigned: ref(1, NodeConfigSource),
  /** The one it uses. */
  active: ref(2, NodeConfigSource),
  /** The one it falls back to. */
  lastKnownGood: ref(3, NodeConfigSource),
  /** What is wrong with the one it is to use. */
  error: string(4),
}) {}

/** What a runtime handler can do. */
export class NodeRuntimeHandlerFeatures extends message('k8s.io.api.core.v1.NodeRuntimeHandlerFeatures', {
  /** Whether mounts below a read-only one can be made read-only, too. */
  recursiveReadOnlyMounts: bool(1).explicit(),
  /** Whether pods can have users of their own. */
  userNamespaces: bool(2).explicit(),
}) {}

/** A way in which the runtime can run containers. */
export class NodeRuntimeHandler extends message('k8s.io.api.core.v1.NodeRuntimeHandler', {
  /** Name of the handler. Empty for the usual one. */
  name: string(1).always(),
  /** What it can do. */
  features: ref(2, NodeRuntimeHandlerFeatures),
}) {}

/** What the runtime of a node can do, whatever the handler. */
export class NodeFeatures extends message('k8s.io.api.core.v1.NodeFeatures', {
  /** Whether supplementalGroupsPolicy and the user in statuses are heeded. */
  supplementalGroupsPolicy: bool(1).explicit(),
}) {}

/** How a node is, as its kubelet last said. */
export class NodeStatus extends message('k8s.io.api.core.v1.NodeStatus', {
  /** What it has in all. */
  capacity: quantityMap(1),
  /** What of it is for pods. */
  allocatable: quantityMap(2),
  /** Not set any more. */
  phase: oneOf(3, 'Pending', 'Running', 'Terminated').named('v1.NodePhase'),
  /** What holds of the node now. */
  conditions: list(4, NodeCondition).mapBy('type').mergeBy('type'),
  /** Its addresses. */
  addresses: list(5, NodeAddress).mapBy('type').mergeBy('type'),
  /** Where its daemons listen. */
  daemonEndpoints: ref(6, NodeDaemonEndpoints).always(),
  /** What it runs, and on what. */
  nodeInfo: ref(7, NodeSystemInfo).always(),
  /** Images that it has, the largest first. */
  images: list(8, ContainerImage).atomic(),
  /** Volumes that are mounted on it. */
  volumesInUse: strings(9).atomic().named('v1.UniqueVolumeName'),
  /** Volumes that are attached to it. */
  volumesAttached: list(10, AttachedVolume).atomic(),
  /** Not set any more. */
  config: ref(11, NodeConfigStatus),
  /** Ways in which it can run containers. */
  runtimeHandlers: list(12, NodeRuntimeHandler).atomic(),
  /** What its runtime can do. */
  features: ref(13, NodeFeatures),
  /** Features of its kubelet that pods may depend on. */
  declaredFeatures: strings(14).atomic(),
}) {}
