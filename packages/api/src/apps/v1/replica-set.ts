import { int32, int64, list, message, ref, string, time } from '@kaji/schema';
import { replicaSetColumns } from '../../columns/workloads.ts';
import { resource } from '../../resource.ts';
import { validateReplicaSet, validateReplicaSetStatus } from './deployment-rules.ts';
import { defaultPodTemplate } from '../../core/v1/pod-defaults.ts';
import { PodTemplateSpec } from '../../core/v1/pod-spec.ts';
import { podNameWarnings, templateWarnings } from '../../core/v1/template-warnings.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** What is wanted of a ReplicaSet. */
export class ReplicaSetSpec extends message('k8s.io.api.apps.v1.ReplicaSetSpec', {
  /** How many pods there are to be. Defaults to 1. */
  replicas: int32(1).explicit().default(1),
  /** Seconds that a pod must have been ready, without a container crashing, to count as available. Defaults to 0. */
  minReadySeconds: int32(4),
  /** Labels of its pods. The template must have them. It cannot be changed. */
  selector: ref(2, LabelSelector).explicit().required(),
  /** What new pods look like. */
  template: ref(3, PodTemplateSpec).always(),
}) {}

/** Something that holds of a ReplicaSet. */
export class ReplicaSetCondition extends message('k8s.io.api.apps.v1.ReplicaSetCondition', {
  /** What is said, such as ReplicaFailure. */
  type: string(1).required().named('v1.ReplicaSetConditionType'),
  /** True, False or Unknown. */
  status: string(2).required().named('v1.ConditionStatus'),
  /** When the status last changed. */
  lastTransitionTime: time(3).always(),
  /** Why, as one word that programs can read. */
  reason: string(4),
  /** Why, for people. */
  message: string(5),
}) {}

/** How far a ReplicaSet has come. */
export class ReplicaSetStatus extends message('k8s.io.api.apps.v1.ReplicaSetStatus', {
  /** How many pods there are. */
  replicas: int32(1).required(),
  /** How many of them have all the labels of the template. */
  fullyLabeledReplicas: int32(2),
  /** How many are ready. */
  readyReplicas: int32(4),
  /** How many have been ready for minReadySeconds. */
  availableReplicas: int32(5),
  /** How many pods are ending. They are not counted in replicas. */
  terminatingReplicas: int32(7).explicit(),
  /** The generation that the controller has acted on. */
  observedGeneration: int64(3),
  /** What holds of it now. */
  conditions: list(6, ReplicaSetCondition).mapBy('type').mergeBy('type'),
}) {}

/** Keeps a number of pods running. Deployments make them. */
export class ReplicaSet extends message('k8s.io.api.apps.v1.ReplicaSet', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What is wanted of it. */
  spec: ref(2, ReplicaSetSpec).present(),
  /** How far it has come. */
  status: ref(3, ReplicaSetStatus).always(),
}) {}

export const replicasets = resource({
  group: 'apps', version: 'v1', plural: 'replicasets', singular: 'replicaset', kind: 'ReplicaSet', isNamespaced: true, type: ReplicaSet,
  validate: validateReplicaSet,
  validateStatus: validateReplicaSetStatus,
  warnings: ({ metadata, spec }, old) => [...podNameWarnings({ metadata, old }), ...templateWarnings(spec.template, 'spec.template', { metadata, old })],
  columns: replicaSetColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['change'] } },
  defaults: ({ spec }) => defaultPodTemplate(spec.template),
  shortNames: ['rs'],
  categories: ['all'],
  subresources: [
    { name: 'scale', verbs: ['get', 'patch', 'update'], kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' } },
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
