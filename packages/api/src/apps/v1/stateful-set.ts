import { int32, int64, intOrString, list, message, oneOf, ref, string, time } from '@kaji/schema';
import { statefulSetColumns } from '../../columns/workloads.ts';
import { resource } from '../../resource.ts';
import { validateCounts, validateStatefulSet } from './workload-rules.ts';
import { defaultPodTemplate } from '../../core/v1/pod-defaults.ts';
import { PersistentVolumeClaim } from '../../core/v1/persistent-volume-claim.ts';
import { PodTemplateSpec } from '../../core/v1/pod-spec.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { labelName } from '../../meta/v1/name-rules.ts';

export class RollingUpdateStatefulSetStrategy extends message('k8s.io.api.apps.v1.RollingUpdateStatefulSetStrategy', {
  partition: int32(1).explicit(),
  maxUnavailable: intOrString(2).explicit(),
}) {}

export class StatefulSetUpdateStrategy extends message('k8s.io.api.apps.v1.StatefulSetUpdateStrategy', {
  type: oneOf(1, 'RollingUpdate', 'OnDelete'),
  rollingUpdate: ref(2, RollingUpdateStatefulSetStrategy),
}) {}

export class StatefulSetPersistentVolumeClaimRetentionPolicy extends message('k8s.io.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy', {
  whenDeleted: string(1).default('Retain'),
  whenScaled: string(2).default('Retain'),
}) {}

export class StatefulSetOrdinals extends message('k8s.io.api.apps.v1.StatefulSetOrdinals', {
  start: int32(1).always(),
}) {}

export class StatefulSetSpec extends message('k8s.io.api.apps.v1.StatefulSetSpec', {
  replicas: int32(1).explicit().default(1),
  selector: ref(2, LabelSelector).explicit().required(),
  template: ref(3, PodTemplateSpec).required(),
  volumeClaimTemplates: list(4, PersistentVolumeClaim).with({ isObject: true }).atomic(),
  serviceName: string(5).always(),
  podManagementPolicy: oneOf(6, 'OrderedReady', 'Parallel').default('OrderedReady'),
  updateStrategy: ref(7, StatefulSetUpdateStrategy).always(),
  revisionHistoryLimit: int32(8).explicit().default(10),
  minReadySeconds: int32(9),
  persistentVolumeClaimRetentionPolicy: ref(10, StatefulSetPersistentVolumeClaimRetentionPolicy).default({}),
  ordinals: ref(11, StatefulSetOrdinals),
}) {}

export class StatefulSetCondition extends message('k8s.io.api.apps.v1.StatefulSetCondition', {
  type: string(1).required(),
  status: string(2).required(),
  lastTransitionTime: time(3).always(),
  reason: string(4),
  message: string(5),
}) {}

export class StatefulSetStatus extends message('k8s.io.api.apps.v1.StatefulSetStatus', {
  observedGeneration: int64(1),
  replicas: int32(2).required(),
  readyReplicas: int32(3),
  currentReplicas: int32(4),
  updatedReplicas: int32(5),
  currentRevision: string(6),
  updateRevision: string(7),
  collisionCount: int32(9).explicit(),
  conditions: list(10, StatefulSetCondition).mapBy('type').mergeBy('type'),
  availableReplicas: int32(11).always(),
}) {}

export class StatefulSet extends message('k8s.io.api.apps.v1.StatefulSet', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, StatefulSetSpec).present(),
  status: ref(3, StatefulSetStatus).always(),
}) {}

export const statefulsets = resource({
  group: 'apps', version: 'v1', plural: 'statefulsets', singular: 'statefulset', kind: 'StatefulSet', isNamespaced: true, type: StatefulSet,
  validate: validateStatefulSet,
  validateStatus: ({ status }) => validateCounts(status ?? {}, ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'], 'status.readyReplicas'),
  columns: statefulSetColumns,
  nameErrors: labelName,
  metadataChecks: { on: { update: ['change'] } },
  defaults({ spec }) {
    defaultPodTemplate(spec.template);
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
