import { bool, int32, int64, intOrString, list, message, oneOf, ref, string, time } from '@kaji/schema';
import { deploymentColumns } from '../../columns/workloads.ts';
import { resource } from '../../resource.ts';
import { validateCounts, validateDeployment } from './workload-rules.ts';
import { defaultPodTemplate } from '../../core/v1/pod-defaults.ts';
import { PodTemplateSpec } from '../../core/v1/pod-spec.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class RollingUpdateDeployment extends message('k8s.io.api.apps.v1.RollingUpdateDeployment', {
  maxUnavailable: intOrString(1).explicit(),
  maxSurge: intOrString(2).explicit(),
}) {}

export class DeploymentStrategy extends message('k8s.io.api.apps.v1.DeploymentStrategy', {
  type: oneOf(1, 'Recreate', 'RollingUpdate').default('RollingUpdate'),
  rollingUpdate: ref(2, RollingUpdateDeployment),
}) {}

export class DeploymentSpec extends message('k8s.io.api.apps.v1.DeploymentSpec', {
  replicas: int32(1).explicit().default(1),
  selector: ref(2, LabelSelector).explicit().required(),
  template: ref(3, PodTemplateSpec).required(),
  strategy: ref(4, DeploymentStrategy).always().with({ patchStrategy: 'retainKeys' }),
  minReadySeconds: int32(5),
  revisionHistoryLimit: int32(6).explicit().default(10),
  paused: bool(7),
  progressDeadlineSeconds: int32(9).explicit().default(600),
}) {}

export class DeploymentCondition extends message('k8s.io.api.apps.v1.DeploymentCondition', {
  type: string(1).required(),
  status: string(2).required(),
  lastUpdateTime: time(6).always(),
  lastTransitionTime: time(7).always(),
  reason: string(4),
  message: string(5),
}) {}

export class DeploymentStatus extends message('k8s.io.api.apps.v1.DeploymentStatus', {
  observedGeneration: int64(1),
  replicas: int32(2),
  updatedReplicas: int32(3),
  readyReplicas: int32(7),
  availableReplicas: int32(4),
  unavailableReplicas: int32(5),
  terminatingReplicas: int32(9).explicit(),
  conditions: list(6, DeploymentCondition).mapBy('type').mergeBy('type'),
  collisionCount: int32(8).explicit(),
}) {}

export class Deployment extends message('k8s.io.api.apps.v1.Deployment', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, DeploymentSpec).present(),
  status: ref(3, DeploymentStatus).always(),
}) {}

export const deployments = resource({
  group: 'apps', version: 'v1', plural: 'deployments', singular: 'deployment', kind: 'Deployment', isNamespaced: true, type: Deployment,
  validate: validateDeployment,
  validateStatus: ({ status }) => validateCounts(status ?? {}, ['updatedReplicas', 'readyReplicas', 'availableReplicas']),
  columns: deploymentColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['change'] } },
  defaults({ spec }) {
    defaultPodTemplate(spec.template);
    const { strategy } = spec;
    if (strategy?.type === 'RollingUpdate') strategy.rollingUpdate = { maxUnavailable: '25%', maxSurge: '25%', ...strategy.rollingUpdate };
  },
  shortNames: ['deploy'],
  categories: ['all'],
  subresources: [
    { name: 'scale', verbs: ['get', 'patch', 'update'], kind: { group: 'autoscaling', version: 'v1', kind: 'Scale' } },
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
