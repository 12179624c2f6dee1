import { int32, int64, list, message, ref, string, time } from '@kaji/schema';
import { replicaSetColumns } from '../../columns/workloads.ts';
import { resource } from '../../resource.ts';
import { validateCounts, validateReplicaSet } from './workload-rules.ts';
import { defaultPodTemplate } from '../../core/v1/pod-defaults.ts';
import { PodTemplateSpec } from '../../core/v1/pod-spec.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class ReplicaSetSpec extends message('k8s.io.api.apps.v1.ReplicaSetSpec', {
  replicas: int32(1).explicit().default(1),
  minReadySeconds: int32(4),
  selector: ref(2, LabelSelector).explicit().required(),
  template: ref(3, PodTemplateSpec).always(),
}) {}

export class ReplicaSetCondition extends message('k8s.io.api.apps.v1.ReplicaSetCondition', {
  type: string(1).required(),
  status: string(2).required(),
  lastTransitionTime: time(3).always(),
  reason: string(4),
  message: string(5),
}) {}

export class ReplicaSetStatus extends message('k8s.io.api.apps.v1.ReplicaSetStatus', {
  replicas: int32(1).required(),
  fullyLabeledReplicas: int32(2),
  readyReplicas: int32(4),
  availableReplicas: int32(5),
  terminatingReplicas: int32(7).explicit(),
  observedGeneration: int64(3),
  conditions: list(6, ReplicaSetCondition).mapBy('type').mergeBy('type'),
}) {}

export class ReplicaSet extends message('k8s.io.api.apps.v1.ReplicaSet', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, ReplicaSetSpec).present(),
  status: ref(3, ReplicaSetStatus).always(),
}) {}

export const replicasets = resource({
  group: 'apps', version: 'v1', plural: 'replicasets', singular: 'replicaset', kind: 'ReplicaSet', isNamespaced: true, type: ReplicaSet,
  validate: validateReplicaSet,
  validateStatus: ({ status }) => validateCounts(status ?? {}, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']),
  columns: replicaSetColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['change'] } },
  selectableFields: {
    'status.replicas': (set) => String(set.status?.replicas ?? 0),
  },
  defaults: ({ spec }) => defaultPodTemplate(spec.template),
  shortNames: ['rs'],
  categories: ['all'],
  subresources: [
    { name: 'scale', verbs: ['get', 'patch', 'update'], kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' } },
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
