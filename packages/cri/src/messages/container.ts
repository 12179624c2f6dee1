/** Containers of the container runtime interface: configuration, state, and the calls upon them. Numbers are those of runtime.v1. */
import { bool, int32, int64, list, message, ref, scalars, string, stringMap, strings, uint32 } from '@kaji/schema';
import { ImageSpec } from './image.ts';
import { IdMapping, LinuxContainerResources, NamespaceOption, PodSandboxConfig, PodSandboxStatus, SELinuxOption, SecurityProfile } from './sandbox.ts';
import { Int64Value, binary, containerEventTypeValues, containerStateValues, enumeration, mountPropagationValues, signalValues, supplementalGroupsPolicyValues } from './wrappers.ts';

export class ContainerMetadata extends message('runtime.v1.ContainerMetadata', {
  name: string(1).required(),
  attempt: uint32(2).required(),
}) {}

export class KeyValue extends message('runtime.v1.KeyValue', {
  key: string(1).required(),
  value: binary(2).required(),
}) {}

export class Mount extends message('runtime.v1.Mount', {
  containerPath: string(1),
  hostPath: string(2),
  readonly: bool(3),
  selinuxRelabel: bool(4),
  propagation: enumeration(5, ...mountPropagationValues),
  uidMappings: list(6, IdMapping),
  gidMappings: list(7, IdMapping),
  recursiveReadOnly: bool(8),
  image: ref(9, ImageSpec),
  imageSubPath: string(10),
}) {}

export class Device extends message('runtime.v1.Device', {
  containerPath: string(1),
  hostPath: string(2),
  permissions: string(3),
}) {}

export class Capability extends message('runtime.v1.Capability', {
  addCapabilities: strings(1),
  dropCapabilities: strings(2),
  addAmbientCapabilities: strings(3),
}) {}

export class LinuxContainerSecurityContext extends message('runtime.v1.LinuxContainerSecurityContext', {
  capabilities: ref(1, Capability),
  privileged: bool(2),
  namespaceOptions: ref(3, NamespaceOption),
  selinuxOptions: ref(4, SELinuxOption),
  runAsUser: ref(5, Int64Value),
  runAsGroup: ref(12, Int64Value),
  runAsUsername: string(6),
  readonlyRootfs: bool(7),
  supplementalGroups: scalars<number>(8, 'int64'),
  supplementalGroupsPolicy: enumeration(17, ...supplementalGroupsPolicyValues),
  noNewPrivs: bool(11),
  maskedPaths: strings(13),
  readonlyPaths: strings(14),
  seccomp: ref(15, SecurityProfile),
  apparmor: ref(16, SecurityProfile),
}) {}

export class LinuxContainerConfig extends message('runtime.v1.LinuxContainerConfig', {
  resources: ref(1, LinuxContainerResources),
  securityContext: ref(2, LinuxContainerSecurityContext),
}) {}

export class ContainerConfig extends message('runtime.v1.ContainerConfig', {
  metadata: ref(1, ContainerMetadata).required(),
  image: ref(2, ImageSpec),
  command: strings(3),
  args: strings(4),
  workingDir: string(5),
  envs: list(6, KeyValue),
  mounts: list(7, Mount),
  devices: list(8, Device),
  labels: stringMap(9),
  annotations: stringMap(10),
  logPath: string(11),
  stdin: bool(12),
  stdinOnce: bool(13),
  tty: bool(14),
  linux: ref(15, LinuxContainerConfig),
  stopSignal: enumeration(18, ...signalValues),
}) {}

export class Container extends message('runtime.v1.Container', {
  id: string(1).required(),
  podSandboxId: string(2).required(),
  metadata: ref(3, ContainerMetadata).required(),
  image: ref(4, ImageSpec).required(),
  imageRef: string(5).required(),
  state: enumeration(6, ...containerStateValues).required(),
  createdAt: int64(7).required(),
  labels: stringMap(8).required(),
  annotations: stringMap(9).required(),
  imageId: string(10).required(),
}) {}

export class ContainerStateValue extends message('runtime.v1.ContainerStateValue', {
  state: enumeration(1, ...containerStateValues),
}) {}

export class ContainerFilter extends message('runtime.v1.ContainerFilter', {
  id: string(1),
  state: ref(2, ContainerStateValue),
  podSandboxId: string(3),
  labelSelector: stringMap(4),
}) {}

export class ContainerResources extends message('runtime.v1.ContainerResources', {
  linux: ref(1, LinuxContainerResources),
}) {}

export class LinuxContainerUser extends message('runtime.v1.LinuxContainerUser', {
  uid: int64(1).required(),
  gid: int64(2).required(),
  supplementalGroups: scalars<number>(3, 'int64').required(),
}) {}

export class ContainerUser extends message('runtime.v1.ContainerUser', {
  linux: ref(1, LinuxContainerUser),
}) {}

