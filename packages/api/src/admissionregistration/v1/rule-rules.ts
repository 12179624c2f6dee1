/** Rules of which requests a webhook or a policy is asked about. */
import { pathSegmentErrors } from '@kaji/schema';
import { duplicate, invalid, invalidAll, notSupported, required } from '../../field-error.ts';
import { validateLabelSelector } from '../../meta/v1/label-selector-rules.ts';
import type { FieldError } from '../../resource.ts';
import type { MatchResources, NamedRuleWithOperations } from './match-resources.ts';
import type { RuleWithOperations } from './rule-with-operations.ts';

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
/** A mutating policy is not asked about deletions. */
const mutatingOperations = ['*', 'CONNECT', 'CREATE', 'UPDATE'];
const scopes = ['*', 'Cluster', 'Namespaced'];
export const matchPolicies = ['Equivalent', 'Exact'];
export const failurePolicies = ['Fail', 'Ignore'];

/** Of a field that may be left out. */
export const optionalOneOf = (path: string, value: string | undefined, supported: readonly string[]): FieldError[] => (value === undefined || supported.includes(value) ? [] : [notSupported(path, value, supported)]);

function listErrors(values: readonly string[], path: string, what: string): FieldError[] {
  if (values.length === 0) return [required(path)];
  return values.length > 1 && values.includes('*') ? [invalid(path, values, `if '*' is present, must not specify other ${what}`)] : [];
}

function resourcesErrors(resources: readonly string[], path: string): FieldError[] {
  const errors = resources.length === 0 ? [required(path)] : [];
  const allSubresourcesOf = new Set<string>();
  const ofAllResources = new Set<string>();
  let endsWhole = false;
  resources.forEach((name, index) => {
    const slash = name.indexOf('/');
    if (name === '') errors.push(required(`${path}[${index}]`));
    // Kubernetes: only the last resource without a subresource counts.
    else if (slash < 0) endsWhole = name !== '*';
    else {
      const [resource, subresource] = [name.slice(0, slash), name.slice(slash + 1)];
      if (allSubresourcesOf.has(resource)) errors.push(invalid(`${path}[${index}]`, name, `if '${resource}/*' is present, must not specify ${name}`));
      if (ofAllResources.has(subresource)) errors.push(invalid(`${path}[${index}]`, name, `if '*/${subresource}' is present, must not specify ${name}`));
      if (subresource === '*') allSubresourcesOf.add(resource);
      if (resource === '*') ofAllResources.add(subresource);
    }
  });
  if (resources.length > 1 && resources.includes('*/*')) errors.push(invalid(path, resources, "if '*/*' is present, must not specify other resources"));
  if (resources.includes('*') && endsWhole) errors.push(invalid(path, resources, "if '*' is present, must not specify other resources without subresources"));
  return errors;
}

export function ruleErrors({ operations: wanted = [], apiGroups = [], apiVersions = [], resources = [], scope }: RuleWithOperations, path: string): FieldError[] {
  return [
    ...listErrors(wanted, `${path}.operations`, 'operations'),
    ...wanted.flatMap((operation, index) => optionalOneOf(`${path}.operations[${index}]`, operation, operations)),
    ...listErrors(apiGroups, `${path}.apiGroups`, 'API groups'),
    ...listErrors(apiVersions, `${path}.apiVersions`, 'API versions'),
    ...apiVersions.flatMap((version, index) => (version === '' ? [required(`${path}.apiVersions[${index}]`)] : [])),
    ...resourcesErrors(resources, `${path}.resources`), ...optionalOneOf(`${path}.scope`, scope, scopes),
  ];
}

function namedRuleErrors(rule: NamedRuleWithOperations, path: string): FieldError[] {
  const names = rule.resourceNames ?? [];
  return [
    ...names.flatMap((name, index) => [...invalidAll(`${path}.resourceNames[${index}]`, name, pathSegmentErrors(name)), ...(names.indexOf(name) < index ? [duplicate(`${path}.resourceNames[${index}]`, name)] : [])]),
    ...ruleErrors(rule, path),
  ];
}

export function matchResourcesErrors(match: MatchResources | undefined, path: string): FieldError[] {
  if (match === undefined) return [];
  const { namespaceSelector, objectSelector, resourceRules = [], excludeResourceRules = [], matchPolicy } = match;
  return [
    ...optionalOneOf(`${path}.matchPolicy`, matchPolicy, matchPolicies),
    ...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`), ...validateLabelSelector(objectSelector, `${path}.objectSelector`),
    ...resourceRules.flatMap((rule, index) => namedRuleErrors(rule, `${path}.resourceRules[${index}]`)),
    ...excludeResourceRules.flatMap((rule, index) => namedRuleErrors(rule, `${path}.excludeResourceRules[${index}]`)),
  ];
}

export const mutatingOperationErrors = (match: MatchResources | undefined, path: string): FieldError[] =>
  (match?.resourceRules ?? []).flatMap(({ operations: wanted = [] }) => wanted.flatMap((operation) => optionalOneOf(`${path}.resourceRules.operations`, operation, mutatingOperations)));
