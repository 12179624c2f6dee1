/** Rules that workload kinds share: selectors, templates, rollouts. */
import { isDeepEqual, matchesLabels, percentErrors, type Selector, selectorOf } from '@kaji/schema';
import { validatePodTemplate } from '../../core/v1/pod-rules.ts';
import type { PodTemplateSpec } from '../../core/v1/pod-spec.ts';
import { forbidden, invalid, invalidAll, nonNegative, notSupported, required } from '../../field-error.ts';
import { validateLabelSelector } from '../../meta/v1/label-selector-rules.ts';
import type { LabelSelector } from '../../meta/v1/label-selector.ts';
import type { FieldError } from '../../resource.ts';
import type { DaemonSet } from './daemon-set.ts';
import type { Deployment } from './deployment.ts';
import type { ReplicaSet } from './replica-set.ts';
import type { StatefulSet } from './stateful-set.ts';

const isEmpty = (selector: LabelSelector): boolean => Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0;

/** The selector, or undefined where its rules are broken. */
function compiled(selector: LabelSelector | undefined): Selector | undefined {
  return validateLabelSelector(selector, '').length === 0 ? selectorOf(selector) : undefined;
}

const mismatch = (template: PodTemplateSpec, path: string): FieldError => invalid(`${path}.metadata.labels`, template.metadata?.labels ?? null, '`selector` does not match template `labels`');

/** Kubernetes: pods of these kinds start again whatever their end. */
function lastingErrors({ spec }: PodTemplateSpec, path: string, kind: string): FieldError[] {
  return [
    ...(spec.restartPolicy === 'Always' ? [] : [notSupported(`${path}.spec.restartPolicy`, spec.restartPolicy ?? '', ['Always'])]),
    ...(spec.activeDeadlineSeconds === undefined ? [] : [forbidden(`${path}.spec.activeDeadlineSeconds`, `activeDeadlineSeconds in ${kind} is not Supported`)]),
  ];
}

export function replicatedTemplateErrors(template: PodTemplateSpec, selector: Selector, kind: 'ReplicaSet' | 'ReplicationController'): FieldError[] {
  const path = 'spec.template';
  // Kubernetes: the policy of the pods is told once, by the rule of the kind.
  const own = validatePodTemplate(template, path).filter(({ field }) => field !== `${path}.spec.restartPolicy`);
  const isMatched = !selector.isNothing && selector.requirements.length === 0 ? true : matchesLabels(selector, template.metadata?.labels);
  return [...(isMatched ? [] : [mismatch(template, path)]), ...own, ...lastingErrors(template, path, kind)];
}

function selectorErrors(selector: LabelSelector | undefined, kind: string): FieldError[] {
  if (selector === undefined) return [required('spec.selector')];
  return [...validateLabelSelector(selector, 'spec.selector'), ...(isEmpty(selector) ? [invalid('spec.selector', selector, `empty selector is invalid for ${kind}`)] : [])];
}

interface Replicated {
  readonly replicas?: number | undefined;
  readonly selector: LabelSelector;
  readonly template?: PodTemplateSpec | undefined;
}

function replicatedErrors({ selector, template }: Replicated): FieldError[] {
  const selected = compiled(selector);
  if (selected === undefined) return [invalid('spec.selector', selector, 'invalid label selector')];
  return template === undefined ? [required('spec.template')] : replicatedTemplateErrors(template, selected, 'ReplicaSet');
}

const isPercent = (value: number | string | undefined): value is string => typeof value === 'string';
const amountOf = (value: number | string | undefined): number => (isPercent(value) ? (percentErrors(value).length === 0 ? Number(value.slice(0, -1)) : Number.parseInt(value, 10) || 0) : value ?? 0);

const amountErrors = (path: string, value: number | string | undefined): FieldError[] => (isPercent(value) ? invalidAll(path, value, percentErrors(value)) : nonNegative(path, value));
const shareErrors = (path: string, value: number | string | undefined): FieldError[] => (isPercent(value) && percentErrors(value).length === 0 && amountOf(value) > 100 ? [invalid(path, value, 'must not be greater than 100%')] : []);

