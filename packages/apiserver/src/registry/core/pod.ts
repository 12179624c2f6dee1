/** Pods: pending at first, of a quality of service, deleted gracefully where a kubelet runs them. */
import type { ApiObject } from '@kaji/api';
import { appArmorErrors, appArmorProfileOf, appArmorWarning, type Container, containerAppArmor, type Pod, placedContainers, PodSpec, qosClassOf } from '@kaji/api/core/v1';
import { formatTime, isDeepEqual, isSemanticallyEqual } from '@kaji/schema';
import type { Strategy, WriteContext } from '../strategy.ts';
import { applyLabelKeys } from './label-keys.ts';
import { dropUnservedFields, dropUnservedStatus } from './unserved-fields.ts';

type PodObject = Pod & ApiObject;

export const podStrategy: Strategy<PodObject> = {
  hasGeneration: true,
  prepareForCreate(pod, context) {
    pod.status = { phase: 'Pending', qosClass: qosClassOf(pod.spec) };
    dropUnservedFields(pod.spec);
    if ((pod.spec.schedulingGates ?? []).length > 0) {
      pod.status.conditions = [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated', message: 'Scheduling is blocked due to non-empty scheduling gates', lastTransitionTime: formatTime(context.nowMs) }];
    }
    applyLabelKeys(pod.spec, pod.metadata.labels ?? {});
    applyAppArmorAnnotations(pod, context);
  },
  prepareForUpdate(pod, old, { subresource }) {
    if (subresource === 'ephemeralcontainers') {
      pod.spec = { ...old.spec, ephemeralContainers: pod.spec.ephemeralContainers };
      keepOwned(pod, old);
    } else if (subresource === 'resize') keepAllButSizes(pod, old);
    dropUnservedFields(pod.spec);
  },
  prepareForStatus(pod, old) {
    const status = pod.status ??= {};
    status.qosClass ??= old.status?.qosClass;
    delete pod.metadata.deletionTimestamp;
    if (old.metadata.ownerReferences === undefined) delete pod.metadata.ownerReferences;
    else pod.metadata.ownerReferences = old.metadata.ownerReferences;
    keepObservedGenerations(pod, old);
    dropUnservedStatus(status);
  },
  /** Kubernetes: what no kubelet runs, and what is over, goes at once. */
  gracePeriod({ spec, status }, options) {
    let seconds = options.gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 0;
    if ((spec.nodeName ?? '') === '' || status?.phase === 'Failed' || status?.phase === 'Succeeded') seconds = 0;
    if (seconds < 0) seconds = 1;
    options.gracePeriodSeconds = seconds;
    return seconds;
  },
  isNewGeneration: (pod, old) => !isSemanticallyEqual(PodSpec, pod.spec, old.spec),
};

/** What subresources of a pod leave alone. */
function keepOwned(pod: PodObject, old: PodObject): void {
  const { labels, annotations, ownerReferences, finalizers } = old.metadata;
  for (const [name, value] of Object.entries({ labels, annotations, ownerReferences, finalizers })) {
    if (value === undefined) delete (pod.metadata as Record<string, unknown>)[name];
    else (pod.metadata as Record<string, unknown>)[name] = value;
  }
}

/** Kubernetes: with other containers than there were nothing is kept; the rules refuse that. */
function keepAllButSizes(pod: PodObject, old: PodObject): void {
  const { containers, initContainers = [], resources } = pod.spec;
  if (containers.length !== old.spec.containers.length || initContainers.length !== (old.spec.initContainers ?? []).length) return;
  pod.spec = { ...old.spec, resources, containers: resized(containers, old.spec.containers), ...(initContainers.length === 0 ? {} : { initContainers: resized(initContainers, old.spec.initContainers ?? []) }) };
  keepOwned(pod, old);
}

/** The old containers with the resources and resize policies asked for; those asked for where a name differs. */
function resized(wanted: Container[], old: readonly Container[]): Container[] {
  if (old.some(({ name }, index) => wanted[index]?.name !== name)) return wanted;
  return old.map((container, index) => ({ ...container, resources: wanted[index]?.resources, resizePolicy: wanted[index]?.resizePolicy }));
}

/** Kubernetes: the old annotation becomes the field where that is not set; clients are told when it says something of its own, or nothing. */
function applyAppArmorAnnotations({ metadata, spec }: PodObject, { warn }: WriteContext): void {
  if (metadata.annotations === undefined || spec.os?.name === 'windows') return;
  for (const { container } of placedContainers(spec, '')) {
    const annotation = metadata.annotations[`${containerAppArmor}${container.name}`];
    if (annotation === undefined || container.securityContext?.appArmorProfile !== undefined) continue;
    const named = appArmorProfileOf(annotation);
    const profile = named !== undefined && appArmorErrors(named, '').length === 0 ? named : undefined;
    if (profile !== undefined && isDeepEqual(profile, spec.securityContext?.appArmorProfile)) continue;
    if (profile !== undefined) container.securityContext = { ...container.securityContext, appArmorProfile: profile };
    warn(appArmorWarning('metadata.annotations', container.name));
  }
}

/** Conditions of a type are told apart by their order. */
function keepObservedGenerations(pod: PodObject, old: PodObject): void {
  const status = pod.status ?? {};
  status.observedGeneration ??= old.status?.observedGeneration;
  const before = [...(old.status?.conditions ?? [])];
  for (const condition of status.conditions ?? []) {
    const index = before.findIndex(({ type }) => type === condition.type);
    const [known] = index < 0 ? [] : before.splice(index, 1);
    condition.observedGeneration ??= known?.observedGeneration;
  }
}
