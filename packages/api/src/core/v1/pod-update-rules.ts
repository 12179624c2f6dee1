/** What an update may change of a pod, and what a write of its status may. */
import { dns1123SubdomainErrors, isDeepEqual, qualifiedNameErrors } from '@kaji/schema';
import { forbidden, invalid, invalidAll, required } from '../../field-error.ts';
import { ipErrors, isIpv6Text } from '../../ip-rules.ts';
import type { FieldError } from '../../resource.ts';
import type { Container } from './container.ts';
import { qosClassOf } from './pod-quality.ts';
import { validatePod, validatePodAnnotations } from './pod-rules.ts';
import type { PodSpec } from './pod-spec.ts';
import type { ContainerStatus } from './pod-status.ts';
import type { Pod } from './pod.ts';
import type { PodSchedulingGate, Toleration } from './scheduling.ts';

const updatable = '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

interface Containers {
  readonly errors: FieldError[];
  readonly isSameCount: boolean;
}

function containerErrors(containers: readonly Container[], old: readonly Container[], path: string): Containers {
  if (containers.length !== old.length) return { errors: [forbidden(path, 'pod updates may not add or remove containers')], isSameCount: false };
  return { errors: containers.flatMap(({ image = '' }, index) => [...(image === '' ? [required(`${path}[${index}].image`)] : []), ...(image === image.trim() ? [] : [invalid(`${path}[${index}].image`, image, 'must not have leading or trailing whitespace')])]), isSameCount: true };
}

function tolerationErrors(tolerations: readonly Toleration[], old: readonly Toleration[], path: string): FieldError[] {
  const without = ({ tolerationSeconds: _, ...rest }: Toleration): unknown => rest;
  const isKept = (before: Toleration): boolean => tolerations.some((now) => isDeepEqual(without(before), without(now)));
  return old.every(isKept) ? [] : [forbidden(path, 'existing toleration can not be modified except its tolerationSeconds')];
}

function gateErrors(gates: readonly PodSchedulingGate[], old: readonly PodSchedulingGate[], path: string): FieldError[] {
  const before = new Set(old.map(({ name }) => name));
  return gates.flatMap(({ name }, index) => (before.has(name) ? [] : [forbidden(`${path}[${index}].name`, `only deletion is allowed, but found new scheduling gate '${name}'`)]));
}

/** The new spec with whatever updates may change as it was. */
function withoutUpdatable(spec: PodSpec, old: PodSpec): PodSpec {
  const keepImages = (containers: readonly Container[], before: readonly Container[]): Container[] => containers.map((container, index) => ({ ...container, image: before[index]?.image }));
  const isShortened = (old.terminationGracePeriodSeconds ?? 0) < 0 && spec.terminationGracePeriodSeconds === 1;
  return {
    ...spec, containers: keepImages(spec.containers, old.containers), initContainers: spec.initContainers && keepImages(spec.initContainers, old.initContainers ?? []),
    activeDeadlineSeconds: old.activeDeadlineSeconds, schedulingGates: old.schedulingGates, tolerations: old.tolerations,
    terminationGracePeriodSeconds: isShortened ? old.terminationGracePeriodSeconds : spec.terminationGracePeriodSeconds,
    ...((old.schedulingGates ?? []).length > 0 ? { nodeSelector: old.nodeSelector, affinity: old.affinity } : {}),
  };
}

function deadlineErrors(deadline: number | undefined, old: number | undefined, path: string): FieldError[] {
  if (deadline === undefined) return old === undefined ? [] : [invalid(path, null, 'must not update from a positive integer to nil value')];
  if (deadline < 0 || deadline > 2_147_483_647) return [invalid(path, deadline, 'must be between 0 and 2147483647, inclusive')];
  return old !== undefined && old < deadline ? [invalid(path, deadline, 'must be less than or equal to previous value')] : [];
}

