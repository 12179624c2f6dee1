/** What a write through a pod's `resize` may change: how much processor and memory its containers, and the pod as a whole, get. */
import { append } from '@kaji/base';
import { isSemanticallyEqual } from '@kaji/schema';
import { forbidden, invalid } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import { Container } from './container.ts';
import { mirrorAnnotation } from './pod-annotation-rules.ts';
import { qosClassOf } from './pod-quality.ts';
import { ratchetsOf } from './pod-ratchets.ts';
import { validatePod } from './pod-rules.ts';
import { PodSpec } from './pod-spec.ts';
import type { Pod } from './pod.ts';
import { ResourceRequirements } from './references.ts';

type Amounts = Readonly<Record<string, string>>;

/** New amounts with processor and memory as they were. */
function withOldAmounts(amounts: Amounts | undefined, old: Amounts | undefined): Record<string, string> | undefined {
  const { cpu: _, memory: __, ...others } = amounts ?? {};
  const kept = { ...others, ...(old?.['cpu'] === undefined ? {} : { cpu: old['cpu'] }), ...(old?.['memory'] === undefined ? {} : { memory: old['memory'] }) };
  return Object.keys(kept).length === 0 ? undefined : kept;
}

function withOldResources(resources: ResourceRequirements | undefined, old: ResourceRequirements | undefined): ResourceRequirements | undefined {
  const [limits, requests] = [withOldAmounts(resources?.limits, old?.limits), withOldAmounts(resources?.requests, old?.requests)];
  return limits === undefined && requests === undefined ? undefined : { limits, requests };
}

const isRemoved = (amounts: Amounts = {}, old: Amounts = {}): boolean => Object.keys(old).some((name) => amounts[name] === undefined);

function removedErrors(resources: ResourceRequirements | undefined, old: ResourceRequirements | undefined, path: string, what: string): FieldError[] {
  return (['requests', 'limits'] as const).flatMap((kind) => (isRemoved(resources?.[kind], old?.[kind]) ? [forbidden(`${path}.${kind}`, `${what} ${kind} cannot be removed`)] : []));
}

function orderErrors({ spec }: Pod, { spec: old }: Pod): FieldError[] {
  return (['containers', 'initContainers'] as const).flatMap((list) => {
    const [now, before] = [spec[list] ?? [], old[list] ?? []];
    if (now.length !== before.length) return [forbidden(`spec.${list}`, `${list} may not be added or removed on resize`)];
    return before.flatMap(({ name }, index) => (now[index]?.name === name ? [] : [forbidden(`spec.${list}[${index}].name`, `${list} may not be renamed or reordered on resize`)]));
  });
}

/** A kubelet that cannot resize does not report the resources of running containers. */
const canResize = ({ status }: Pod): boolean => {
  const running = status?.containerStatuses?.find(({ state }) => state?.running !== undefined);
  return running === undefined || running.resources !== undefined;
};

const asksForSomething = ({ spec: { resources } }: Pod): boolean => Object.keys({ ...resources?.limits, ...resources?.requests }).length > 0;

function podLevelErrors({ spec: { resources } }: Pod, { spec: { resources: old } }: Pod): FieldError[] {
  if (old !== undefined && resources === undefined) return [forbidden('spec.resources', 'pod-level resources cannot be removed')];
  const errors = old === undefined ? [] : removedErrors(resources, old, 'spec.resources', 'pod-level resource');
  return isSemanticallyEqual(ResourceRequirements, podResourcesKept(resources, old), old) ? errors : [...errors, forbidden('spec', 'only cpu and memory resources are mutable at pod-level')];
}

/** The pod's resources with processor and memory as they were; none where nothing is left of them and there were none. */
function podResourcesKept(resources: ResourceRequirements | undefined, old: ResourceRequirements | undefined): ResourceRequirements | undefined {
  if (resources === undefined) return undefined;
  const kept = { ...resources, ...{ limits: undefined, requests: undefined }, ...withOldResources(resources, old) };
  return old === undefined && kept.limits === undefined && kept.requests === undefined && (kept.claims ?? []).length === 0 ? undefined : kept;
}

// Kubernetes: what a container claims is left out, so that a container with claims cannot be resized.
const withOldContainer = (container: Container, old: Container | undefined): Container => ({ ...container, resources: withOldResources(container.resources, old?.resources) });
const isSame = (container: Container, old: Container | undefined): boolean => isSemanticallyEqual(Container, container, old);

function initErrors(container: Container, old: Container | undefined, path: string): FieldError[] {
  const errors = isSame(withOldContainer(container, old), old) ? [] : [forbidden(path, 'only cpu and memory resources for init or sidecar containers are mutable')];
  if (container.restartPolicy === 'Always' || isSame(container, old)) return errors;
  const restarts = (container.resizePolicy ?? []).filter(({ restartPolicy }) => restartPolicy === 'RestartContainer');
  return [...errors, ...restarts.map(() => forbidden(path, 'non-sidecar init containers with a resize policy of RestartContainer cannot be resized'))];
}

export function validatePodResize(pod: Pod, old: Pod): FieldError[] {
  // Kubernetes: these two hide all other errors, and their path is an empty subscript.
  if (old.metadata.annotations?.[mirrorAnnotation] !== undefined) return [forbidden('[]', 'static pods cannot be resized')];
  if (old.spec.os?.name === 'windows') return [forbidden('[]', 'windows pods cannot be resized')];
  const { spec } = pod;
  const errors = validatePod(pod, ratchetsOf(old.spec, old.metadata.annotations));
  if ((old.status?.qosClass ?? qosClassOf(old.spec)) !== qosClassOf(spec)) errors.push(invalid('spec', pod.status?.qosClass ?? '', 'Pod QOS Class may not change as a result of resizing'));
  if (!canResize(old)) errors.push(forbidden('spec', 'Pod running on node without support for resize'));
  const isPodLevel = asksForSomething(pod) || asksForSomething(old);
  if (isPodLevel) append(errors, podLevelErrors(pod, old));
  const order = orderErrors(pod, old);
  append(errors, order);
  if (order.length > 0) return errors;
  for (const list of ['initContainers', 'containers'] as const) {
    spec[list]?.forEach(({ resources }, index) => { append(errors, removedErrors(resources, old.spec[list]?.[index]?.resources, `spec.${list}[${index}].resources`, 'resource')); });
  }
  for (const [index, container] of spec.containers.entries()) if (!isSame(withOldContainer(container, old.spec.containers[index]), old.spec.containers[index])) errors.push(forbidden('spec', 'only cpu and memory resources are mutable'));
  append(errors, (spec.initContainers ?? []).flatMap((container, index) => initErrors(container, old.spec.initContainers?.[index], `spec.initContainers[${index}]`)));
  if (errors.length > 0) return errors;
  const { containers, initContainers } = old.spec;
  const { resources } = isPodLevel ? old.spec : spec;
  return isSemanticallyEqual(PodSpec, { ...spec, containers, initContainers, resources }, old.spec) ? [] : [forbidden('spec', 'only cpu and memory resources are mutable')];
}
