import { int32, int64, intOrString, isSemanticallyEqual, list, message, oneOf, ref, string, time } from '@kaji/schema';
import { daemonSetColumns } from '../../columns/workloads.ts';
import { resource } from '../../resource.ts';
import { validateDaemonSet, validateDaemonSetStatus } from './daemon-set-rules.ts';
import { defaultPodTemplate } from '../../core/v1/pod-defaults.ts';
import { PodTemplateSpec } from '../../core/v1/pod-spec.ts';
import { templateWarnings } from '../../core/v1/template-warnings.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** Kubernetes: what was a field of the first version lives on as an annotation, which clients cannot set. */
export const templateGeneration = 'deprecated.daemonset.template.generation';

/** How pods are replaced, some at a time. */
export class RollingUpdateDaemonSet extends message('k8s.io.api.apps.v1.RollingUpdateDaemonSet', {
  /** How many pods may be missing meanwhile, as a number or in percent of all, rounded up. Defaults to 1. */
  maxUnavailable: intOrString(1).explicit(),
  /** How many nodes may have a second pod meanwhile, as a number or in percent of all, rounded up. Defaults to 0. */
  maxSurge: intOrString(2).explicit(),
}) {}

/** How pods are replaced when the template changes. */
export class DaemonSetUpdateStrategy extends message('k8s.io.api.apps.v1.DaemonSetUpdateStrategy', {
  /** RollingUpdate for some at a time, the default; OnDelete for those that somebody deletes. */
  type: oneOf(1, 'RollingUpdate', 'OnDelete').default('RollingUpdate').named('v1.DaemonSetUpdateStrategyType'),
  /** More of RollingUpdate. */
  rollingUpdate: ref(2, RollingUpdateDaemonSet),
}) {}

/** What is wanted of a DaemonSet. */
export class DaemonSetSpec extends message('k8s.io.api.apps.v1.DaemonSetSpec', {
  /** Labels of its pods. The template must have them. It cannot be changed. */
  selector: ref(1, LabelSelector).explicit().required(),
  /** What its pods look like. They run on each node that its selector and affinity allow. */
  template: ref(2, PodTemplateSpec).required(),
  /** How pods are replaced when the template changes. */
  updateStrategy: ref(3, DaemonSetUpdateStrategy).always(),
  /** Seconds that a pod must have been ready, without a container crashing, to count as available. Defaults to 0. */
  minReadySeconds: int32(4),
  /** How many old revisions are kept to go back to. Defaults to 10. */
  revisionHistoryLimit: int32(6).explicit().default(10),
}) {}

/** Something that holds of a DaemonSet. */
export class DaemonSetCondition extends message('k8s.io.api.apps.v1.DaemonSetCondition', {
  /** What is said. */
  type: string(1).required().named('v1.DaemonSetConditionType'),
  /** True, False or Unknown. */
  status: string(2).required().named('v1.ConditionStatus'),
  /** When the status last changed. */
  lastTransitionTime: time(3).always(),
  /** Why, as one word that programs can read. */
  reason: string(4),
  /** Why, for people. */
  message: string(5),
}) {}

/** How far a DaemonSet has come. */
export class DaemonSetStatus extends message('k8s.io.api.apps.v1.DaemonSetStatus', {
  /** How many nodes have a pod and should. */
  currentNumberScheduled: int32(1).required(),
  /** How many nodes have a pod and should not. */
  numberMisscheduled: int32(2).required(),
  /** How many nodes should have a pod. */
  desiredNumberScheduled: int32(3).required(),
  /** How many nodes have a pod that is ready. */
  numberReady: int32(4).required(),
  /** The generation that the controller has acted on. */
  observedGeneration: int64(5),
  /** How many nodes have a pod of the newest template. */
  updatedNumberScheduled: int32(6),
  /** How many nodes have a pod that has been ready for minReadySeconds. */
  numberAvailable: int32(7),
  /** How many nodes should have such a pod and have not. */
  numberUnavailable: int32(8),
  /** How often a name that was made from a hash was taken already; part of the next one. */
  collisionCount: int32(9).explicit(),
  /** What holds of it now. */
  conditions: list(10, DaemonSetCondition).mapBy('type').mergeBy('type'),
}) {}

/** Keeps one pod on each node, or on some of them. */
export class DaemonSet extends message('k8s.io.api.apps.v1.DaemonSet', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What is wanted of it. */
  spec: ref(2, DaemonSetSpec).present(),
  /** How far it has come. */
  status: ref(3, DaemonSetStatus).always(),
}) {}

export const daemonsets = resource({
  group: 'apps', version: 'v1', plural: 'daemonsets', singular: 'daemonset', kind: 'DaemonSet', isNamespaced: true, type: DaemonSet,
  validate: validateDaemonSet,
  validateStatus: validateDaemonSetStatus,
  // Kubernetes: only a change of the template itself is warned of.
  warnings: ({ metadata, spec }, old) => (old !== undefined && isSemanticallyEqual(PodTemplateSpec, spec.template, old.spec.template) ? [] : templateWarnings(spec.template, 'spec.template', { metadata, old })),
  columns: daemonSetColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['change'] } },
  conversionAnnotation: templateGeneration,
  defaults({ metadata, spec }) {
    // Kubernetes: whoever writes a DaemonSet writes this, too.
    if (metadata.annotations?.[templateGeneration] === undefined) metadata.annotations = { ...metadata.annotations, [templateGeneration]: '0' };
    defaultPodTemplate(spec.template);
    const { updateStrategy } = spec;
    if (updateStrategy?.type === 'RollingUpdate') updateStrategy.rollingUpdate = { maxUnavailable: 1, maxSurge: 0, ...updateStrategy.rollingUpdate };
    else if (updateStrategy?.rollingUpdate !== undefined) updateStrategy.rollingUpdate = { maxUnavailable: 0, maxSurge: 0, ...updateStrategy.rollingUpdate };
  },
  shortNames: ['ds'],
  categories: ['all'],
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