export function validatePodUpdate(pod: Pod, old: Pod): FieldError[] {
  const errors = validatePod(pod);
  const [spec, before] = [pod.spec, old.spec];
  const mirror = 'kubernetes.io/config.mirror';
  const [value, previous] = [pod.metadata.annotations?.[mirror], old.metadata.annotations?.[mirror]];
  if (value !== previous) errors.push(forbidden(`metadata.annotations[${mirror}]`, previous === undefined ? 'may not add mirror pod annotation' : 'may not remove or update mirror pod annotation'));
  // Kubernetes: annotations are checked with the pod and again with the update; clients see the causes twice.
  errors.push(...validatePodAnnotations(pod));
  for (const list of ['containers', 'initContainers'] as const) {
    const { errors: own, isSameCount } = containerErrors(spec[list] ?? [], before[list] ?? [], `spec.${list}`);
    errors.push(...own);
    if (!isSameCount) return errors;
  }
  const deadlines = deadlineErrors(spec.activeDeadlineSeconds, before.activeDeadlineSeconds, 'spec.activeDeadlineSeconds');
  errors.push(...deadlines);
  if (deadlines.length > 0 && spec.activeDeadlineSeconds !== undefined) return errors;
  errors.push(...tolerationErrors(spec.tolerations ?? [], before.tolerations ?? [], 'spec.tolerations'), ...gateErrors(spec.schedulingGates ?? [], before.schedulingGates ?? [], 'spec.schedulingGates'));
  if ((before.schedulingGates ?? []).length > 0) {
    const isKept = Object.entries(before.nodeSelector ?? {}).every(([key, label]) => spec.nodeSelector?.[key] === label);
    if (!isKept) errors.push(invalid('spec.nodeSelector', spec.nodeSelector ?? null, 'only additions to spec.nodeSelector are allowed (no mutations or deletions)'));
  }
  const munged = withoutUpdatable(spec, before);
  const changed = Object.keys({ ...munged, ...before }).filter((name) => !isDeepEqual((munged as unknown as Record<string, unknown>)[name], (before as unknown as Record<string, unknown>)[name])); // specs are plain records
  if (changed.length > 0) errors.push(forbidden('spec', `pod updates may not change fields other than ${updatable}\n${changed.map((name) => `spec.${name}`).join(', ')}`));
  return errors;
}

const ended = (status: ContainerStatus): boolean => status.state?.terminated !== undefined;

/** Kubernetes: a container that is never restarted does not come back to life. */
function transitionErrors(statuses: readonly ContainerStatus[], old: readonly ContainerStatus[], path: string, { restartPolicy, containers, initContainers = [] }: PodSpec): FieldError[] {
  if (restartPolicy === 'Always') return [];
  const own = [...containers, ...initContainers];
  return statuses.flatMap((status, index) => {
    const before = old.find(({ name }) => name === status.name);
    const container = own.find(({ name }) => name === status.name);
    if (before === undefined || !ended(before) || ended(status) || container?.restartPolicy !== undefined || (container?.restartPolicyRules ?? []).length > 0) return [];
    if (before.state?.terminated?.exitCode !== 0 && restartPolicy === 'OnFailure') return [];
    return [forbidden(`${path}[${index}].state`, 'may not be transitioned to non-terminated state')];
  });
}

function addressErrors(list: 'podIPs' | 'hostIPs', addresses: readonly { readonly ip: string }[]): FieldError[] {
  const errors = addresses.flatMap(({ ip }, index) => ipErrors(`status.${list}[${index}]${list === 'podIPs' ? '' : '.ip'}`, ip));
  if (errors.length > 0 || addresses.length < 2) return errors;
  const families = new Set(addresses.map(({ ip }) => isIpv6Text(ip)));
  return families.size < 2 || addresses.length > 2 ? [invalid(`status.${list}`, addresses.map(({ ip }) => ({ IP: ip })), 'may specify no more than one IP for each IP family')] : [];
}

