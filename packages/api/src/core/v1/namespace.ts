import { list, message, oneOf, qualifiedNameErrors, ref, string, strings, time } from '@kaji/schema';
import { namespaceColumns } from '../../columns/cluster.ts';
import { resource } from '../../resource.ts';
import { invalid, invalidAll } from '../../field-error.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { labelName } from '../../meta/v1/name-rules.ts';

export class NamespaceSpec extends message('k8s.io.api.core.v1.NamespaceSpec', {
  finalizers: strings(1).atomic(),
}) {}

export class NamespaceCondition extends message('k8s.io.api.core.v1.NamespaceCondition', {
  type: string(1).required(),
  status: string(2).required(),
  lastTransitionTime: time(4).always(),
  reason: string(5),
  message: string(6),
}) {}

export class NamespaceStatus extends message('k8s.io.api.core.v1.NamespaceStatus', {
  phase: oneOf(1, 'Active', 'Terminating').default('Active'),
  conditions: list(2, NamespaceCondition).mapBy('type').mergeBy('type'),
}) {}

export class Namespace extends message('k8s.io.api.core.v1.Namespace', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, NamespaceSpec).present(),
  status: ref(3, NamespaceStatus).always(),
}) {}

export const namespaces = resource({
  group: '', version: 'v1', plural: 'namespaces', singular: 'namespace', kind: 'Namespace', isNamespaced: false, type: Namespace,
  validate: ({ spec }) => (spec.finalizers ?? []).flatMap((name) => [
    ...invalidAll('spec.finalizers', name, qualifiedNameErrors(name)),
    ...(name.includes('/') || ['kubernetes', 'orphan', 'foregroundDeletion'].includes(name) ? [] : [invalid('spec.finalizers', name, 'name is neither a standard finalizer name nor is it fully qualified')]),
  ]),
  columns: namespaceColumns,
  nameErrors: labelName,
  selectableFields: {
    'status.phase': ({ status }) => status?.phase ?? '',
  },
  defaults({ metadata }) {
    // Kubernetes: every namespace can be selected by its name.
    if (metadata.name !== undefined) metadata.labels = { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name };
  },
  shortNames: ['ns'],
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  subresources: [
    { name: 'finalize', verbs: ['update'] },
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