export class ContainerStatus extends message('runtime.v1.ContainerStatus', {
  id: string(1).required(),
  metadata: ref(2, ContainerMetadata).required(),
  state: enumeration(3, ...containerStateValues).required(),
  createdAt: int64(4).required(),
  startedAt: int64(5).required(),
  finishedAt: int64(6).required(),
  exitCode: int32(7).required(),
  image: ref(8, ImageSpec).required(),
  imageRef: string(9).required(),
  reason: string(10).required(),
  message: string(11).required(),
  labels: stringMap(12).required(),
  annotations: stringMap(13).required(),
  mounts: list(14, Mount).required(),
  logPath: string(15).required(),
  resources: ref(16, ContainerResources),
  imageId: string(17).required(),
  user: ref(18, ContainerUser),
  stopSignal: enumeration(19, ...signalValues).required(),
}) {}

export class CreateContainerRequest extends message('runtime.v1.CreateContainerRequest', {
  podSandboxId: string(1).required(),
  config: ref(2, ContainerConfig),
  sandboxConfig: ref(3, PodSandboxConfig),
}) {}

export class CreateContainerResponse extends message('runtime.v1.CreateContainerResponse', {
  containerId: string(1).required(),
}) {}

export class StartContainerRequest extends message('runtime.v1.StartContainerRequest', {
  containerId: string(1).required(),
}) {}

export class StartContainerResponse extends message('runtime.v1.StartContainerResponse', {}) {}

export class StopContainerRequest extends message('runtime.v1.StopContainerRequest', {
  containerId: string(1).required(),
  timeout: int64(2),
}) {}

export class StopContainerResponse extends message('runtime.v1.StopContainerResponse', {}) {}

export class RemoveContainerRequest extends message('runtime.v1.RemoveContainerRequest', {
  containerId: string(1).required(),
}) {}

export class RemoveContainerResponse extends message('runtime.v1.RemoveContainerResponse', {}) {}

export class ListContainersRequest extends message('runtime.v1.ListContainersRequest', {
  filter: ref(1, ContainerFilter),
}) {}

export class ListContainersResponse extends message('runtime.v1.ListContainersResponse', {
  containers: list(1, Container).required(),
}) {}

export class ContainerStatusRequest extends message('runtime.v1.ContainerStatusRequest', {
  containerId: string(1).required(),
  verbose: bool(2),
}) {}

export class ContainerStatusResponse extends message('runtime.v1.ContainerStatusResponse', {
  status: ref(1, ContainerStatus),
  info: stringMap(2).required(),
}) {}

export class UpdateContainerResourcesRequest extends message('runtime.v1.UpdateContainerResourcesRequest', {
  containerId: string(1).required(),
  linux: ref(2, LinuxContainerResources),
  annotations: stringMap(4),
}) {}

export class UpdateContainerResourcesResponse extends message('runtime.v1.UpdateContainerResourcesResponse', {}) {}

export class ReopenContainerLogRequest extends message('runtime.v1.ReopenContainerLogRequest', {
  containerId: string(1).required(),
}) {}

export class ReopenContainerLogResponse extends message('runtime.v1.ReopenContainerLogResponse', {}) {}

export class ExecSyncRequest extends message('runtime.v1.ExecSyncRequest', {
  containerId: string(1).required(),
  cmd: strings(2),
  timeout: int64(3),
}) {}

export class ExecSyncResponse extends message('runtime.v1.ExecSyncResponse', {
  stdout: binary(1).required(),
  stderr: binary(2).required(),
  exitCode: int32(3).required(),
}) {}

export class ExecRequest extends message('runtime.v1.ExecRequest', {
  containerId: string(1).required(),
  cmd: strings(2),
  tty: bool(3),
  stdin: bool(4),
  stdout: bool(5),
  stderr: bool(6),
}) {}

export class ExecResponse extends message('runtime.v1.ExecResponse', {
  url: string(1).required(),
}) {}

export class AttachRequest extends message('runtime.v1.AttachRequest', {
  containerId: string(1).required(),
  stdin: bool(2),
  tty: bool(3),
  stdout: bool(4),
  stderr: bool(5),
}) {}

export class AttachResponse extends message('runtime.v1.AttachResponse', {
  url: string(1).required(),
}) {}

export class PortForwardRequest extends message('runtime.v1.PortForwardRequest', {
  podSandboxId: string(1).required(),
  port: scalars<number>(2, 'int32'),
}) {}

export class PortForwardResponse extends message('runtime.v1.PortForwardResponse', {
  url: string(1).required(),
}) {}

export class GetEventsRequest extends message('runtime.v1.GetEventsRequest', {}) {}

export class ContainerEventResponse extends message('runtime.v1.ContainerEventResponse', {
  containerId: string(1).required(),
  containerEventType: enumeration(2, ...containerEventTypeValues).required(),
  createdAt: int64(3).required(),
  podSandboxStatus: ref(4, PodSandboxStatus),
  containersStatuses: list(5, ContainerStatus).required(),
}) {}
