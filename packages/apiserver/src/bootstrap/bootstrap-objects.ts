/** The objects that every cluster starts with: namespaces, the default policy, priority classes. Pure data; the server writes them at start. */
import type { AnyResource, ApiObject } from '@kaji/api';
import { type Namespace, namespaces } from '@kaji/api/core/v1';
import { type ClusterRole, clusterrolebindings, type ClusterRoleBinding, clusterroles, type PolicyRule, rolebindings, type RoleBinding, roles, type Role } from '@kaji/api/rbac/v1';
import { type PriorityClass, priorityclasses } from '@kaji/api/scheduling/v1';
import { isDeepEqual } from '@kaji/schema';
import { clusterRoleBindings, roleBindings } from './bindings.ts';
import { clusterRoles } from './cluster-roles.ts';
import { controllerRoles } from './controller-roles.ts';
import { account, type BindingDeclaration, type RoleDeclaration } from './declarations.ts';
import { namespaceRoles } from './namespace-roles.ts';

export interface BootstrapObject {
  readonly resource: AnyResource;
  readonly object: ApiObject;
}

const rbacGroup = 'rbac.authorization.k8s.io';
const controllerPrefix = 'system:controller:';

/** Marks what upstream's reconciliation may repair at each start, unless the annotation says "false". */
export const autoUpdateAnnotation = 'rbac.authorization.kubernetes.io/autoupdate';

const policyMetadata = (name: string, labels: Readonly<Record<string, string>> = {}): { name: string; labels: Record<string, string>; annotations: Record<string, string> } => ({
  name,
  labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...labels },
  annotations: { [autoUpdateAnnotation]: 'true' },
});

export const systemNamespaces = (): readonly BootstrapObject[] => ['default', 'kube-node-lease', 'kube-public', 'kube-system'].map((name) => ({ resource: namespaces, object: namespaceNamed(name) }));

export function bootstrapObjects(): readonly BootstrapObject[] {
  return [
    ...systemNamespaces(),
    ...aggregated([...clusterRoles, ...controllerRoles]).map((role) => ({ resource: clusterroles, object: clusterRole(role) })),
    ...[...clusterRoleBindings, ...controllerRoles.map(controllerBinding)].map((binding) => ({ resource: clusterrolebindings, object: clusterRoleBinding(binding) })),
    ...namespaceRoles.map((role) => ({ resource: roles, object: { ...clusterRole(role), kind: 'Role', metadata: { ...policyMetadata(role.name), namespace: role.namespace } } satisfies Role & ApiObject })),
    ...roleBindings.map((binding) => ({ resource: rolebindings, object: roleBinding(binding.namespace, binding) })),
    { resource: priorityclasses, object: priorityClass('system-node-critical', 2000001000, 'Used for system critical pods that must not be moved from their current node.') },
    { resource: priorityclasses, object: priorityClass('system-cluster-critical', 2000000000, 'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.') },
  ];
}

const namespaceNamed = (name: string): Namespace & ApiObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
  spec: { finalizers: ['kubernetes'] },
  status: { phase: 'Active' },
});

function clusterRole(role: RoleDeclaration): ClusterRole & ApiObject {
  return {
    apiVersion: `${rbacGroup}/v1`,
    kind: 'ClusterRole',
    metadata: policyMetadata(role.name, role.labels),
    rules: [...role.rules],
    ...(role.aggregates === undefined ? {} : { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { ...role.aggregates } }] } }),
  };
}

const controllerBinding = (role: RoleDeclaration): BindingDeclaration => ({
  name: role.name,
  role: role.name,
  subjects: [account('kube-system', role.name.slice(controllerPrefix.length))],
});

const clusterRoleBinding = (binding: BindingDeclaration): ClusterRoleBinding & ApiObject => ({
  apiVersion: `${rbacGroup}/v1`,
  kind: 'ClusterRoleBinding',
  metadata: policyMetadata(binding.name),
  subjects: [...binding.subjects],
  roleRef: { apiGroup: rbacGroup, kind: 'ClusterRole', name: binding.role },
});

const roleBinding = (namespace: string, binding: BindingDeclaration): RoleBinding & ApiObject => ({
  apiVersion: `${rbacGroup}/v1`,
  kind: 'RoleBinding',
  metadata: { ...policyMetadata(binding.name), namespace },
  subjects: [...binding.subjects],
  roleRef: { apiGroup: rbacGroup, kind: 'Role', name: binding.role },
});

const priorityClass = (name: string, value: number, description: string): PriorityClass & ApiObject => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name, generation: 1 },
  value,
  description,
  preemptionPolicy: 'PreemptLowerPriority',
});

/**
 * Roles with the rules that aggregation gives them, so that `admin`, `edit` and `view` mean something before any controller runs.
 * Aggregating roles feed each other (`view` into `edit` into `admin`), hence the repetition until nothing changes.
 */
function aggregated(declared: readonly RoleDeclaration[]): readonly RoleDeclaration[] {
  let current = declared;
  for (;;) {
    const next = current.map((role) => (role.aggregates === undefined ? role : { ...role, rules: rulesOf(role.aggregates, current) }));
    if (isDeepEqual(next, current)) return current;
    current = next;
  }
}

/** Rules of all roles with these labels, by role name, each rule once. */
function rulesOf(labels: Readonly<Record<string, string>>, all: readonly RoleDeclaration[]): readonly PolicyRule[] {
  const matching = all.filter((role) => Object.entries(labels).every(([name, value]) => role.labels?.[name] === value));
  const rules: PolicyRule[] = [];
  for (const role of matching.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    for (const rule of role.rules) if (!rules.some((known) => isDeepEqual(known, rule))) rules.push(rule);
  }
  return rules;
}
