import { int32, int64, intOrString, list, message, oneOf, ref, scalarMap } from '@kaji/schema';
import { podDisruptionBudgetColumns } from '../../columns/autoscaling.ts';
import { validatePodDisruptionBudget, validatePodDisruptionBudgetStatus } from './pod-disruption-budget-rules.ts';
import { resource } from '../../resource.ts';
import { Condition } from '../../meta/v1/condition.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** How many pods may be missing. Exactly one of the two numbers is set. */
export class PodDisruptionBudgetSpec extends message('k8s.io.api.policy.v1.PodDisruptionBudgetSpec', {
  /** How many must stay, as a number or in percent of all. */
  minAvailable: intOrString(1).explicit(),
  /** Labels of the pods. An empty one matches all of the namespace; an absent one none. */
  selector: ref(2, LabelSelector).with({ patchStrategy: 'replace' }),
  /** How many may be missing, as a number or in percent of all. All pods must be of one controller. */
  maxUnavailable: intOrString(3).explicit(),
  /** Whether pods that run but are not ready can be evicted whatever the budget says. Defaults to IfHealthyBudget. */
  unhealthyPodEvictionPolicy: oneOf(4, 'IfHealthyBudget', 'AlwaysAllow').explicit().named('v1.UnhealthyPodEvictionPolicyType'),
}) {}

/** How many pods may leave now. */
export class PodDisruptionBudgetStatus extends message('k8s.io.api.policy.v1.PodDisruptionBudgetStatus', {
  /** The generation that the controller has acted on. */
  observedGeneration: int64(1),
  /** Pods that were evicted and are not seen to go yet, with the time. */
  disruptedPods: scalarMap<string>(2, 'time'),
  /** How many may leave now. */
  disruptionsAllowed: int32(3).always(),
  /** How many are ready. */
  currentHealthy: int32(4).always(),
  /** How many must be ready. */
  desiredHealthy: int32(5).always(),
  /** How many there should be in all. */
  expectedPods: int32(6).always(),
  /** What holds of it, such as DisruptionAllowed. */
  conditions: list(7, Condition).mapBy('type').mergeBy('type'),
}) {}

/** Keeps evictions from taking too many pods of an application at once. */
export class PodDisruptionBudget extends message('k8s.io.api.policy.v1.PodDisruptionBudget', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** How many may be missing. */
  spec: ref(2, PodDisruptionBudgetSpec).present(),
  /** How many may leave now. */
  status: ref(3, PodDisruptionBudgetStatus).always(),
}) {}

export const poddisruptionbudgets = resource({
  group: 'policy', version: 'v1', plural: 'poddisruptionbudgets', singular: 'poddisruptionbudget', kind: 'PodDisruptionBudget', isNamespaced: true, type: PodDisruptionBudget,
  validate: validatePodDisruptionBudget,
  validateStatus: validatePodDisruptionBudgetStatus,
  columns: podDisruptionBudgetColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { create: [], update: [], status: [] }, areFinalizersFree: true },
  shortNames: ['pdb'],
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
