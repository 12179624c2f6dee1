/** What the runtime is told about sandboxes and containers, as data. */
import type { Pod } from '@kaji/api/core/v1';
import type { ContainerConfig, DNSConfig, KeyValue, LinuxContainerResources, Mount, PodSandboxConfig } from '@kaji/cri';
import type { PulledImage } from '../images/image-puller.ts';
import { allContainers, containerHash, isHostNetwork, type RoledContainer, uidOf } from '../pod-worker/pod-view.ts';
import { own } from '../own.ts';
import { expand } from './expansion.ts';
import { labels } from './labels.ts';
import { containerSecurity, sandboxSecurity } from './security.ts';

export interface SandboxSettings {
  readonly attempt: number;
  readonly hostname: string;
  readonly logDirectory: string;
  readonly cgroupParent: string;
  readonly dns: DNSConfig;
}

export function podLogDirectory(root: string, pod: Pod): string {
  return `${root}/${pod.metadata.namespace ?? ''}_${pod.metadata.name ?? ''}_${uidOf(pod)}`;
}

export function sandboxConfig(pod: Pod, settings: SandboxSettings): PodSandboxConfig {
  const { name = '', namespace = '' } = pod.metadata;
  const sysctls = Object.fromEntries((pod.spec.securityContext?.sysctls ?? []).map((sysctl) => [sysctl.name, sysctl.value]));
  return {
    metadata: { name, namespace, uid: uidOf(pod), attempt: settings.attempt },
    hostname: isHostNetwork(pod) ? '' : settings.hostname,
    logDirectory: settings.logDirectory,
    dnsConfig: settings.dns,
    portMappings: isHostNetwork(pod) ? [] : portMappings(pod),
    labels: { ...pod.metadata.labels, [labels.podName]: name, [labels.podNamespace]: namespace, [labels.podUid]: uidOf(pod) },
    annotations: { ...pod.metadata.annotations },
    linux: { cgroupParent: settings.cgroupParent, sysctls, securityContext: sandboxSecurity(pod) },
  };
}

function portMappings(pod: Pod): NonNullable<PodSandboxConfig['portMappings']> {
  return allContainers(pod).flatMap(({ container }) => container.ports ?? []).filter((port) => (port.hostPort ?? 0) > 0).map((port) => ({
    protocol: port.protocol ?? 'TCP', containerPort: port.containerPort, hostPort: port.hostPort, hostIp: port.hostIP ?? '',
  }));
}

export interface ContainerSettings {
  readonly restartCount: number;
  readonly image: PulledImage;
  readonly environment: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  readonly resources: LinuxContainerResources;
  readonly seccompDefault: boolean;
  /** Container whose processes an ephemeral one joins. */
  readonly target?: string;
}

/** Throws ContainerConfigError where the specification cannot be followed. */
export function containerConfig(pod: Pod, entry: RoledContainer, settings: ContainerSettings): ContainerConfig {
  const { container } = entry;
  const { environment, restartCount, image } = settings;
  const lookup = (name: string): string | undefined => own(environment, name);
  const security = containerSecurity(pod, container, {
    imageUid: image.uid, imageUsername: image.username, seccompDefault: settings.seccompDefault, ...(settings.target === undefined ? {} : { target: settings.target }),
  });
  return {
    metadata: { name: container.name, attempt: restartCount },
    image: { image: image.id, userSpecifiedImage: container.image ?? '' },
    command: (container.command ?? []).map((word) => expand(word, lookup)),
    args: (container.args ?? []).map((word) => expand(word, lookup)),
    workingDir: container.workingDir ?? '',
    envs: Object.entries(environment).map(([key, value]): KeyValue => ({ key, value: Buffer.from(value, 'utf8') })),
    mounts: [...settings.mounts],
    labels: {
      [labels.podName]: pod.metadata.name ?? '', [labels.podNamespace]: pod.metadata.namespace ?? '', [labels.podUid]: uidOf(pod), [labels.containerName]: container.name,
    },
    annotations: {
      [labels.hash]: containerHash(container),
      [labels.restartCount]: String(restartCount),
      [labels.terminationMessagePath]: container.terminationMessagePath ?? '',
      [labels.terminationMessagePolicy]: container.terminationMessagePolicy ?? 'File',
      [labels.podTerminationGracePeriod]: String(pod.spec.terminationGracePeriodSeconds ?? 30),
    },
    logPath: `${container.name}/${restartCount}.log`,
    stdin: container.stdin === true,
    stdinOnce: container.stdinOnce === true,
    tty: container.tty === true,
    linux: { resources: settings.resources, securityContext: security },
  };
}
