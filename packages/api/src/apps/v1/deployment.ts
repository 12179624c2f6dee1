import { bool, int32, int64, intOrString, list, message, oneOf, ref, string, time } from '@kaji/schema';
import { deploymentColumns } from '../../columns/workloads.ts';
import { resource } from '../../resource.ts';
import { validateDeployment, validateDeploymentStatus } from './deployment-rules.ts';
import { defaultPodTemplate } from '../../core/v1/pod-defaults.ts';
import { PodTemplateSpec } from '../../core/v1/pod-spec.ts';
import { podNameWarnings, templateWarnings } from '../../core/v1/template-warnings.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** How pods are replaced, some at a time. */
export class RollingUpdateDeployment extends message('k8s.io.api.apps.v1.RollingUpdateDeployment', {
  /** How many pods may be missing meanwhile, as a number or in percent of all, rounded down. Not 0 where maxSurge is. Defaults to 25%. */
  maxUnavailable: intOrString(1).explicit(),
  /** How many pods there may be too many meanwhile, as a number or in percent of all, rounded up. Not 0 where maxUnavailable is. Defaults to 25%. */
  maxSurge: intOrString(2).explicit(),
}) {}

/** How pods are replaced when the template changes. */
export class DeploymentStrategy extends message('k8s.io.api.apps.v1.DeploymentStrategy', {
  /** RollingUpdate for some at a time, the default; Recreate for all old ones before the first new one. */
  type: oneOf(1, 'Recreate', 'RollingUpdate').default('RollingUpdate').named('v1.DeploymentStrategyType'),
  /** More of RollingUpdate. */
  rollingUpdate: ref(2, RollingUpdateDeployment),
}) {}

/** What is wanted of a Deployment. */
export class DeploymentSpec extends message('k8s.io.api.apps.v1.DeploymentSpec', {
  /** How many pods there are to be. Defaults to 1. */
  replicas: int32(1).explicit().default(1),
  /** Labels of its pods. The template must have them. It cannot be changed. */
  selector: ref(2, LabelSelector).explicit().required(),
  /** What its pods look like. They always restart their containers. */
  template: ref(3, PodTemplateSpec).required(),
  /** How pods are replaced when the template changes. */
  strategy: ref(4, DeploymentStrategy).always().with({ patchStrategy: 'retainKeys' }),
  /** Seconds that a pod must have been ready, without a container crashing, to count as available. Defaults to 0. */
  minReadySeconds: int32(5),
  /** How many old revisions are kept to go back to. Defaults to 10. */
  revisionHistoryLimit: int32(6).explicit().default(10),
  /** Whether changes of the template wait. */
  paused: bool(7),
  /** Seconds without progress after which a rollout counts as failed. It goes on all the same. Defaults to 600. */
  progressDeadlineSeconds: int32(9).explicit().default(600),
}) {}

/** Something that holds of a Deployment. */
export class DeploymentCondition extends message('k8s.io.api.apps.v1.DeploymentCondition', {
  /** What is said: Available, Progressing or ReplicaFailure. */
  type: string(1).required().named('v1.DeploymentConditionType'),
  /** True, False or Unknown. */
  status: string(2).required().named('v1.ConditionStatus'),
  /** When it was last said. */
  lastUpdateTime: time(6).always(),
  /** When the status last changed. */
  lastTransitionTime: time(7).always(),
  /** Why, as one word that programs can read. */
  reason: string(4),
  /** Why, for people. */
  message: string(5),
}) {}

/** How far a Deployment has come. */
export class DeploymentStatus extends message('k8s.io.api.apps.v1.DeploymentStatus', {
  /** The generation that the controller has acted on. */
  observedGeneration: int64(1),
  /** How many pods there are. */
  replicas: int32(2),
  /** How many pods are of the newest template. */
  updatedReplicas: int32(3),
  /** How many pods are ready. */
  readyReplicas: int32(7),
  /** How many pods have been ready for minReadySeconds. */
  availableReplicas: int32(4),
  /** How many more are needed. */
  unavailableReplicas: int32(5),
  /** How many pods are ending. They are not counted in replicas. */
  terminatingReplicas: int32(9).explicit(),
  /** What holds of it now. */
  conditions: list(6, DeploymentCondition).mapBy('type').mergeBy('type'),
  /** How often a name that was made from a hash was taken already; part of the next one. */
  collisionCount: int32(8).explicit(),
}) {}

/** Keeps a number of pods running, and replaces them in order when what they are changes. */
export class Deployment extends message('k8s.io.api.apps.v1.Deployment', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What is wanted of it. */
  spec: ref(2, DeploymentSpec).present(),
  /** How far it has come. */
  status: ref(3, DeploymentStatus).always(),
}) {}

export const deployments = resource({
  group: 'apps', version: 'v1', plural: 'deployments', singular: 'deployment', kind: 'Deployment', isNamespaced: true, type: Deployment,
  validate: validateDeployment,
  validateStatus: validateDeploymentStatus,
  warnings: ({ metadata, spec }, old) => [...podNameWarnings({ metadata, old }), ...templateWarnings(spec.template, 'spec.template', { metadata, old })],
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
