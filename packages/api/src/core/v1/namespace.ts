import { list, message, oneOf, qualifiedNameErrors, ref, string, strings, time } from '@kaji/schema';
import { namespaceColumns } from '../../columns/cluster.ts';
import { type FieldError, resource } from '../../resource.ts';
import { invalid, invalidAll } from '../../field-error.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { labelName } from '../../meta/v1/name-rules.ts';

/** What is wanted of a namespace. */
export class NamespaceSpec extends message('k8s.io.api.core.v1.NamespaceSpec', {
  /** Who still has to act before the namespace may go. */
  finalizers: strings(1).atomic().named('v1.FinalizerName'),
}) {}

/** Something that holds of a namespace, such as what keeps it from going. */
export class NamespaceCondition extends message('k8s.io.api.core.v1.NamespaceCondition', {
  /** What is said. */
  type: string(1).required().named('v1.NamespaceConditionType'),
  /** True, False or Unknown. */
  status: string(2).required().named('v1.ConditionStatus'),
  /** When the status last changed. */
  lastTransitionTime: time(4).always(),
  /** Why, as one word that programs can read. */
  reason: string(5),
  /** Why, for people. */
  message: string(6),
}) {}

/** Where in its life a namespace is. */
export class NamespaceStatus extends message('k8s.io.api.core.v1.NamespaceStatus', {
  /** Active, or Terminating while its content is being deleted. */
  phase: oneOf(1, 'Active', 'Terminating').default('Active').named('v1.NamespacePhase'),
  /** What holds of it now. Set while it is being deleted. */
  conditions: list(2, NamespaceCondition).mapBy('type').mergeBy('type'),
}) {}

/** A room for names: objects in different ones may have the same. */
export class Namespace extends message('k8s.io.api.core.v1.Namespace', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What is wanted of it. */
  spec: ref(2, NamespaceSpec).present(),
  /** Where in its life it is. */
  status: ref(3, NamespaceStatus).always(),
}) {}

const finalizerErrors = (path: string, name: string): FieldError[] => [
  ...invalidAll(path, name, qualifiedNameErrors(name)),
  ...(name.includes('/') || ['kubernetes', 'orphan', 'foregroundDeletion'].includes(name) ? [] : [invalid(path, name, 'name is neither a standard finalizer name nor is it fully qualified')]),
];

export const namespaces = resource({
  group: '', version: 'v1', plural: 'namespaces', singular: 'namespace', kind: 'Namespace', isNamespaced: false, type: Namespace,
  validate: ({ spec }) => (spec.finalizers ?? []).flatMap((name) => finalizerErrors('spec.finalizers', name)),
  validatePart: (_, { spec }) => (spec.finalizers ?? []).flatMap((name, index) => finalizerErrors(`spec.finalizers[${index}]`, name)),
  metadataChecks: { on: { update: ['whole', 'change'], finalize: ['change'] } },
  validateStatus({ metadata, status }) {
    const phase = status?.phase ?? '';
    const [wanted, when] = metadata.deletionTimestamp === undefined ? ['Active', 'empty'] : ['Terminating', 'not empty'];
    return phase === wanted ? [] : [invalid('status.Phase', phase, `may only be '${wanted}' if \`deletionTimestamp\` is ${when}`)];
  },
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
