/** Short forms in which the default policy is written down. Lists are words; `core` is the group without a name. */
import type { PolicyRule, Subject } from '@kaji/api/rbac/v1';

export interface RoleDeclaration {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** The role's rules are those of all roles with these labels. */
  readonly aggregates?: Readonly<Record<string, string>>;
  readonly rules: readonly PolicyRule[];
}
export interface NamespacedRoleDeclaration extends RoleDeclaration {
  readonly namespace: string;
}
export interface BindingDeclaration {
  readonly name: string;
  readonly role: string;
  readonly subjects: readonly Subject[];
}
export interface NamespacedBindingDeclaration extends BindingDeclaration {
  readonly namespace: string;
}

const words = (text: string): string[] => text.split(' ').map((word) => (word === 'core' ? '' : word));

export function rule(verbs: string, groups: string, resources: string, names?: string): PolicyRule {
  return { verbs: words(verbs), apiGroups: words(groups), resources: words(resources), ...(names === undefined ? {} : { resourceNames: words(names) }) };
}

/** A rule for paths that are no resources. */
export const paths = (verbs: string, urls: string): PolicyRule => ({ verbs: words(verbs), nonResourceURLs: words(urls) });

const rbacGroup = 'rbac.authorization.k8s.io';
export const user = (name: string): Subject => ({ kind: 'User', apiGroup: rbacGroup, name });
export const group = (name: string): Subject => ({ kind: 'Group', apiGroup: rbacGroup, name });
export const account = (namespace: string, name: string): Subject => ({ kind: 'ServiceAccount', namespace, name });