export function validatePodStatus(pod: Pod, old: Pod): FieldError[] {
  const [status, before] = [pod.status ?? {}, old.status ?? {}];
  const errors = (status.conditions ?? []).flatMap(({ type }, index) => (['ContainersReady', 'Initialized', 'PodScheduled', 'Ready'].includes(type) ? [] : invalidAll(`status.conditions[${index}].Type`, type, qualifiedNameErrors(type))));
  if ((pod.spec.nodeName ?? '') !== (old.spec.nodeName ?? '')) errors.push(forbidden('status.nodeName', 'may not be changed directly'));
  if (before.qosClass !== undefined && status.qosClass !== before.qosClass) errors.push(invalid('status.qosClass', status.qosClass ?? '', 'field is immutable'));
  const { nominatedNodeName: nominated = '', observedGeneration = 0, hostIP = '', hostIPs = [] } = status;
  if (nominated !== '' && nominated !== before.nominatedNodeName) errors.push(...invalidAll('status.nominatedNodeName', nominated, dns1123SubdomainErrors(nominated)));
  if (observedGeneration < 0) errors.push(invalid('status.observedGeneration', observedGeneration, 'must be a non-negative integer'));
  if (!isDeepEqual(status.podIPs, before.podIPs)) errors.push(...addressErrors('podIPs', status.podIPs ?? []));
  if (!isDeepEqual(hostIPs, before.hostIPs ?? []) && hostIPs.length > 0) {
    errors.push(...addressErrors('hostIPs', hostIPs));
    if (hostIPs[0]?.ip !== hostIP) errors.push(invalid('status.hostIPs[0].ip', hostIPs[0]?.ip ?? '', 'must be equal to `hostIP`'));
  }
  for (const list of ['containerStatuses', 'initContainerStatuses'] as const) errors.push(...transitionErrors(status[list] ?? [], before[list] ?? [], `status.${list}`, old.spec));
  return errors;
}

function removedErrors(pod: Pod, old: Pod): FieldError[] {
  const path = 'spec.ephemeralContainers';
  const now = new Map((pod.spec.ephemeralContainers ?? []).map((container) => [container.name, container]));
  return (old.spec.ephemeralContainers ?? []).flatMap((container) => {
    const current = now.get(container.name);
    if (current === undefined) return [forbidden(path, `existing ephemeral containers ${JSON.stringify(container.name)} may not be removed\n`)];
    return isDeepEqual(current, container) ? [] : [forbidden(path, `existing ephemeral containers ${JSON.stringify(container.name)} may not be changed\n`)];
  });
}

const mutable = new Set(['cpu', 'memory']);

/** What a container or the pod asks for beside what may be resized. */
function fixedAmounts({ resources }: Pick<Container, 'resources'>): unknown {
  const others = (amounts: Readonly<Record<string, string>> | undefined): unknown => Object.entries(amounts ?? {}).filter(([name]) => !mutable.has(name));
  return [others(resources?.limits), others(resources?.requests)];
}

function resizeErrors(pod: Pod, old: Pod): FieldError[] {
  const errors: FieldError[] = [];
  if (old.spec.os?.name === 'windows') return [forbidden('[]', 'windows pods cannot be resized')];
  if (old.status?.qosClass !== undefined && qosClassOf(pod.spec) !== old.status.qosClass) errors.push(invalid('spec', old.status.qosClass, 'Pod QOS Class may not change as a result of resizing'));
  for (const list of ['containers', 'initContainers'] as const) {
    (pod.spec[list] ?? []).forEach((container, index) => {
      const before = old.spec[list]?.[index];
      for (const kind of ['limits', 'requests'] as const) {
        const [now, then] = [container.resources?.[kind] ?? {}, before?.resources?.[kind] ?? {}];
        if (Object.keys(then).some((name) => mutable.has(name) && now[name] === undefined)) errors.push(forbidden(`spec.${list}[${index}].resources.${kind}`, `resource ${kind} cannot be removed`));
      }
    });
  }
  const fixed = ({ spec }: Pod): unknown => [...spec.containers, ...(spec.initContainers ?? [])].map(fixedAmounts);
  if (!isDeepEqual(fixed(pod), fixed(old))) errors.push(forbidden('spec', 'only cpu and memory resources are mutable'));
  return errors;
}

/** Writes through `ephemeralcontainers` and `resize`. */
export function validatePodPart(subresource: string, pod: Pod, old: Pod): FieldError[] {
  switch (subresource) {
    case 'ephemeralcontainers': return [...validatePod(pod), ...removedErrors(pod, old)];
    case 'resize': return [...validatePod(pod), ...resizeErrors(pod, old)];
    default: return [];
  }
}
