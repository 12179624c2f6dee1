import { list, message, ref } from '@kaji/schema';
import { resource } from '../../resource.ts';
import { validateRole } from './role-rules.ts';
import { PolicyRule } from './policy-rule.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { segmentName } from '../../meta/v1/name-rules.ts';

/** What may be done in one namespace. */
export class Role extends message('k8s.io.api.rbac.v1.Role', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What may be done. */
  rules: list(2, PolicyRule).always().atomic(),
}) {}

export const roles = resource({
  group: 'rbac.authorization.k8s.io', version: 'v1', plural: 'roles', singular: 'role', kind: 'Role', isNamespaced: true, type: Role,
  validate: validateRole,
  nameErrors: segmentName,
  metadataChecks: { on: { update: ['whole'] } },
});
