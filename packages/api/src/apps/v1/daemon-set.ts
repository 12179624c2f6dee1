import { int32, int64, intOrString, list, message, oneOf, ref, string, time } from '@kaji/schema';
import { daemonSetColumns } from '../../columns/workloads.ts';
import { resource } from '../../resource.ts';
import { validateDaemonSet } from './workload-rules.ts';
import { defaultPodTemplate } from '../../core/v1/pod-defaults.ts';
import { PodTemplateSpec } from '../../core/v1/pod-spec.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class RollingUpdateDaemonSet extends message('k8s.io.api.apps.v1.RollingUpdateDaemonSet', {
  maxUnavailable: intOrString(1).explicit(),
  maxSurge: intOrString(2).explicit(),
}) {}

export class DaemonSetUpdateStrategy extends message('k8s.io.api.apps.v1.DaemonSetUpdateStrategy', {
  type: oneOf(1, 'RollingUpdate', 'OnDelete').default('RollingUpdate'),
  rollingUpdate: ref(2, RollingUpdateDaemonSet),
}) {}

export class DaemonSetSpec extends message('k8s.io.api.apps.v1.DaemonSetSpec', {
  selector: ref(1, LabelSelector).explicit().required(),
  template: ref(2, PodTemplateSpec).required(),
  updateStrategy: ref(3, DaemonSetUpdateStrategy).always(),
  minReadySeconds: int32(4),
  revisionHistoryLimit: int32(6).explicit().default(10),
}) {}

export class DaemonSetCondition extends message('k8s.io.api.apps.v1.DaemonSetCondition', {
  type: string(1).required(),
  status: string(2).required(),
  lastTransitionTime: time(3).always(),
  reason: string(4),
  message: string(5),
}) {}

export class DaemonSetStatus extends message('k8s.io.api.apps.v1.DaemonSetStatus', {
  currentNumberScheduled: int32(1).required(),
  numberMisscheduled: int32(2).required(),
  desiredNumberScheduled: int32(3).required(),
  numberReady: int32(4).required(),
  observedGeneration: int64(5),
  updatedNumberScheduled: int32(6),
  numberAvailable: int32(7),
  numberUnavailable: int32(8),
  collisionCount: int32(9).explicit(),
  conditions: list(10, DaemonSetCondition).mapBy('type').mergeBy('type'),
}) {}

export class DaemonSet extends message('k8s.io.api.apps.v1.DaemonSet', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, DaemonSetSpec).present(),
  status: ref(3, DaemonSetStatus).always(),
}) {}

export const daemonsets = resource({
  group: 'apps', version: 'v1', plural: 'daemonsets', singular: 'daemonset', kind: 'DaemonSet', isNamespaced: true, type: DaemonSet,
  validate: validateDaemonSet,
  columns: daemonSetColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['change'] } },
  defaults({ spec }) {
    defaultPodTemplate(spec.template);
    const { updateStrategy } = spec;
    if (updateStrategy?.type === 'RollingUpdate') updateStrategy.rollingUpdate = { maxUnavailable: 1, maxSurge: 0, ...updateStrategy.rollingUpdate };
  },
  shortNames: ['ds'],
  categories: ['all'],
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
