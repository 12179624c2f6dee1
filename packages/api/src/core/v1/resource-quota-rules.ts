/** Rules of quotas. */
import { append } from '@kaji/base';
import { compareQuantities, givenValue, goForm, isDeepEqual } from '@kaji/schema';
import { invalid, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { ResourceQuota, ResourceQuotaSpec } from './resource-quota.ts';
import { type ScopedResourceSelectorRequirement, ScopeSelector } from './scope-selector.ts';
import { amountErrors, isHugePage, resourceNameErrors } from './resource-rules.ts';

const scopes = ['Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort', 'PriorityClass', 'CrossNamespacePodAffinity', 'VolumeAttributesClass'];
const existing = ['Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort', 'CrossNamespacePodAffinity'];
const opposites = [['BestEffort', 'NotBestEffort'], ['Terminating', 'NotTerminating']] as const;

const podCount = ['pods'];
const podAmounts = ['cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory'];
const quotaNames: ReadonlySet<string> = new Set([
  ...podCount, ...podAmounts, 'ephemeral-storage', 'requests.storage', 'requests.ephemeral-storage', 'limits.ephemeral-storage', 'resourcequotas', 'services', 'replicationcontrollers', 'secrets',
  'persistentvolumeclaims', 'configmaps', 'services.nodeports', 'services.loadbalancers',
]);
const isQuotaName = (name: string): boolean => quotaNames.has(name) || isHugePage(name) || name.startsWith('requests.hugepages-');

/** What a quota of the scope may limit. */
function limitedBy(scope: string): readonly string[] | undefined {
  switch (scope) {
    case 'Terminating': case 'NotTerminating': case 'NotBestEffort': case 'PriorityClass': case 'CrossNamespacePodAffinity': return [...podCount, ...podAmounts];
    case 'BestEffort': return podCount;
    case 'VolumeAttributesClass': return ['persistentvolumeclaims', 'requests.storage'];
    default: return undefined;
  }
}

/** How many of the limits the scope does not go with: each is told of by itself. */
const misfits = (scope: string, hard: Readonly<Record<string, string>>): readonly string[] => Object.keys(hard).filter((name) => isQuotaName(name) && limitedBy(scope)?.includes(name) === false);

function amountsErrors(amounts: Readonly<Record<string, string>> | undefined, path: string): FieldError[] {
  return Object.entries(amounts ?? {}).flatMap(([name, amount]) => {
    const at = `${path}[${name}]`;
    return [...resourceNameErrors(name, at), ...(!name.includes('/') && !isQuotaName(name) ? [invalid(at, name, 'must be a standard resource for quota')] : []), ...amountErrors(name, amount, at)];
  });
}

export const validateResourceQuotaStatus = ({ status }: ResourceQuota): FieldError[] => [...amountsErrors(status?.hard, 'status.hard'), ...amountsErrors(status?.used, 'status.used')];

export function validateResourceQuota({ spec }: ResourceQuota, old: ResourceQuota | undefined): FieldError[] {
  const { hard = {}, scopes: chosen = [], scopeSelector } = spec;
  const unsupported = 'unsupported scope applied to resource';
  const errors = amountsErrors(hard, 'spec.hard');
  append(errors, chosen.flatMap((scope) => [...(scopes.includes(scope) ? [] : [invalid('spec.scopes', chosen, 'unsupported scope')]), ...misfits(scope, hard).map(() => invalid('spec.scopes', chosen, unsupported))]), conflictErrors(chosen, 'spec.scopes', spec));
  const path = 'spec.scopeSelector.matchExpressions';
  const requirements = scopeSelector?.matchExpressions ?? [];
  append(errors, requirements.flatMap((requirement) => {
    const { scopeName } = requirement;
    const shown = misfits(scopeName, hard).map(() => invalid(path, goForm(ScopeSelector, scopeSelector ?? {}), unsupported));
    return [...(scopes.includes(scopeName) ? [] : [invalid(`${path}.scopeName`, scopeName, 'unsupported scope')]), ...shown, ...requirementErrors(requirement, path)];
  }), conflictErrors(requirements.map(({ scopeName }) => scopeName), path, spec));
  const isSame = old === undefined || isDeepEqual([...new Set(chosen)].sort(), [...new Set(old.spec.scopes ?? [])].sort());
  return isSame ? errors : [...errors, invalid('spec.scopes', givenValue(spec, 'scopes'), 'field is immutable')];
}

/** Kubernetes: wherever the scopes are named, the list of them is shown. */
const conflictErrors = (named: readonly string[], path: string, spec: ResourceQuotaSpec): FieldError[] =>
  opposites.filter((pair) => pair.every((scope) => named.includes(scope))).map(() => invalid(path, givenValue(spec, 'scopes'), 'conflicting scopes'));

/** Kubernetes: paths of expressions have no index. */
function requirementErrors({ scopeName, operator, values = [] }: ScopedResourceSelectorRequirement, path: string): FieldError[] {
  const errors: FieldError[] = [];
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
