import { int32, int64, intOrString, list, message, oneOf, ref, string, time } from '@kaji/schema';
import { statefulSetColumns } from '../../columns/workloads.ts';
import { resource } from '../../resource.ts';
import { validateStatefulSet, validateStatefulSetStatus } from './stateful-set-rules.ts';
import { defaultPodTemplate } from '../../core/v1/pod-defaults.ts';
import { PersistentVolumeClaim } from '../../core/v1/persistent-volume-claim.ts';
import { claimSpecWarnings } from '../../core/v1/persistent-volume-claim-rules.ts';
import { PodTemplateSpec } from '../../core/v1/pod-spec.ts';
import { templateWarnings } from '../../core/v1/template-warnings.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { labelName } from '../../meta/v1/name-rules.ts';

/** How pods are replaced, from the last to the first. */
export class RollingUpdateStatefulSetStrategy extends message('k8s.io.api.apps.v1.RollingUpdateStatefulSetStrategy', {
  /** Pods with a lower number stay as they are. Defaults to 0. */
  partition: int32(1).explicit(),
  /** How many pods may be missing meanwhile, as a number or in percent of all, rounded up. Defaults to 1. */
  maxUnavailable: intOrString(2).explicit(),
}) {}

/** How pods are replaced when the template changes. */
export class StatefulSetUpdateStrategy extends message('k8s.io.api.apps.v1.StatefulSetUpdateStrategy', {
  /** RollingUpdate, the default; OnDelete for those that somebody deletes. */
  type: oneOf(1, 'RollingUpdate', 'OnDelete').named('v1.StatefulSetUpdateStrategyType'),
  /** More of RollingUpdate. */
  rollingUpdate: ref(2, RollingUpdateStatefulSetStrategy),
}) {}

/** What becomes of the claims that were made from templates. */
export class StatefulSetPersistentVolumeClaimRetentionPolicy extends message('k8s.io.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy', {
  /** When the set is deleted: Retain, the default, or Delete. */
  whenDeleted: string(1).default('Retain').named('v1.PersistentVolumeClaimRetentionPolicyType'),
  /** When a pod is one too many: Retain, the default, or Delete. */
  whenScaled: string(2).default('Retain').named('v1.PersistentVolumeClaimRetentionPolicyType'),
}) {}

/** How pods are numbered. */
export class StatefulSetOrdinals extends message('k8s.io.api.apps.v1.StatefulSetOrdinals', {
  /** Number of the first pod. Defaults to 0. */
  start: int32(1).always(),
}) {}

/** What is wanted of a StatefulSet. */
export class StatefulSetSpec extends message('k8s.io.api.apps.v1.StatefulSetSpec', {
  /** How many pods there are to be. Defaults to 1. */
  replicas: int32(1).explicit().default(1),
  /** Labels of its pods. The template must have them. It cannot be changed. */
  selector: ref(2, LabelSelector).explicit().required(),
  /** What its pods look like. Their names are the set's, a dash, and a number. */
  template: ref(3, PodTemplateSpec).required(),
  /** Claims that are made for each pod, and that it finds again after it was moved. A volume of the same name in the template gives way. */
  volumeClaimTemplates: list(4, PersistentVolumeClaim).with({ isObject: true }).atomic(),
  /** Name of the Service without a cluster address that gives pods their names in DNS. It cannot be changed. */
  serviceName: string(5).always(),
  /** Whether pods come up one after the other and go in reverse, or all at once. It cannot be changed. Defaults to OrderedReady. */
  podManagementPolicy: oneOf(6, 'OrderedReady', 'Parallel').default('OrderedReady').named('v1.PodManagementPolicyType'),
  /** How pods are replaced when the template changes. */
  updateStrategy: ref(7, StatefulSetUpdateStrategy).always(),
  /** How many old revisions are kept to go back to. Defaults to 10. */
  revisionHistoryLimit: int32(8).explicit().default(10),
  /** Seconds that a pod must have been ready, without a container crashing, to count as available. Defaults to 0. */
  minReadySeconds: int32(9),
  /** What becomes of the claims that were made from templates. */
  persistentVolumeClaimRetentionPolicy: ref(10, StatefulSetPersistentVolumeClaimRetentionPolicy).default({}),
  /** How pods are numbered. Absent: from 0. */
  ordinals: ref(11, StatefulSetOrdinals),
}) {}

