/** What containers and sandboxes use. Numbers are those of runtime.v1. */
import { int64, list, message, ref, string, stringMap } from '@kaji/schema';
import { ContainerMetadata } from './container.ts';
import { FilesystemUsage } from './image.ts';
import { PodSandboxMetadata } from './sandbox.ts';
import { UInt64Value } from './wrappers.ts';

export class ContainerAttributes extends message('runtime.v1.ContainerAttributes', {
  id: string(1).required(),
  metadata: ref(2, ContainerMetadata).required(),
  labels: stringMap(3).required(),
  annotations: stringMap(4).required(),
}) {}

export class CpuUsage extends message('runtime.v1.CpuUsage', {
  timestamp: int64(1).required(),
  usageCoreNanoSeconds: ref(2, UInt64Value),
  usageNanoCores: ref(3, UInt64Value),
}) {}

export class MemoryUsage extends message('runtime.v1.MemoryUsage', {
  timestamp: int64(1).required(),
  workingSetBytes: ref(2, UInt64Value),
  availableBytes: ref(3, UInt64Value),
  usageBytes: ref(4, UInt64Value),
  rssBytes: ref(5, UInt64Value),
  pageFaults: ref(6, UInt64Value),
  majorPageFaults: ref(7, UInt64Value),
}) {}

export class SwapUsage extends message('runtime.v1.SwapUsage', {
  timestamp: int64(1).required(),
  swapAvailableBytes: ref(2, UInt64Value),
  swapUsageBytes: ref(3, UInt64Value),
}) {}

export class ContainerStats extends message('runtime.v1.ContainerStats', {
  attributes: ref(1, ContainerAttributes),
  cpu: ref(2, CpuUsage),
  memory: ref(3, MemoryUsage),
  writableLayer: ref(4, FilesystemUsage),
  swap: ref(5, SwapUsage),
}) {}

export class ContainerStatsFilter extends message('runtime.v1.ContainerStatsFilter', {
  id: string(1),
  podSandboxId: string(2),
  labelSelector: stringMap(3),
}) {}

export class ListContainerStatsRequest extends message('runtime.v1.ListContainerStatsRequest', {
  filter: ref(1, ContainerStatsFilter),
}) {}

export class ListContainerStatsResponse extends message('runtime.v1.ListContainerStatsResponse', {
  stats: list(1, ContainerStats).required(),
}) {}

export class PodSandboxAttributes extends message('runtime.v1.PodSandboxAttributes', {
  id: string(1).required(),
  metadata: ref(2, PodSandboxMetadata).required(),
  labels: stringMap(3).required(),
  annotations: stringMap(4).required(),
}) {}

export class NetworkInterfaceUsage extends message('runtime.v1.NetworkInterfaceUsage', {
  name: string(1).required(),
  rxBytes: ref(2, UInt64Value),
  rxErrors: ref(3, UInt64Value),
  txBytes: ref(4, UInt64Value),
  txErrors: ref(5, UInt64Value),
}) {}

export class NetworkUsage extends message('runtime.v1.NetworkUsage', {
  timestamp: int64(1).required(),
  defaultInterface: ref(2, NetworkInterfaceUsage),
  interfaces: list(3, NetworkInterfaceUsage).required(),
}) {}

export class ProcessUsage extends message('runtime.v1.ProcessUsage', {
  timestamp: int64(1).required(),
  processCount: ref(2, UInt64Value),
}) {}

export class LinuxPodSandboxStats extends message('runtime.v1.LinuxPodSandboxStats', {
  cpu: ref(1, CpuUsage),
  memory: ref(2, MemoryUsage),
  network: ref(3, NetworkUsage),
  process: ref(4, ProcessUsage),
  containers: list(5, ContainerStats).required(),
}) {}

export class PodSandboxStats extends message('runtime.v1.PodSandboxStats', {
  attributes: ref(1, PodSandboxAttributes),
  linux: ref(2, LinuxPodSandboxStats),
}) {}

export class PodSandboxStatsFilter extends message('runtime.v1.PodSandboxStatsFilter', {
  id: string(1),
  labelSelector: stringMap(2),
}) {}

export class ListPodSandboxStatsRequest extends message('runtime.v1.ListPodSandboxStatsRequest', {
  filter: ref(1, PodSandboxStatsFilter),
}) {}

export class ListPodSandboxStatsResponse extends message('runtime.v1.ListPodSandboxStatsResponse', {
  stats: list(1, PodSandboxStats).required(),
}) {}
