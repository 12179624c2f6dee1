/** What an update may change of a pod, and what a write through one of its parts may. */
import { append } from '@kaji/base';
import { givenValue, goForm, indentedText, isDeepEqual, isSemanticallyEqual, type MessageType, unifiedDiff } from '@kaji/schema';
import { forbidden, invalid, required } from '../../field-error.ts';
import { shownLabels } from '../../meta/v1/label-selector-rules.ts';
import type { FieldError } from '../../resource.ts';
import { imageErrors } from './container-rules.ts';
import { type Container, EphemeralContainer } from './container.ts';
import { mirrorAnnotation, validateAnnotationChanges, validatePodAnnotations } from './pod-annotation-rules.ts';
import { ratchetsOf } from './pod-ratchets.ts';
import { validatePodResize } from './pod-resize-rules.ts';
import { validatePod } from './pod-rules.ts';
import { PodSpec } from './pod-spec.ts';
import type { Pod } from './pod.ts';
import { validateTolerations } from './scheduling-rules.ts';
import { type Affinity, NodeSelectorTerm, type PodSchedulingGate, type Toleration } from './scheduling.ts';

const updatable = '`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

const changedImageErrors = (containers: readonly Container[], path: string): FieldError[] => containers.flatMap((container, index) => [
  ...((container.image ?? '') === '' ? [required(`${path}[${index}].image`)] : []), ...imageErrors(container, `${path}[${index}]`),
]);

function tolerationErrors(tolerations: readonly Toleration[], old: readonly Toleration[], path: string): FieldError[] {
  const identity = ({ key, operator, value, effect }: Toleration): string => JSON.stringify([key, operator, value, effect]);
  const kept = new Set(tolerations.map(identity));
  // Kubernetes: tolerations are checked with the pod and again with the update; clients see the causes twice.
  return old.every((before) => kept.has(identity(before))) ? validateTolerations(tolerations, path) : [forbidden(path, 'existing toleration can not be modified except its tolerationSeconds')];
}

function gateErrors(gates: readonly PodSchedulingGate[], old: readonly PodSchedulingGate[], path: string): FieldError[] {
  const before = new Set(old.map(({ name }) => name));
  return gates.flatMap(({ name }, index) => (before.has(name) ? [] : [forbidden(`${path}[${index}].name`, `only deletion is allowed, but found new scheduling gate '${name}'`)]));
}

