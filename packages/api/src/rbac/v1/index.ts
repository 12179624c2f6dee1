export { AggregationRule, ClusterRole, clusterroles } from './cluster-role.ts';
export { ClusterRoleBinding, clusterrolebindings } from './cluster-role-binding.ts';
export { PolicyRule } from './policy-rule.ts';
export { Role, roles } from './role.ts';
export { RoleBinding, rolebindings } from './role-binding.ts';
export { RoleRef } from './role-ref.ts';
export { Subject } from './subject.ts';
