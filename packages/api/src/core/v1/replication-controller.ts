import { int32, int64, list, message, ref, selectorOfLabels, string, stringMap, time } from '@kaji/schema';
import { replicationControllerColumns } from '../../columns/workloads.ts';
import { resource } from '../../resource.ts';
import { nonNegative, required } from '../../field-error.ts';
import { negativeCounts, partErrors, replicatedTemplateErrors } from '../../apps/v1/workload-rules.ts';
import { podNameWarnings, templateWarnings } from './template-warnings.ts';
import { defaultPodTemplate } from './pod-defaults.ts';
import { PodTemplateSpec } from './pod-spec.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** What is wanted of a ReplicationController. */
export class ReplicationControllerSpec extends message('k8s.io.api.core.v1.ReplicationControllerSpec', {
  /** How many pods there are to be. Defaults to 1. */
  replicas: int32(1).explicit().default(1),
  /** Seconds that a pod must have been ready, without a container crashing, to count as available. Defaults to 0. */
  minReadySeconds: int32(4).default(0),
  /** Labels of its pods. Defaults to those of the template. */
  selector: stringMap(2).atomic(),
  /** What new pods look like. */
  template: ref(3, PodTemplateSpec),
}) {}

/** Something that holds of a ReplicationController. */
export class ReplicationControllerCondition extends message('k8s.io.api.core.v1.ReplicationControllerCondition', {
  /** What is said, such as ReplicaFailure. */
  type: string(1).required().named('v1.ReplicationControllerConditionType'),
  /** True, False or Unknown. */
  status: string(2).required().named('v1.ConditionStatus'),
  /** When the status last changed. */
  lastTransitionTime: time(3).always(),
  /** Why, as one word that programs can read. */
  reason: string(4),
  /** Why, for people. */
  message: string(5),
}) {}

/** How far a ReplicationController has come. */
export class ReplicationControllerStatus extends message('k8s.io.api.core.v1.ReplicationControllerStatus', {
  /** How many pods there are. */
  replicas: int32(1).required(),
  /** How many of them have all the labels of the template. */
  fullyLabeledReplicas: int32(2),
  /** How many are ready. */
  readyReplicas: int32(4),
  /** How many have been ready for minReadySeconds. */
  availableReplicas: int32(5),
  /** The generation that the controller has acted on. */
  observedGeneration: int64(3),
  /** What holds of it now. */
  conditions: list(6, ReplicationControllerCondition).mapBy('type').mergeBy('type'),
}) {}

/** Keeps a number of pods running. Deployments have taken its place. */
export class ReplicationController extends message('k8s.io.api.core.v1.ReplicationController', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What is wanted of it. */
  spec: ref(2, ReplicationControllerSpec).present(),
  /** How far it has come. */
  status: ref(3, ReplicationControllerStatus).always(),
}) {}

export const replicationcontrollers = resource({
  group: '', version: 'v1', plural: 'replicationcontrollers', singular: 'replicationcontroller', kind: 'ReplicationController', isNamespaced: true, type: ReplicationController,
  validateStatus: ({ status = { replicas: 0 } }) => [
    ...negativeCounts(status, ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas', 'observedGeneration']), ...partErrors(status, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']),
  ],
  validate({ spec }, old) {
    const selector = spec.selector ?? {};
    return [
      ...nonNegative('spec.minReadySeconds', spec.minReadySeconds), ...(Object.keys(selector).length === 0 ? [required('spec.selector')] : []), ...nonNegative('spec.replicas', spec.replicas),
      ...(spec.template === undefined ? [required('spec.template')] : replicatedTemplateErrors(spec.template, selectorOfLabels(selector), 'ReplicationController', old?.spec.template)),
    ];
  },
  // Kubernetes: an update is warned of the template that there was.
  warnings: ({ metadata, spec }, old) => [...podNameWarnings({ metadata, old }), ...templateWarnings((old?.spec ?? spec).template, 'spec.template', { metadata, old })],
  columns: replicationControllerColumns,
  // Kubernetes: only the whole name is looked at, by newer rules that count bytes.
  nameErrors: (name, isPrefix) => (isPrefix ? [] : subdomainName(name, isPrefix).map((why) => why.replace('253 characters', '253 bytes'))),
  metadataChecks: { on: { update: ['change'] } },
  selectableFields: {
    'status.replicas': ({ status }) => String(status?.replicas ?? 0),
  },
  defaults({ metadata, spec }) {
    defaultPodTemplate(spec.template);
    const labels = spec.template?.metadata?.labels;
    if (labels === undefined) return;
    spec.selector ??= labels;
    metadata.labels ??= labels;
  },
  shortNames: ['rc'],
  categories: ['all'],
  subresources: [
    { name: 'scale', verbs: ['get', 'patch', 'update'], kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' } },
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