/** A term of a gated pod's node affinity may become stricter. */
function isStricter({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, old: NodeSelectorTerm): boolean {
  const [expressions, fields] = [old.matchExpressions ?? [], old.matchFields ?? []];
  // A term without anything matches nothing: more of it would match more.
  if (expressions.length + fields.length === 0) return matchExpressions.length + matchFields.length === 0;
  return isDeepEqual(matchExpressions.slice(0, expressions.length), expressions) && isDeepEqual(matchFields.slice(0, fields.length), fields);
}

/** Where a pod may go can be narrowed down while it waits behind its gates. */
function placementErrors(spec: PodSpec, old: PodSpec): FieldError[] {
  const { nodeSelector, affinity } = spec;
  const errors: FieldError[] = [];
  if (!Object.entries(old.nodeSelector ?? {}).every(([key, label]) => nodeSelector?.[key] === label)) errors.push(invalid('spec.nodeSelector', shownLabels(givenValue(spec, 'nodeSelector')), 'only additions to spec.nodeSelector are allowed (no mutations or deletions)'));
  const before = old.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const terms = required?.nodeSelectorTerms;
  const path = 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms';
  const shown = (term: NodeSelectorTerm): unknown => goForm(NodeSelectorTerm, term);
  if (before.length > 0 && before.length !== (terms ?? []).length) return [...errors, invalid(path, givenValue(required, 'nodeSelectorTerms')?.map(shown), 'no additions/deletions to non-empty NodeSelectorTerms list are allowed')];
  (terms ?? []).forEach((term, index) => {
    const one = before[index];
    if (one !== undefined && !isStricter(term, one)) errors.push(invalid(`${path}[${index}]`, shown(term), 'only additions are allowed (no mutations or deletions)'));
  });
  return errors;
}

/** The affinity with the node's part as it was. */
function withOldNodeAffinity(affinity: Affinity | undefined, old: Affinity | undefined): Affinity | undefined {
  const nodeAffinity = old?.nodeAffinity;
  if (isDeepEqual(affinity?.nodeAffinity, nodeAffinity)) return affinity;
  if (affinity === undefined) return { nodeAffinity };
  if (old === undefined && affinity.podAffinity === undefined && affinity.podAntiAffinity === undefined) return undefined;
  return { ...affinity, nodeAffinity };
}

/** The new spec with whatever updates may change as it was. */
function withoutUpdatable(spec: PodSpec, old: PodSpec): PodSpec {
  const keepImages = (containers: readonly Container[], before: readonly Container[]): Container[] => containers.map((container, index) => ({ ...container, image: before[index]?.image }));
  const isShortened = (old.terminationGracePeriodSeconds ?? 0) < 0 && spec.terminationGracePeriodSeconds === 1;
  return {
    ...spec, containers: keepImages(spec.containers, old.containers), initContainers: spec.initContainers && keepImages(spec.initContainers, old.initContainers ?? []),
    activeDeadlineSeconds: old.activeDeadlineSeconds, schedulingGates: old.schedulingGates, tolerations: old.tolerations,
    terminationGracePeriodSeconds: isShortened ? old.terminationGracePeriodSeconds : spec.terminationGracePeriodSeconds,
    ...((old.schedulingGates ?? []).length > 0 ? { nodeSelector: old.nodeSelector, affinity: withOldNodeAffinity(spec.affinity, old.affinity) } : {}),
  };
}

/** As lines of what Go's server holds. */
const differenceOf = <T>(type: MessageType<T>, before: T, after: T): string => unifiedDiff(indentedText(goForm(type, before)), indentedText(goForm(type, after)));

function deadlineErrors(deadline: number | undefined, old: number | undefined, path: string): FieldError[] {
  if (deadline === undefined) return old === undefined ? [] : [invalid(path, null, 'must not update from a positive integer to nil value')];
  if (deadline < 0 || deadline > 2_147_483_647) return [invalid(path, deadline, 'must be between 0 and 2147483647, inclusive')];
  return old !== undefined && old < deadline ? [invalid(path, deadline, 'must be less than or equal to previous value')] : [];
}

export function validatePodUpdate(pod: Pod, old: Pod): FieldError[] {
  const keeps = ratchetsOf(old.spec, old.metadata.annotations);
  const errors = validatePod(pod, keeps);
  const [spec, before] = [pod.spec, old.spec];
  append(errors, validateAnnotationChanges(pod.metadata.annotations, old.metadata.annotations));
  // Kubernetes: annotations are checked with the pod and again with the update; clients see the causes twice.
  append(errors, validatePodAnnotations(pod.metadata.annotations, spec, 'metadata.annotations', keeps));
  for (const list of ['containers', 'initContainers'] as const) {
    const containers = spec[list] ?? [];
    if (containers.length !== (before[list] ?? []).length) return [...errors, forbidden(`spec.${list}`, 'pod updates may not add or remove containers')];
    append(errors, changedImageErrors(containers, `spec.${list}`));
  }
  const deadlines = deadlineErrors(spec.activeDeadlineSeconds, before.activeDeadlineSeconds, 'spec.activeDeadlineSeconds');
  append(errors, deadlines);
  if (deadlines.length > 0 && spec.activeDeadlineSeconds !== undefined) return errors;
  append(errors, tolerationErrors(spec.tolerations ?? [], before.tolerations ?? [], 'spec.tolerations'), gateErrors(spec.schedulingGates ?? [], before.schedulingGates ?? [], 'spec.schedulingGates'));
  if ((before.schedulingGates ?? []).length > 0) append(errors, placementErrors(spec, before));
  const munged = withoutUpdatable(spec, before);
  if (!isSemanticallyEqual(PodSpec, munged, before)) errors.push(forbidden('spec', `pod updates may not change fields other than ${updatable}\n${differenceOf(PodSpec, before, munged)}`));
  return errors;
}

/** Ephemeral containers are added, never changed or taken away. */
function addedErrors(pod: Pod, old: Pod): FieldError[] {
  // Kubernetes: this one hides all others, and its path is an empty subscript.
  if (old.metadata.annotations?.[mirrorAnnotation] !== undefined) return [forbidden('[]', 'static pods do not support ephemeral containers')];
  const path = 'spec.ephemeralContainers';
  const keeps = ratchetsOf(old.spec, old.metadata.annotations);
  const now = new Map((pod.spec.ephemeralContainers ?? []).map((container) => [container.name, container]));
  return [
    ...validatePod(pod, keeps), ...validateAnnotationChanges(pod.metadata.annotations, old.metadata.annotations), ...validatePodAnnotations(pod.metadata.annotations, pod.spec, 'metadata.annotations', keeps),
    ...(old.spec.ephemeralContainers ?? []).flatMap((before) => {
      const container = now.get(before.name);
      if (container === undefined) return [forbidden(path, `existing ephemeral containers ${JSON.stringify(before.name)} may not be removed\n`)];
      return isSemanticallyEqual(EphemeralContainer, container, before) ? [] : [forbidden(path, `existing ephemeral containers ${JSON.stringify(before.name)} may not be changed\n${differenceOf(EphemeralContainer, before, container)}`)];
    }),
  ];
}

/** Writes through `ephemeralcontainers` and `resize`. */
export function validatePodPart(subresource: string, pod: Pod, old: Pod): FieldError[] {
  switch (subresource) {
    case 'ephemeralcontainers': return addedErrors(pod, old);
    case 'resize': return validatePodResize(pod, old);
    default: return [];
  }
}
