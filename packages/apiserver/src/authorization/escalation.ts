// Nobody grants what they do not hold: checked on every write of a role or a binding, after it has been mutated.
import { type ApiObject, ApiError, forbidden } from '@kaji/api';
import { type ClusterRole, type PolicyRule, type RoleBinding } from '@kaji/api/rbac/v1';
import { isDeepEqual } from '@kaji/schema';
import type { AdmissionStep, Attempt } from '../admission/admission.ts';
import { type Authorizer, resourceAction } from './authorizer.ts';
import type { Rbac } from './rbac.ts';
import { describeRules, quoted, uncovered } from './rules.ts';

const group = 'rbac.authorization.k8s.io';

const everything: readonly PolicyRule[] = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, { verbs: ['*'], nonResourceURLs: ['*'] }];

export const preventEscalation = (rbac: () => Rbac, authorizer: Authorizer): AdmissionStep => ({
  name: 'RBACEscalation',
  mutate(attempt) {
    const { resource, object, old, user } = attempt;
    if (resource.group !== group || object === undefined || attempt.subresource !== '') return;
    if (user.groups.includes('system:masters')) return;
    // The garbage collector has to strip finalizers and owners of roles that it could not have written.
    if (old !== undefined && isDeepEqual(withoutUpkeep(object), withoutUpkeep(old))) return;
    const isRole = resource.plural === 'roles' || resource.plural === 'clusterroles';
    if (isRole) checkRole(rbac(), authorizer, attempt, object as ClusterRole & ApiObject, old as (ClusterRole & ApiObject) | undefined); // the resource says which type it is
    else checkBinding(rbac(), authorizer, attempt, object as RoleBinding & ApiObject); // likewise
  },
});

function withoutUpkeep(object: ApiObject): unknown {
  const { ownerReferences: _owners, finalizers: _finalizers, managedFields: _managed, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function checkRole(rbac: Rbac, authorizer: Authorizer, attempt: Attempt, role: ClusterRole & ApiObject, old: ClusterRole | undefined): void {
  const { resource, user, namespace } = attempt;
  const escalate = resourceAction({ verb: 'escalate', group, version: '*', plural: resource.plural, namespace, name: attempt.operation === 'CREATE' ? '' : attempt.name });
  if (authorizer.authorize(user, escalate).isAllowed) return;
  confirm(rbac, attempt, role.rules ?? []);
  const aggregates = (one: ClusterRole | undefined): boolean => (one?.aggregationRule?.clusterRoleSelectors ?? []).length > 0;
  if ((aggregates(role) || aggregates(old)) && uncovered(rbac.rulesFor(user, namespace).rules, everything).length > 0) {
    throw forbidden(resource, role.metadata.name ?? '', 'must have cluster-admin privileges to use the aggregationRule');
  }
}

function checkBinding(rbac: Rbac, authorizer: Authorizer, attempt: Attempt, binding: RoleBinding & ApiObject): void {
  const { roleRef } = binding;
  const { user, namespace } = attempt;
  if (roleRef.kind === 'Role' || roleRef.kind === 'ClusterRole') {
    const bind = resourceAction({ verb: 'bind', group: roleRef.apiGroup ?? '', version: '*', plural: roleRef.kind === 'Role' ? 'roles' : 'clusterroles', namespace, name: roleRef.name });
    if (authorizer.authorize(user, bind).isAllowed) return;
  }
  const { rules, problem } = rbac.rulesOf(roleRef, namespace);
  if (problem !== undefined) {
    const plural = roleRef.kind === 'Role' ? 'role' : 'clusterrole';
    throw problem.endsWith('not found') ? new ApiError('NotFound', problem, { details: { name: roleRef.name, group, kind: plural } }) : new ApiError('', problem);
  }
  confirm(rbac, attempt, rules);
}

function confirm(rbac: Rbac, { resource, user, namespace, object, name }: Attempt, rules: readonly PolicyRule[]): void {
  const held = rbac.rulesFor(user, namespace);
  const missing = uncovered(held.rules, rules);
  if (missing.length === 0) return;
  const problems = held.problems.length === 0 ? '' : `; resolution errors: [${held.problems.join(' ')}]`;
  throw forbidden(resource, object?.metadata.name ?? name, `user ${JSON.stringify(user.name)} (groups=${quoted(user.groups)}) is attempting to grant RBAC permissions not currently held:\n${describeRules(missing)}${problems}`);
}