function strategyErrors({ strategy }: Deployment['spec']): FieldError[] {
  const path = 'spec.strategy';
  const rolling = strategy?.rollingUpdate;
  switch (strategy?.type) {
    case 'Recreate': return rolling === undefined ? [] : [forbidden(`${path}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'")];
    case 'RollingUpdate': {
      if (rolling === undefined) return [required(`${path}.rollingUpdate`, 'this should be defaulted and never be nil')];
      const { maxUnavailable, maxSurge } = rolling;
      const at = `${path}.rollingUpdate`;
      return [
        ...amountErrors(`${at}.maxUnavailable`, maxUnavailable), ...amountErrors(`${at}.maxSurge`, maxSurge),
        ...(amountOf(maxUnavailable) === 0 && amountOf(maxSurge) === 0 ? [invalid(`${at}.maxUnavailable`, maxUnavailable ?? 0, 'may not be 0 when `maxSurge` is 0')] : []), ...shareErrors(`${at}.maxUnavailable`, maxUnavailable),
      ];
    }
    default: return [notSupported(path, { Type: strategy?.type ?? '', RollingUpdate: rolling ?? null }, ['Recreate', 'RollingUpdate'])];
  }
}

const immutable = (path: string, value: unknown, old: unknown): FieldError[] => (isDeepEqual(value, old) ? [] : [invalid(path, value ?? null, 'field is immutable')]);

export function validateDeployment({ spec }: Deployment, old: Deployment | undefined): FieldError[] {
  const { minReadySeconds = 0, progressDeadlineSeconds: deadline } = spec;
  return [
    ...nonNegative('spec.replicas', spec.replicas), ...selectorErrors(spec.selector, 'deployment'), ...replicatedErrors(spec), ...strategyErrors(spec), ...nonNegative('spec.minReadySeconds', minReadySeconds),
    ...nonNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit), ...nonNegative('spec.progressDeadlineSeconds', deadline),
    ...(deadline !== undefined && deadline <= minReadySeconds ? [invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds')] : []),
    ...(old === undefined ? [] : immutable('spec.selector', spec.selector, old.spec.selector)),
  ];
}

export function validateReplicaSet({ spec }: ReplicaSet, old: ReplicaSet | undefined): FieldError[] {
  return [
    ...nonNegative('spec.replicas', spec.replicas), ...nonNegative('spec.minReadySeconds', spec.minReadySeconds), ...selectorErrors(spec.selector, 'deployment'), ...replicatedErrors(spec),
    ...(old === undefined ? [] : immutable('spec.selector', spec.selector, old.spec.selector)),
  ];
}

function daemonStrategyErrors({ updateStrategy }: DaemonSet['spec']): FieldError[] {
  const path = 'spec.updateStrategy';
  const rolling = updateStrategy?.rollingUpdate;
  switch (updateStrategy?.type) {
    case 'OnDelete': return [];
    case 'RollingUpdate': {
      if (rolling === undefined) return [required(`${path}.rollingUpdate`)];
      const { maxUnavailable, maxSurge } = rolling;
      const at = `${path}.rollingUpdate`;
      const [hasUnavailable, hasSurge] = [amountOf(maxUnavailable) !== 0, amountOf(maxSurge) !== 0];
      return [
        ...amountErrors(`${at}.maxUnavailable`, maxUnavailable), ...amountErrors(`${at}.maxSurge`, maxSurge), ...shareErrors(`${at}.maxUnavailable`, maxUnavailable), ...shareErrors(`${at}.maxSurge`, maxSurge),
        ...(hasUnavailable && hasSurge ? [invalid(`${at}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero')] : []),
        ...(!hasUnavailable && !hasSurge ? [required(`${at}.maxUnavailable`, 'cannot be 0 when maxSurge is 0')] : []),
      ];
    }
    default: return [notSupported(path, { Type: updateStrategy?.type ?? '', RollingUpdate: rolling ?? null }, ['RollingUpdate', 'OnDelete'])];
  }
}

export function validateDaemonSet({ spec }: DaemonSet, old: DaemonSet | undefined): FieldError[] {
  const selected = compiled(spec.selector);
  return [
    ...(old === undefined ? [] : immutable('spec.selector', spec.selector, old.spec.selector)),
    ...validateLabelSelector(spec.selector, 'spec.selector'),
    ...(selected !== undefined && !(selected.requirements.length === 0 && !selected.isNothing) && !matchesLabels(selected, spec.template.metadata?.labels) ? [mismatch(spec.template, 'spec.template')] : []),
    ...((spec.selector as LabelSelector | undefined) !== undefined && isEmpty(spec.selector) ? [invalid('spec.selector', spec.selector, 'empty selector is invalid for daemonset')] : []), // required, yet clients leave it out
    ...validatePodTemplate(spec.template, 'spec.template').filter(({ field }) => field !== 'spec.template.spec.restartPolicy'), ...lastingErrors(spec.template, 'spec.template', 'DaemonSet'),
    ...nonNegative('spec.minReadySeconds', spec.minReadySeconds), ...daemonStrategyErrors(spec), ...nonNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit),
  ];
}

function statefulStrategyErrors({ updateStrategy }: StatefulSet['spec']): FieldError[] {
  const path = 'spec.updateStrategy';
  const rolling = updateStrategy?.rollingUpdate;
  // Kubernetes: the values are shown by the names of Go's fields.
  const shown = rolling === undefined ? null : { Partition: rolling.partition ?? 0, MaxUnavailable: rolling.maxUnavailable ?? null };
  switch (updateStrategy?.type) {
    case 'OnDelete': return rolling === undefined ? [] : [invalid(`${path}.rollingUpdate`, shown, "only allowed for updateStrategy 'RollingUpdate'")];
    case 'RollingUpdate': return nonNegative(`${path}.rollingUpdate.partition`, rolling?.partition);
    default: return [invalid(path, { Type: updateStrategy?.type ?? '', RollingUpdate: shown }, "must be 'RollingUpdate' or 'OnDelete'")];
  }
}

