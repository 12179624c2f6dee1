import { int32, int64, list, message, ref, selectorOfLabels, string, stringMap, time } from '@kaji/schema';
import { replicationControllerColumns } from '../../columns/workloads.ts';
import { resource } from '../../resource.ts';
import { nonNegative, required } from '../../field-error.ts';
import { replicatedTemplateErrors, validateCounts } from '../../apps/v1/workload-rules.ts';
import { defaultPodTemplate } from './pod-defaults.ts';
import { PodTemplateSpec } from './pod-spec.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class ReplicationControllerSpec extends message('k8s.io.api.core.v1.ReplicationControllerSpec', {
  replicas: int32(1).explicit().default(1),
  minReadySeconds: int32(4).default(0),
  selector: stringMap(2).atomic(),
  template: ref(3, PodTemplateSpec),
}) {}

export class ReplicationControllerCondition extends message('k8s.io.api.core.v1.ReplicationControllerCondition', {
  type: string(1).required(),
  status: string(2).required(),
  lastTransitionTime: time(3).always(),
  reason: string(4),
  message: string(5),
}) {}

export class ReplicationControllerStatus extends message('k8s.io.api.core.v1.ReplicationControllerStatus', {
  replicas: int32(1).required(),
  fullyLabeledReplicas: int32(2),
  readyReplicas: int32(4),
  availableReplicas: int32(5),
  observedGeneration: int64(3),
  conditions: list(6, ReplicationControllerCondition).mapBy('type').mergeBy('type'),
}) {}

export class ReplicationController extends message('k8s.io.api.core.v1.ReplicationController', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, ReplicationControllerSpec).present(),
  status: ref(3, ReplicationControllerStatus).always(),
}) {}

export const replicationcontrollers = resource({
  group: '', version: 'v1', plural: 'replicationcontrollers', singular: 'replicationcontroller', kind: 'ReplicationController', isNamespaced: true, type: ReplicationController,
  validateStatus: ({ status }) => validateCounts(status ?? {}, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']),
  validate({ spec }) {
    const selector = spec.selector ?? {};
    return [
      ...nonNegative('spec.minReadySeconds', spec.minReadySeconds), ...(Object.keys(selector).length === 0 ? [required('spec.selector')] : []), ...nonNegative('spec.replicas', spec.replicas),
      ...(spec.template === undefined ? [required('spec.template')] : replicatedTemplateErrors(spec.template, selectorOfLabels(selector), 'ReplicationController')),
    ];
  },
  columns: replicationControllerColumns,
  nameErrors: subdomainName,
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
