/** Pod sandboxes of the container runtime interface, and the settings a sandbox and its containers share. Numbers are those of runtime.v1. */
import { bool, int32, int64, list, message, ref, scalars, string, stringMap, strings, uint32, uint64 } from '@kaji/schema';
import { enumeration, Int64Value, namespaceModeValues, podSandboxStateValues, profileTypeValues, protocolValues, supplementalGroupsPolicyValues } from './wrappers.ts';

export class PodSandboxMetadata extends message('runtime.v1.PodSandboxMetadata', {
  name: string(1).required(),
  uid: string(2).required(),
  namespace: string(3).required(),
  attempt: uint32(4).required(),
}) {}

export class IdMapping extends message('runtime.v1.IDMapping', {
  hostId: uint32(1),
  containerId: uint32(2),
  length: uint32(3),
}) {}

export class UserNamespace extends message('runtime.v1.UserNamespace', {
  mode: enumeration(1, ...namespaceModeValues),
  uids: list(2, IdMapping),
  gids: list(3, IdMapping),
}) {}

export class NamespaceOption extends message('runtime.v1.NamespaceOption', {
  network: enumeration(1, ...namespaceModeValues),
  pid: enumeration(2, ...namespaceModeValues),
  ipc: enumeration(3, ...namespaceModeValues),
  targetId: string(4),
  usernsOptions: ref(5, UserNamespace),
}) {}

export class DNSConfig extends message('runtime.v1.DNSConfig', {
  servers: strings(1),
  searches: strings(2),
  options: strings(3),
}) {}

export class PortMapping extends message('runtime.v1.PortMapping', {
  protocol: enumeration(1, ...protocolValues),
  containerPort: int32(2),
  hostPort: int32(3),
  hostIp: string(4),
}) {}

export class SELinuxOption extends message('runtime.v1.SELinuxOption', {
  user: string(1),
  role: string(2),
  type: string(3),
  level: string(4),
}) {}

export class SecurityProfile extends message('runtime.v1.SecurityProfile', {
  profileType: enumeration(1, ...profileTypeValues),
  localhostRef: string(2),
}) {}

export class LinuxSandboxSecurityContext extends message('runtime.v1.LinuxSandboxSecurityContext', {
  namespaceOptions: ref(1, NamespaceOption),
  selinuxOptions: ref(2, SELinuxOption),
  runAsUser: ref(3, Int64Value),
  runAsGroup: ref(8, Int64Value),
  readonlyRootfs: bool(4),
  supplementalGroups: scalars<number>(5, 'int64'),
  supplementalGroupsPolicy: enumeration(11, ...supplementalGroupsPolicyValues),
  privileged: bool(6),
  seccomp: ref(9, SecurityProfile),
  apparmor: ref(10, SecurityProfile),
}) {}

export class HugepageLimit extends message('runtime.v1.HugepageLimit', {
  pageSize: string(1),
  limit: uint64(2),
}) {}

export class LinuxContainerResources extends message('runtime.v1.LinuxContainerResources', {
  cpuPeriod: int64(1),
  cpuQuota: int64(2),
  cpuShares: int64(3),
  memoryLimitInBytes: int64(4),
  oomScoreAdj: int64(5),
  cpusetCpus: string(6),
  cpusetMems: string(7),
  hugepageLimits: list(8, HugepageLimit),
  unified: stringMap(9),
  memorySwapLimitInBytes: int64(10),
}) {}

export class LinuxPodSandboxConfig extends message('runtime.v1.LinuxPodSandboxConfig', {
  cgroupParent: string(1),
  securityContext: ref(2, LinuxSandboxSecurityContext),
  sysctls: stringMap(3),
  overhead: ref(4, LinuxContainerResources),
  resources: ref(5, LinuxContainerResources),
}) {}

export class PodSandboxConfig extends message('runtime.v1.PodSandboxConfig', {
  metadata: ref(1, PodSandboxMetadata).required(),
  hostname: string(2),
  logDirectory: string(3),
  dnsConfig: ref(4, DNSConfig),
  portMappings: list(5, PortMapping),
  labels: stringMap(6),
  annotations: stringMap(7),
  linux: ref(8, LinuxPodSandboxConfig),
}) {}

export class PodIP extends message('runtime.v1.PodIP', {
  ip: string(1).required(),
}) {}

export class PodSandboxNetworkStatus extends message('runtime.v1.PodSandboxNetworkStatus', {
  ip: string(1).required(),
  additionalIps: list(2, PodIP).required(),
}) {}

export class PodSandbox extends message('runtime.v1.PodSandbox', {
  id: string(1).required(),
  metadata: ref(2, PodSandboxMetadata).required(),
  state: enumeration(3, ...podSandboxStateValues).required(),
  createdAt: int64(4).required(),
  labels: stringMap(5).required(),
  annotations: stringMap(6).required(),
  runtimeHandler: string(7).required(),
}) {}

export class PodSandboxStateValue extends message('runtime.v1.PodSandboxStateValue', {
  state: enumeration(1, ...podSandboxStateValues),
}) {}

export class PodSandboxFilter extends message('runtime.v1.PodSandboxFilter', {
  id: string(1),
  state: ref(2, PodSandboxStateValue),
  labelSelector: stringMap(3),
}) {}

export class Namespace extends message('runtime.v1.Namespace', {
  options: ref(2, NamespaceOption),
}) {}

export class LinuxPodSandboxStatus extends message('runtime.v1.LinuxPodSandboxStatus', {
  namespaces: ref(1, Namespace),
}) {}

export class PodSandboxStatus extends message('runtime.v1.PodSandboxStatus', {
  id: string(1).required(),
  metadata: ref(2, PodSandboxMetadata).required(),
  state: enumeration(3, ...podSandboxStateValues).required(),
  createdAt: int64(4).required(),
  network: ref(5, PodSandboxNetworkStatus),
  linux: ref(6, LinuxPodSandboxStatus),
  labels: stringMap(7).required(),
  annotations: stringMap(8).required(),
  runtimeHandler: string(9).required(),
}) {}

export class RunPodSandboxRequest extends message('runtime.v1.RunPodSandboxRequest', {
  config: ref(1, PodSandboxConfig),
  runtimeHandler: string(2),
}) {}

export class RunPodSandboxResponse extends message('runtime.v1.RunPodSandboxResponse', {
  podSandboxId: string(1).required(),
}) {}

export class StopPodSandboxRequest extends message('runtime.v1.StopPodSandboxRequest', {
  podSandboxId: string(1).required(),
}) {}

export class StopPodSandboxResponse extends message('runtime.v1.StopPodSandboxResponse', {}) {}

export class RemovePodSandboxRequest extends message('runtime.v1.RemovePodSandboxRequest', {
  podSandboxId: string(1).required(),
}) {}

export class RemovePodSandboxResponse extends message('runtime.v1.RemovePodSandboxResponse', {}) {}

export class PodSandboxStatusRequest extends message('runtime.v1.PodSandboxStatusRequest', {
  podSandboxId: string(1).required(),
  verbose: bool(2),
}) {}

export class PodSandboxStatusResponse extends message('runtime.v1.PodSandboxStatusResponse', {
  status: ref(1, PodSandboxStatus),
  info: stringMap(2).required(),
  timestamp: int64(4).required(),
}) {}

export class ListPodSandboxRequest extends message('runtime.v1.ListPodSandboxRequest', {
  filter: ref(1, PodSandboxFilter),
}) {}

export class ListPodSandboxResponse extends message('runtime.v1.ListPodSandboxResponse', {
  items: list(1, PodSandbox).required(),
}) {}
