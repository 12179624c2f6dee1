/** Rules of roles and bindings. */
import { append } from '@kaji/base';
import { dns1123SubdomainErrors, isDeepEqual, labelValueErrors, pathSegmentErrors } from '@kaji/schema';
import { invalid, invalidAll, notSupported, required } from '../../field-error.ts';
import { validateLabelSelector } from '../../meta/v1/label-selector-rules.ts';
import { validateFinalizerDomains, validateObjectMetaUpdate } from '../../meta/v1/object-meta-rules.ts';
import type { ObjectMeta } from '../../meta/v1/object-meta.ts';
import type { FieldError } from '../../resource.ts';
import type { ClusterRole } from './cluster-role.ts';
import type { PolicyRule } from './policy-rule.ts';
import type { RoleRef } from './role-ref.ts';
import type { Role } from './role.ts';
import type { Subject } from './subject.ts';

const group = 'rbac.authorization.k8s.io';

function ruleErrors({ verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }: PolicyRule, path: string, isNamespaced: boolean): FieldError[] {
  const errors = verbs.length === 0 ? [required(`${path}.verbs`, 'verbs must contain at least one value')] : [];
  if (nonResourceURLs.length > 0) {
    if (isNamespaced) errors.push(invalid(`${path}.nonResourceURLs`, nonResourceURLs, 'namespaced rules cannot apply to non-resource URLs'));
    if (apiGroups.length > 0 || resources.length > 0 || resourceNames.length > 0) errors.push(invalid(`${path}.nonResourceURLs`, nonResourceURLs, 'rules cannot apply to both regular resources and non-resource URLs'));
    return errors;
  }
  if (apiGroups.length === 0) errors.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'));
  if (resources.length === 0) errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'));
  return errors;
}

const validateRules = (rules: readonly PolicyRule[] | undefined, isNamespaced: boolean): FieldError[] => (rules ?? []).flatMap((rule, index) => ruleErrors(rule, `rules[${index}]`, isNamespaced));

/** Kubernetes: values that are no labels may stay in selectors where they have been before. */
const hasOddValues = ({ aggregationRule }: ClusterRole): boolean => (aggregationRule?.clusterRoleSelectors ?? []).some(({ matchExpressions = [] }) => matchExpressions.some(({ values = [] }) => values.some((value) => labelValueErrors(value).length > 0)));

interface WithMetadata {
  readonly metadata: ObjectMeta;
}

/** Kubernetes: these kinds look at what became of the metadata when they are done with their own rules. */
const metadataChanges = ({ metadata }: WithMetadata, old: WithMetadata | undefined): FieldError[] =>
  (old === undefined ? [] : [...validateObjectMetaUpdate(metadata, old.metadata), ...validateFinalizerDomains(metadata.finalizers, 'metadata.finalizers')]);

export const validateRole = (role: Role, old: Role | undefined): FieldError[] => [...validateRules(role.rules, true), ...metadataChanges(role, old)];

export const validateClusterRole = (role: ClusterRole, old: ClusterRole | undefined): FieldError[] => [...clusterRoleErrors(role, old), ...metadataChanges(role, old)];

function clusterRoleErrors({ rules, aggregationRule }: ClusterRole, old: ClusterRole | undefined): FieldError[] {
  const errors = validateRules(rules, false);
  if (aggregationRule === undefined) return errors;
  const selectors = aggregationRule.clusterRoleSelectors ?? [];
  if (selectors.length === 0) return [...errors, required('aggregationRule.clusterRoleSelectors', 'at least one clusterRoleSelector required if aggregationRule is non-nil')];
  const areValuesChecked = old === undefined || !hasOddValues(old);
  return [...errors, ...selectors.flatMap((selector, index) => {
    const path = `aggregationRule.clusterRoleSelectors[${index}]`;
    // Kubernetes: what cannot be used as a selector is told once more, as null.
    return [...validateLabelSelector(selector, path, { areValuesChecked }), ...(validateLabelSelector(selector, path).length > 0 ? [invalid(path, null, 'invalid label selector.')] : [])];
  })];
}

function subjectErrors({ kind, name, namespace = '', apiGroup = '' }: Subject, path: string, isNamespaced: boolean): FieldError[] {
  const errors = name === '' ? [required(`${path}.name`)] : [];
  switch (kind) {
    case 'ServiceAccount':
      if (name !== '') append(errors, invalidAll(`${path}.name`, name, dns1123SubdomainErrors(name)));
      if (apiGroup !== '') errors.push(notSupported(`${path}.apiGroup`, apiGroup, ['']));
      if (!isNamespaced && namespace === '') errors.push(required(`${path}.namespace`));
      break;
    case 'User': case 'Group':
      if (apiGroup !== group) errors.push(notSupported(`${path}.apiGroup`, apiGroup, [group]));
      break;
    default: errors.push(notSupported(`${path}.kind`, kind, ['ServiceAccount', 'User', 'Group']));
  }
  return errors;
}

interface Bound extends WithMetadata {
  readonly roleRef: RoleRef;
  readonly subjects?: readonly Subject[] | undefined;
}

export function validateBinding({ metadata, roleRef, subjects = [] }: Bound, old: Bound | undefined, isNamespaced: boolean): FieldError[] {
  const { apiGroup = '', kind, name } = roleRef;
  const kinds = isNamespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  // Kubernetes: a refused roleRef is shown by the names of Go's fields.
  return [
    ...(apiGroup === group ? [] : [notSupported('roleRef.apiGroup', apiGroup, [group])]), ...(kinds.includes(kind) ? [] : [notSupported('roleRef.kind', kind, kinds)]),
    ...(name === '' ? [required('roleRef.name')] : invalidAll('roleRef.name', name, pathSegmentErrors(name))),
    ...subjects.flatMap((subject, index) => subjectErrors(subject, `subjects[${index}]`, isNamespaced)),
    ...metadataChanges({ metadata }, old),
    ...(old !== undefined && !isDeepEqual(roleRef, old.roleRef) ? [invalid('roleRef', { APIGroup: apiGroup, Kind: kind, Name: name }, 'cannot change roleRef')] : []),
  ];
}
