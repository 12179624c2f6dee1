/** Which objects a quota is about. Pure. */
import type { ResourceQuota } from '../core/v1/resource-quota.ts';
import type { ScopedResourceSelectorRequirement } from '../core/v1/scope-selector.ts';
import type { ApiObject } from '../resource.ts';
import type { Evaluator, QuotaView } from './evaluator.ts';

/** The scopes of a quota, all as requirements. */
export const requirementsOf = ({ spec }: ResourceQuota): readonly ScopedResourceSelectorRequirement[] => [
  ...(spec.scopes ?? []).map((scopeName): ScopedResourceSelectorRequirement => ({ scopeName, operator: 'Exists' })), ...(spec.scopeSelector?.matchExpressions ?? []),
];

export const isInScope = (quota: ResourceQuota, evaluator: Evaluator, object: ApiObject): boolean => requirementsOf(quota).every((requirement) => evaluator.matchesScope(requirement, object));

/** Whether a quota limits something that objects like this one use. Goes by the limits that were observed last. */
export const concerns = (quota: ResourceQuota, evaluator: Evaluator, object: ApiObject, view: QuotaView): boolean =>
  Object.keys(quota.status?.hard ?? {}).some((name) => evaluator.isTracked(name, view)) && isInScope(quota, evaluator, object);
