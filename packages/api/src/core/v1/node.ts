import { bool, int32, int64, list, message, oneOf, quantityMap, ref, string, strings, time } from '@kaji/schema';
import { nodeColumns } from '../../columns/cluster.ts';
import { resource } from '../../resource.ts';
import { validateNode } from './node-rules.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class Taint extends message('k8s.io.api.core.v1.Taint', {
  key: string(1).required(),
  value: string(2),
  effect: oneOf(3, 'NoSchedule', 'PreferNoSchedule', 'NoExecute').required(),
  timeAdded: time(4).explicit(),
}) {}

export class ConfigMapNodeConfigSource extends message('k8s.io.api.core.v1.ConfigMapNodeConfigSource', {
  namespace: string(1).required(),
  name: string(2).required(),
  uid: string(3),
  resourceVersion: string(4),
  kubeletConfigKey: string(5).required(),
}) {}

export class NodeConfigSource extends message('k8s.io.api.core.v1.NodeConfigSource', {
  configMap: ref(2, ConfigMapNodeConfigSource),
}) {}

export class NodeSpec extends message('k8s.io.api.core.v1.NodeSpec', {
  podCIDR: string(1),
  podCIDRs: strings(7).set().mergeBy(),
  providerID: string(3),
  unschedulable: bool(4),
  taints: list(5, Taint).atomic(),
  configSource: ref(6, NodeConfigSource),
  externalID: string(2),
}) {}

export class NodeCondition extends message('k8s.io.api.core.v1.NodeCondition', {
  type: string(1).required(),
  status: string(2).required(),
  lastHeartbeatTime: time(3).always(),
  lastTransitionTime: time(4).always(),
  reason: string(5),
  message: string(6),
}) {}

export class NodeAddress extends message('k8s.io.api.core.v1.NodeAddress', {
  type: string(1).required(),
  address: string(2).required(),
}) {}

export class DaemonEndpoint extends message('k8s.io.api.core.v1.DaemonEndpoint', {
  Port: int32(1).required(),
}) {}

export class NodeDaemonEndpoints extends message('k8s.io.api.core.v1.NodeDaemonEndpoints', {
  kubeletEndpoint: ref(1, DaemonEndpoint).always(),
}) {}

export class NodeSwapStatus extends message('k8s.io.api.core.v1.NodeSwapStatus', {
  capacity: int64(1).explicit(),
}) {}

export class NodeSystemInfo extends message('k8s.io.api.core.v1.NodeSystemInfo', {
  machineID: string(1).required(),
  systemUUID: string(2).required(),
  bootID: string(3).required(),
  kernelVersion: string(4).required(),
  osImage: string(5).required(),
  containerRuntimeVersion: string(6).required(),
  kubeletVersion: string(7).required(),
  kubeProxyVersion: string(8).required(),
  operatingSystem: string(9).required(),
  architecture: string(10).required(),
  swap: ref(11, NodeSwapStatus),
}) {}

export class ContainerImage extends message('k8s.io.api.core.v1.ContainerImage', {
  names: strings(1).always().atomic(),
  sizeBytes: int64(2),
}) {}

export class AttachedVolume extends message('k8s.io.api.core.v1.AttachedVolume', {
  name: string(1).required(),
  devicePath: string(2).required(),
}) {}

export class NodeConfigStatus extends message('k8s.io.api.core.v1.NodeConfigStatus', {
  assigned: ref(1, NodeConfigSource),
  active: ref(2, NodeConfigSource),
  lastKnownGood: ref(3, NodeConfigSource),
  error: string(4),
}) {}

export class NodeRuntimeHandlerFeatures extends message('k8s.io.api.core.v1.NodeRuntimeHandlerFeatures', {
  recursiveReadOnlyMounts: bool(1).explicit(),
  userNamespaces: bool(2).explicit(),
}) {}

export class NodeRuntimeHandler extends message('k8s.io.api.core.v1.NodeRuntimeHandler', {
  name: string(1).always(),
  features: ref(2, NodeRuntimeHandlerFeatures),
}) {}

export class NodeFeatures extends message('k8s.io.api.core.v1.NodeFeatures', {
  supplementalGroupsPolicy: bool(1).explicit(),
}) {}

export class NodeStatus extends message('k8s.io.api.core.v1.NodeStatus', {
  capacity: quantityMap(1),
  allocatable: quantityMap(2),
  phase: oneOf(3, 'Pending', 'Running', 'Terminated'),
  conditions: list(4, NodeCondition).mapBy('type').mergeBy('type'),
  addresses: list(5, NodeAddress).mapBy('type').mergeBy('type'),
  daemonEndpoints: ref(6, NodeDaemonEndpoints).always(),
  nodeInfo: ref(7, NodeSystemInfo).always(),
  images: list(8, ContainerImage).atomic(),
  volumesInUse: strings(9).atomic(),
  volumesAttached: list(10, AttachedVolume).atomic(),
  config: ref(11, NodeConfigStatus),
  runtimeHandlers: list(12, NodeRuntimeHandler).atomic(),
  features: ref(13, NodeFeatures),
  declaredFeatures: strings(14).atomic(),
}) {}

export class Node extends message('k8s.io.api.core.v1.Node', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, NodeSpec).present(),
  status: ref(3, NodeStatus).always(),
}) {}

export const nodes = resource({
  group: '', version: 'v1', plural: 'nodes', singular: 'node', kind: 'Node', isNamespaced: false, type: Node,
  validate: validateNode,
  columns: nodeColumns,
  nameErrors: subdomainName,
  selectableFields: {
    'spec.unschedulable': ({ spec }) => String(spec?.unschedulable ?? false),
  },
  defaults({ status }) {
    if (status?.capacity !== undefined) status.allocatable ??= { ...status.capacity };
  },
  shortNames: ['no'],
  subresources: [
    { name: 'proxy', verbs: ['create', 'delete', 'get', 'patch', 'update'], kind: { group: '', version: 'v1', kind: 'NodeProxyOptions' } },
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
