/** Rules of quotas. */
import { compareQuantities, isDeepEqual } from '@kaji/schema';
import { invalid, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { ResourceQuota, ScopedResourceSelectorRequirement } from './resource-quota.ts';
import { amountErrors, resourceNameErrors } from './resource-rules.ts';

const scopes = ['Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort', 'PriorityClass', 'CrossNamespacePodAffinity', 'VolumeAttributesClass'];
const existing = ['Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort', 'CrossNamespacePodAffinity'];
const opposites = [['BestEffort', 'NotBestEffort'], ['Terminating', 'NotTerminating']] as const;

export function validateResourceQuota({ spec }: ResourceQuota, old: ResourceQuota | undefined): FieldError[] {
  const { hard = {}, scopes: chosen = [], scopeSelector } = spec;
  const errors = Object.entries(hard).flatMap(([name, amount]) => [...resourceNameErrors(name, `spec.hard[${name}]`), ...amountErrors(name, amount, `spec.hard[${name}]`)]);
  errors.push(...chosen.filter((scope) => !scopes.includes(scope)).map(() => invalid('spec.scopes', chosen, 'unsupported scope')), ...conflictErrors(chosen, 'spec.scopes', chosen));
  const path = 'spec.scopeSelector.matchExpressions';
  const requirements = scopeSelector?.matchExpressions ?? [];
  errors.push(...requirements.flatMap((requirement) => requirementErrors(requirement, path)), ...conflictErrors(requirements.map(({ scopeName }) => scopeName), path, chosen));
  const isSame = old === undefined || isDeepEqual([...new Set(chosen)].sort(), [...new Set(old.spec.scopes ?? [])].sort());
  return isSame ? errors : [...errors, invalid('spec.scopes', chosen, 'field is immutable')];
}

const conflictErrors = (named: readonly string[], path: string, shown: readonly string[]): FieldError[] =>
  opposites.filter((pair) => pair.every((scope) => named.includes(scope))).map(() => invalid(path, shown, 'conflicting scopes'));

/** Kubernetes: paths of expressions have no index. */
function requirementErrors({ scopeName, operator, values = [] }: ScopedResourceSelectorRequirement, path: string): FieldError[] {
  const errors: FieldError[] = scopes.includes(scopeName) ? [] : [invalid(`${path}.scopeName`, scopeName, 'unsupported scope')];
  if (existing.includes(scopeName) && operator !== 'Exists') errors.push(invalid(`${path}.operator`, operator, "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity"));
  switch (operator) {
    case 'In': case 'NotIn':
      if (values.length === 0) errors.push(required(`${path}.values`, "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector"));
      break;
    case 'Exists': case 'DoesNotExist':
      if (values.length > 0) errors.push(invalid(`${path}.values`, values, "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector"));
      break;
    default: errors.push(invalid(`${path}.operator`, operator, 'not a valid selector operator'));
  }
  return errors;
}

/** A new quota that lets more be asked for than may be used. */
export function resourceQuotaWarnings({ spec: { hard = {} } }: ResourceQuota, old: ResourceQuota | undefined): readonly string[] {
  if (old !== undefined) return [];
  return ['cpu', 'memory', 'storage', 'ephemeral-storage'].flatMap((name) => {
    const isBare = hard[`requests.${name}`] === undefined && (name === 'cpu' || name === 'memory');
    const request = isBare ? name : `requests.${name}`;
    const [asked, limit] = [hard[request], hard[`limits.${name}`]];
    if (asked === undefined || limit === undefined || compareQuantities(asked, limit) <= 0) return [];
    return [`ResourceQuota ${request} (${asked}) should be less than limits.${name} (${limit})`];
  });
}
