/** securityContext of pod and container, as the runtime takes it. */
import type { Container, Pod } from '@kaji/api/core/v1';
import type { LinuxContainerSecurityContext, LinuxSandboxSecurityContext, NamespaceOption, SecurityProfile } from '@kaji/cri';
import { ContainerConfigError } from './environment.ts';

/** Kubernetes: what a container may not see or change of the kernel, unless procMount says otherwise. */
const maskedPaths = ['/proc/asound', '/proc/acpi', '/proc/interrupts', '/proc/kcore', '/proc/keys', '/proc/latency_stats', '/proc/timer_list', '/proc/timer_stats', '/proc/sched_debug', '/proc/scsi', '/sys/firmware', '/sys/devices/virtual/powercap'];
const readonlyPaths = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'];

export function namespaceOptions(pod: Pod, target?: string): NamespaceOption {
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace } = pod.spec;
  const pid = hostPID === true ? 'node' : shareProcessNamespace === true ? 'pod' : 'container';
  return {
    network: hostNetwork === true ? 'node' : 'pod',
    ipc: hostIPC === true ? 'node' : 'pod',
    ...(target === undefined ? { pid } : { pid: 'target', targetId: target }),
  };
}

export function sandboxSecurity(pod: Pod): LinuxSandboxSecurityContext {
  const context = pod.spec.securityContext;
  const supplementalGroups = groupsOf(pod);
  const isPrivileged = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].some((container) => container.securityContext?.privileged === true);
  return {
    namespaceOptions: namespaceOptions(pod),
    privileged: isPrivileged,
    seccomp: { profileType: 'runtimeDefault' },
    ...(context?.runAsUser === undefined ? {} : { runAsUser: { value: context.runAsUser } }),
    ...(context?.runAsUser === undefined || context.runAsGroup === undefined ? {} : { runAsGroup: { value: context.runAsGroup } }),
    ...(supplementalGroups.length === 0 ? {} : { supplementalGroups }),
  };
}

/** `imageUser` is what the image says it runs as, where it says a number. */
export function containerSecurity(pod: Pod, container: Container, options: { readonly imageUid?: number | undefined; readonly imageUsername?: string; readonly target?: string; readonly seccompDefault: boolean }): LinuxContainerSecurityContext {
  const ofPod = pod.spec.securityContext;
  const own = container.securityContext;
  const runAsUser = own?.runAsUser ?? ofPod?.runAsUser;
  const runAsGroup = own?.runAsGroup ?? ofPod?.runAsGroup;
  const isPrivileged = own?.privileged === true;
  verifyNonRoot(pod, container, runAsUser, options);
  const supplementalGroups = groupsOf(pod);
  return {
    privileged: isPrivileged,
    namespaceOptions: namespaceOptions(pod, options.target),
    readonlyRootfs: own?.readOnlyRootFilesystem === true,
    noNewPrivs: own?.allowPrivilegeEscalation === false,
    capabilities: { addCapabilities: own?.capabilities?.add ?? [], dropCapabilities: own?.capabilities?.drop ?? [] },
    ...(own?.procMount === 'Unmasked' || isPrivileged ? {} : { maskedPaths, readonlyPaths }),
    ...(runAsUser === undefined ? {} : { runAsUser: { value: runAsUser } }),
    ...(runAsUser === undefined && options.imageUid === undefined && (options.imageUsername ?? '') !== '' ? { runAsUsername: options.imageUsername } : {}),
    ...(runAsGroup === undefined ? {} : { runAsGroup: { value: runAsGroup } }),
    ...(supplementalGroups.length === 0 ? {} : { supplementalGroups }),
    seccomp: isPrivileged ? { profileType: 'unconfined' } : seccompOf(own?.seccompProfile ?? ofPod?.seccompProfile, options.seccompDefault),
  };
}

type Profile = NonNullable<NonNullable<Pod['spec']['securityContext']>['seccompProfile']>;

function seccompOf(profile: Profile | undefined, seccompDefault: boolean): SecurityProfile {
  if (profile === undefined) return { profileType: seccompDefault ? 'runtimeDefault' : 'unconfined' };
  switch (profile.type) {
    case 'RuntimeDefault': return { profileType: 'runtimeDefault' };
    case 'Localhost': return { profileType: 'localhost', localhostRef: profile.localhostProfile ?? '' };
    default: return { profileType: 'unconfined' };
  }
}

function groupsOf(pod: Pod): number[] {
  const { fsGroup, supplementalGroups } = pod.spec.securityContext ?? {};
  return [...(fsGroup === undefined ? [] : [fsGroup]), ...(supplementalGroups ?? [])];
}

function verifyNonRoot(pod: Pod, container: Container, runAsUser: number | undefined, image: { readonly imageUid?: number | undefined; readonly imageUsername?: string }): void {
  const mustNotBeRoot = container.securityContext?.runAsNonRoot ?? pod.spec.securityContext?.runAsNonRoot;
  if (mustNotBeRoot !== true) return;
  const where = `(pod: "${pod.metadata.name ?? ''}_${pod.metadata.namespace ?? ''}(${pod.metadata.uid ?? ''})", container: ${container.name})`;
  if (runAsUser !== undefined) {
    if (runAsUser === 0) throw new ContainerConfigError(`container's runAsUser breaks non-root policy ${where}`);
    return;
  }
  if (image.imageUid === undefined && (image.imageUsername ?? '') !== '') {
    throw new ContainerConfigError(`container has runAsNonRoot and image has non-numeric user (${image.imageUsername ?? ''}), cannot verify user is non-root ${where}`);
  }
  if ((image.imageUid ?? 0) === 0) throw new ContainerConfigError(`container has runAsNonRoot and image will run as root ${where}`);
}
