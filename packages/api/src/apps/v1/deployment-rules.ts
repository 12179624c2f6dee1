/** Rules of Deployments and of the ReplicaSets they make. */
import type { PodTemplateSpec } from '../../core/v1/pod-spec.ts';
import { forbidden, invalid, nonNegative, notSupported, required } from '../../field-error.ts';
import { immutableSelector, shownSelector } from '../../meta/v1/label-selector-rules.ts';
import type { LabelSelector } from '../../meta/v1/label-selector.ts';
import type { FieldError } from '../../resource.ts';
import type { Deployment } from './deployment.ts';
import type { ReplicaSet } from './replica-set.ts';
import { amountErrors, amountOf, collisionErrors, compiledSelector, negativeCounts, partErrors, replicatedTemplateErrors, selectorErrors, shareErrors, shownRollout } from './workload-rules.ts';

interface Replicated {
  readonly selector: LabelSelector;
  readonly template?: PodTemplateSpec | undefined;
}

function replicatedErrors({ selector, template = { spec: { containers: [] } } }: Replicated, old: Replicated | undefined): FieldError[] {
  const selected = compiledSelector(selector);
  return selected === undefined ? [invalid('spec.selector', shownSelector(selector), 'invalid label selector')] : replicatedTemplateErrors(template, selected, 'ReplicaSet', old?.template);
}

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
    default: return [notSupported(path, { Type: strategy?.type ?? '', RollingUpdate: shownRollout(rolling) }, ['Recreate', 'RollingUpdate'])];
  }
}

export function validateDeployment({ spec }: Deployment, old: Deployment | undefined): FieldError[] {
  const { minReadySeconds = 0, progressDeadlineSeconds: deadline } = spec;
  return [
    ...nonNegative('spec.replicas', spec.replicas), ...selectorErrors(spec.selector, 'deployment'), ...replicatedErrors(spec, old?.spec), ...strategyErrors(spec), ...nonNegative('spec.minReadySeconds', minReadySeconds),
    ...nonNegative('spec.revisionHistoryLimit', spec.revisionHistoryLimit), ...nonNegative('spec.progressDeadlineSeconds', deadline),
    ...(deadline !== undefined && deadline <= minReadySeconds ? [invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds')] : []),
    ...(old === undefined ? [] : immutableSelector('spec.selector', spec.selector, old.spec.selector)),
  ];
}

export function validateDeploymentStatus({ status = {} }: Deployment, old: Deployment): FieldError[] {
  return [
    ...negativeCounts(status, ['observedGeneration', 'replicas', 'updatedReplicas', 'readyReplicas', 'availableReplicas', 'unavailableReplicas', 'terminatingReplicas', 'collisionCount']),
    ...partErrors(status, ['updatedReplicas', 'readyReplicas', 'availableReplicas']), ...collisionErrors(status, old.status),
  ];
}

export function validateReplicaSet({ spec }: ReplicaSet, old: ReplicaSet | undefined): FieldError[] {
  return [
    ...nonNegative('spec.replicas', spec.replicas), ...nonNegative('spec.minReadySeconds', spec.minReadySeconds), ...selectorErrors(spec.selector, 'deployment'), ...replicatedErrors(spec, old?.spec),
    ...(old === undefined ? [] : immutableSelector('spec.selector', spec.selector, old.spec.selector)),
  ];
}

export const validateReplicaSetStatus = ({ status = { replicas: 0 } }: ReplicaSet): FieldError[] => [
  ...negativeCounts(status, ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas', 'observedGeneration', 'terminatingReplicas']),
  ...partErrors(status, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']),
];
