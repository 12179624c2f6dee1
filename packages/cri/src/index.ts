export { CriRuntime, type CriRuntimeConfig } from './cri-runtime.ts';
export { checkHealth, type HealthTarget } from './health.ts';
export { type Capabilities, type ContainerRuntime, type ExecOutcome, isNotFound, RuntimeError, type RuntimeEvent, type StreamWants } from './runtime.ts';
export type { Container, ContainerConfig, ContainerFilter, ContainerStatus, Device, KeyValue, LinuxContainerConfig, LinuxContainerSecurityContext, Mount } from './messages/container.ts';
export type { AuthConfig, FilesystemUsage, Image, ImageSpec } from './messages/image.ts';
export type { RuntimeCondition, RuntimeHandler, StatusResponse, VersionResponse } from './messages/runtime.ts';
export type { DNSConfig, LinuxContainerResources, LinuxSandboxSecurityContext, NamespaceOption, PodSandbox, PodSandboxConfig, PodSandboxFilter, PodSandboxStatus, PortMapping, SecurityProfile } from './messages/sandbox.ts';
export type { ContainerStats, PodSandboxStats } from './messages/stats.ts';
