import { list, message, ref } from '@kaji/schema';
import { roleBindingColumns } from '../../columns/cluster.ts';
import { resource } from '../../resource.ts';
import { validateBinding } from './role-rules.ts';
import { RoleRef } from './role-ref.ts';
import { defaultSubject, Subject } from './subject.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { segmentName } from '../../meta/v1/name-rules.ts';

/** Gives a role to somebody, in one namespace. */
export class RoleBinding extends message('k8s.io.api.rbac.v1.RoleBinding', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** Who gets it. */
  subjects: list(2, Subject).atomic(),
  /** A Role of the same namespace, or a ClusterRole. It cannot be changed. */
  roleRef: ref(3, RoleRef).required(),
}) {}

export const rolebindings = resource({
  group: 'rbac.authorization.k8s.io', version: 'v1', plural: 'rolebindings', singular: 'rolebinding', kind: 'RoleBinding', isNamespaced: true, type: RoleBinding,
  validate: (binding, old) => validateBinding(binding, old, true),
  columns: roleBindingColumns,
  nameErrors: segmentName,
  metadataChecks: { on: { update: ['whole'] } },
  defaults: ({ subjects }) => subjects?.forEach(defaultSubject),
});
