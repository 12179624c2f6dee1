/** Rules of budgets of disruptions. */
import { percentErrors } from '@kaji/schema';
import { invalid, invalidAll, nonNegative, notSupported } from '../../field-error.ts';
import { validateConditions } from '../../meta/v1/condition-rules.ts';
import { shownSelector, validateLabelSelector } from '../../meta/v1/label-selector-rules.ts';
import type { FieldError } from '../../resource.ts';
import type { PodDisruptionBudget } from './pod-disruption-budget.ts';

const evictionPolicies = ['AlwaysAllow', 'IfHealthyBudget'];

function shareErrors(path: string, value: number | string | undefined): FieldError[] {
  if (typeof value !== 'string') return nonNegative(path, value);
  const errors = invalidAll(path, value, percentErrors(value));
  return errors.length === 0 && Number(value.slice(0, -1)) > 100 ? [invalid(path, value, 'must not be greater than 100%')] : errors;
}

export function validatePodDisruptionBudget({ spec }: PodDisruptionBudget): FieldError[] {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: policy } = spec;
  // Kubernetes: shown by the names of Go's fields.
  const shown = { MinAvailable: minAvailable ?? null, Selector: selector === undefined ? null : shownSelector(selector), MaxUnavailable: maxUnavailable ?? null, UnhealthyPodEvictionPolicy: policy ?? null };
  return [
    ...(minAvailable !== undefined && maxUnavailable !== undefined ? [invalid('spec', shown, 'minAvailable and maxUnavailable cannot be both set')] : []),
    ...shareErrors('spec.minAvailable', minAvailable), ...shareErrors('spec.maxUnavailable', maxUnavailable), ...validateLabelSelector(selector, 'spec.selector'),
    ...(policy === undefined || evictionPolicies.includes(policy) ? [] : [notSupported('spec.unhealthyPodEvictionPolicy', policy, evictionPolicies)]),
  ];
}

export function validatePodDisruptionBudgetStatus({ status }: PodDisruptionBudget): FieldError[] {
  return [
    ...validateConditions(status?.conditions, 'status.conditions'),
    ...(['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'] as const).flatMap((name) => nonNegative(`status.${name}`, status?.[name])),
  ];
}
