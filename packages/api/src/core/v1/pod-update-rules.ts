/** What an update may change of a pod, and what a write of its status may. */
import { isDeepEqual, qualifiedNameErrors } from '@kaji/schema';
import { forbidden, invalid, invalidAll, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { Container } from './container.ts';
import { validatePod } from './pod-rules.ts';
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
  return { errors: containers.flatMap(({ image = '' }, index) => (image === '' ? [required(`${path}[${index}].image`)] : [])), isSameCount: true };
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
  for (const list of ['containers', 'initContainers'] as const) {
    const { errors: own, isSameCount } = containerErrors(spec[list] ?? [], before[list] ?? [], `spec.${list}`);
    errors.push(...own);
    if (!isSameCount) return errors;
  }
  const deadlines = deadlineErrors(spec.activeDeadlineSeconds, before.activeDeadlineSeconds, 'spec.activeDeadlineSeconds');
  errors.push(...deadlines);
  if (deadlines.length > 0 && spec.activeDeadlineSeconds !== undefined) return errors;
  errors.push(...tolerationErrors(spec.tolerations ?? [], before.tolerations ?? [], 'spec.tolerations'), ...gateErrors(spec.schedulingGates ?? [], before.schedulingGates ?? [], 'spec.schedulingGates'));
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

export function validatePodStatus(pod: Pod, old: Pod): FieldError[] {
  const [status, before] = [pod.status ?? {}, old.status ?? {}];
  const errors = (status.conditions ?? []).flatMap(({ type }, index) => (['ContainersReady', 'Initialized', 'PodScheduled', 'Ready'].includes(type) ? [] : invalidAll(`status.conditions[${index}].Type`, type, qualifiedNameErrors(type))));
  if ((pod.spec.nodeName ?? '') !== (old.spec.nodeName ?? '')) errors.push(forbidden('status.nodeName', 'may not be changed directly'));
  if (before.qosClass !== undefined && status.qosClass !== before.qosClass) errors.push(invalid('status.qosClass', status.qosClass ?? '', 'field is immutable'));
  for (const list of ['containerStatuses', 'initContainerStatuses'] as const) errors.push(...transitionErrors(status[list] ?? [], before[list] ?? [], `status.${list}`, old.spec));
  return errors;
}