/** Something that holds of a StatefulSet. */
export class StatefulSetCondition extends message('k8s.io.api.apps.v1.StatefulSetCondition', {
  /** What is said. */
  type: string(1).required().named('v1.StatefulSetConditionType'),
  /** True, False or Unknown. */
  status: string(2).required().named('v1.ConditionStatus'),
  /** When the status last changed. */
  lastTransitionTime: time(3).always(),
  /** Why, as one word that programs can read. */
  reason: string(4),
  /** Why, for people. */
  message: string(5),
}) {}

/** How far a StatefulSet has come. */
export class StatefulSetStatus extends message('k8s.io.api.apps.v1.StatefulSetStatus', {
  /** The generation that the controller has acted on. */
  observedGeneration: int64(1),
  /** How many pods there are. */
  replicas: int32(2).required(),
  /** How many are ready. */
  readyReplicas: int32(3),
  /** How many are of currentRevision. */
  currentReplicas: int32(4),
  /** How many are of updateRevision. */
  updatedReplicas: int32(5),
  /** Name of the revision that pods were made from before the update. */
  currentRevision: string(6),
  /** Name of the revision that pods are made from now. */
  updateRevision: string(7),
  /** How often a name that was made from a hash was taken already; part of the next one. */
  collisionCount: int32(9).explicit(),
  /** What holds of it now. */
  conditions: list(10, StatefulSetCondition).mapBy('type').mergeBy('type'),
  /** How many have been ready for minReadySeconds. */
  availableReplicas: int32(11).always(),
}) {}

/** Keeps pods that differ: each has its own name and volumes, and keeps them when it is moved. */
export class StatefulSet extends message('k8s.io.api.apps.v1.StatefulSet', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What is wanted of it. */
  spec: ref(2, StatefulSetSpec).present(),
  /** How far it has come. */
  status: ref(3, StatefulSetStatus).always(),
}) {}

/** Kubernetes: claims say their kind, whatever they were given with; it is not stored. */
function nameClaims(claims: readonly PersistentVolumeClaim[] = []): void {
  for (const claim of claims) Object.assign(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim' });
}

export const statefulsets = resource({
  group: 'apps', version: 'v1', plural: 'statefulsets', singular: 'statefulset', kind: 'StatefulSet', isNamespaced: true, type: StatefulSet,
  validate: validateStatefulSet,
  validateStatus: validateStatefulSetStatus,
  warnings({ metadata, spec }, old) {
    // Kubernetes: the path of a claim's spec differs between creation and update.
    const claims = (spec.volumeClaimTemplates ?? []).flatMap((claim, index) => claimSpecWarnings(claim.spec, `spec.volumeClaimTemplates[${index}]${old === undefined ? '' : '.Spec'}`));
    const history = (spec.revisionHistoryLimit ?? 0) < 0 ? ['spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended'] : [];
    return [...templateWarnings(spec.template, 'spec.template', { metadata, old }), ...claims, ...history];
  },
  columns: statefulSetColumns,
  nameErrors: labelName,
  metadataChecks: { on: { update: ['change'] } },
  restore: ({ spec }) => { nameClaims(spec.volumeClaimTemplates); },
  defaults({ spec }) {
    defaultPodTemplate(spec.template);
    nameClaims(spec.volumeClaimTemplates);
    // Kubernetes: a strategy that only names its type stays without a partition.
    spec.updateStrategy ??= {};
    if (spec.updateStrategy.type === undefined) spec.updateStrategy = { rollingUpdate: {}, ...spec.updateStrategy, type: 'RollingUpdate' };
    const { rollingUpdate, type } = spec.updateStrategy;
    if (type === 'RollingUpdate' && rollingUpdate !== undefined) rollingUpdate.partition ??= 0;
  },
  shortNames: ['sts'],
  categories: ['all'],
  subresources: [
    { name: 'scale', verbs: ['get', 'patch', 'update'], kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' } },
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
