/** What an update may change of a Job. */
import type { Container } from '../../core/v1/container.ts';
import { PodSpec, PodTemplateSpec } from '../../core/v1/pod-spec.ts';
import type { Affinity } from '../../core/v1/scheduling.ts';
import { immutable, immutableObject, invalid } from '../../field-error.ts';
import { immutableSelector } from '../../meta/v1/label-selector-rules.ts';
import type { FieldError } from '../../resource.ts';
import { type JobSpec, PodFailurePolicy, SuccessPolicy } from './job-spec.ts';
import type { Job } from './job.ts';

function completionsErrors({ completionMode, completions, parallelism }: JobSpec, old: JobSpec): FieldError[] {
  if (completionMode !== 'Indexed') return immutable('spec.completions', completions, old.completions);
  if (completions === undefined || completions === old.completions || completions === parallelism) return [];
  return [invalid('spec.completions', completions, 'can only be modified in tandem with spec.parallelism')];
}

/** A suspended Job that runs no pods may still be told where they go and what they get. */
function isOpen({ spec, status }: Job): boolean {
  const isStopped = status?.startTime === undefined || (status.conditions ?? []).some(({ type, status: is }) => type === 'Suspended' && is === 'True');
  return spec.suspend === true && isStopped && (status?.active ?? 0) === 0;
}

/** The old affinity with the node's part of the new. */
function movedAffinity(affinity: Affinity | undefined, old: Affinity | undefined): Affinity | undefined {
  if (affinity !== undefined) return { ...old, nodeAffinity: affinity.nodeAffinity };
  return old?.podAffinity === undefined && old?.podAntiAffinity === undefined ? undefined : { ...old, nodeAffinity: undefined };
}

/** The old containers with the resources of the new, where they are the same ones. */
const resizedContainers = (containers: readonly Container[], old: readonly Container[]): Container[] =>
  (containers.length === old.length ? old.map((container, index) => (containers[index]?.name === container.name ? { ...container, resources: containers[index].resources } : container)) : [...old]);

/** The old template with everything of the new that may still change. */
function movedSpec(spec: PodSpec, old: PodSpec): PodSpec {
  const { affinity, nodeSelector, tolerations, schedulingGates, containers, initContainers = [] } = spec;
  return {
    ...old, affinity: movedAffinity(affinity, old.affinity), nodeSelector, tolerations, schedulingGates, containers: resizedContainers(containers, old.containers),
    ...(old.initContainers === undefined ? {} : { initContainers: resizedContainers(initContainers, old.initContainers) }),
  };
}

function templateErrors(template: PodTemplateSpec, old: Job): FieldError[] {
  const before = old.spec.template;
  return isOpen(old) ? immutableObject('spec.template.spec', PodSpec, template.spec, movedSpec(template.spec, before.spec)) : immutableObject('spec.template', PodTemplateSpec, template, before);
}

export function validateJobChange(spec: JobSpec, old: Job): FieldError[] {
  const before = old.spec;
  return [
    ...completionsErrors(spec, before), ...immutableSelector('spec.selector', spec.selector, before.selector), ...templateErrors(spec.template, old), ...immutable('spec.completionMode', spec.completionMode, before.completionMode),
    ...immutableObject('spec.podFailurePolicy', PodFailurePolicy, spec.podFailurePolicy, before.podFailurePolicy), ...immutable('spec.backoffLimitPerIndex', spec.backoffLimitPerIndex, before.backoffLimitPerIndex),
    ...immutable('spec.managedBy', spec.managedBy, before.managedBy), ...immutableObject('spec.successPolicy', SuccessPolicy, spec.successPolicy, before.successPolicy),
  ];
}