function claimTemplateErrors({ volumeClaimTemplates = [] }: StatefulSet['spec']): FieldError[] {
  return volumeClaimTemplates.flatMap(({ spec }, index) => ((spec.resources?.requests?.['storage'] === undefined) ? [required(`spec.volumeClaimTemplates[${index}].spec.resources[storage]`)] : []));
}

/** The template with a volume for each claim, as the controller adds them. */
function withClaims({ template, volumeClaimTemplates = [] }: StatefulSet['spec']): PodTemplateSpec {
  const claimed = volumeClaimTemplates.map(({ metadata }) => ({ name: metadata.name ?? '', persistentVolumeClaim: { claimName: metadata.name ?? '' } }));
  const names = new Set(claimed.map(({ name }) => name));
  const volumes = [...claimed, ...(template.spec.volumes ?? []).filter(({ name }) => !names.has(name))];
  return claimed.length === 0 ? template : { ...template, spec: { ...template.spec, volumes } };
}

const updatable = "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

function fixed({ spec }: StatefulSet): unknown {
  const { replicas: _1, ordinals: _2, template: _3, updateStrategy: _4, revisionHistoryLimit: _5, persistentVolumeClaimRetentionPolicy: _6, minReadySeconds: _7, ...rest } = spec;
  return rest;
}

export function validateStatefulSet(set: StatefulSet, old: StatefulSet | undefined): FieldError[] {
  const { spec } = set;
  const { podManagementPolicy: policy, persistentVolumeClaimRetentionPolicy: retention } = spec;
  const errors: FieldError[] = policy === 'OrderedReady' || policy === 'Parallel' ? [] : [invalid('spec.podManagementPolicy', policy ?? '', "must be 'OrderedReady' or 'Parallel'")];
  errors.push(...statefulStrategyErrors(spec));
  for (const name of ['whenDeleted', 'whenScaled'] as const) {
    const value = retention?.[name];
    if (value !== undefined && value !== 'Retain' && value !== 'Delete') errors.push(notSupported(`spec.persistentVolumeClaimRetentionPolicy.${name}`, value, ['Retain', 'Delete']));
  }
  if (old === undefined) errors.push(...claimTemplateErrors(spec));
  errors.push(...nonNegative('spec.replicas', spec.replicas), ...nonNegative('spec.minReadySeconds', spec.minReadySeconds), ...nonNegative('spec.ordinals.start', spec.ordinals?.start), ...selectorErrors(spec.selector, 'statefulset'));
  const selected = compiled(spec.selector);
  if (selected === undefined) errors.push(invalid('spec.selector', spec.selector, ''));
  else {
    const isMatched = (selected.requirements.length === 0 && !selected.isNothing) || matchesLabels(selected, spec.template.metadata?.labels);
    if (!isMatched) errors.push(mismatch(spec.template, 'spec.template'));
    errors.push(...validatePodTemplate(withClaims(spec), 'spec.template').filter(({ field }) => field !== 'spec.template.spec.restartPolicy'));
  }
  errors.push(...lastingErrors(spec.template, 'spec.template', 'StatefulSet'));
  if (old !== undefined && !isDeepEqual(fixed(set), fixed(old))) errors.push(forbidden('spec', updatable));
  return errors;
}

interface Counts {
  readonly observedGeneration?: number | undefined;
  readonly replicas?: number | undefined;
  readonly currentReplicas?: number | undefined;
  readonly updatedReplicas?: number | undefined;
  readonly fullyLabeledReplicas?: number | undefined;
  readonly readyReplicas?: number | undefined;
  readonly availableReplicas?: number | undefined;
  readonly unavailableReplicas?: number | undefined;
  readonly collisionCount?: number | undefined;
}

/** Counts that a controller reports: none negative, none larger than what it is a part of. `parts` are what a kind counts, `ready` its word for readiness. */
export function validateCounts(status: Counts, parts: readonly (keyof Counts)[], ready = 'readyReplicas'): FieldError[] {
  const { replicas = 0, readyReplicas = 0, availableReplicas = 0 } = status;
  const names: readonly (keyof Counts)[] = ['observedGeneration', 'replicas', 'currentReplicas', 'updatedReplicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas', 'unavailableReplicas', 'collisionCount'];
  return [
    ...names.flatMap((name) => nonNegative(`status.${name}`, status[name])),
    ...parts.flatMap((name) => ((status[name] ?? 0) > replicas ? [invalid(`status.${name}`, status[name] ?? 0, 'cannot be greater than status.replicas')] : [])),
    ...(availableReplicas > readyReplicas ? [invalid('status.availableReplicas', availableReplicas, `cannot be greater than ${ready}`)] : []),
  ];
}
