import { int32, int64, intOrString, list, message, oneOf, ref, scalarMap } from '@kaji/schema';
import { podDisruptionBudgetColumns } from '../../columns/autoscaling.ts';
import { validatePodDisruptionBudget, validatePodDisruptionBudgetStatus } from './pod-disruption-budget-rules.ts';
import { resource } from '../../resource.ts';
import { Condition } from '../../meta/v1/condition.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class PodDisruptionBudgetSpec extends message('k8s.io.api.policy.v1.PodDisruptionBudgetSpec', {
  minAvailable: intOrString(1).explicit(),
  selector: ref(2, LabelSelector).with({ patchStrategy: 'replace' }),
  maxUnavailable: intOrString(3).explicit(),
  unhealthyPodEvictionPolicy: oneOf(4, 'IfHealthyBudget', 'AlwaysAllow').explicit(),
}) {}

export class PodDisruptionBudgetStatus extends message('k8s.io.api.policy.v1.PodDisruptionBudgetStatus', {
  observedGeneration: int64(1),
  disruptedPods: scalarMap<string>(2, 'time'),
  disruptionsAllowed: int32(3).always(),
  currentHealthy: int32(4).always(),
  desiredHealthy: int32(5).always(),
  expectedPods: int32(6).always(),
  conditions: list(7, Condition).mapBy('type').mergeBy('type'),
}) {}

export class PodDisruptionBudget extends message('k8s.io.api.policy.v1.PodDisruptionBudget', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, PodDisruptionBudgetSpec).present(),
  status: ref(3, PodDisruptionBudgetStatus).always(),
}) {}

export const poddisruptionbudgets = resource({
  group: 'policy', version: 'v1', plural: 'poddisruptionbudgets', singular: 'poddisruptionbudget', kind: 'PodDisruptionBudget', isNamespaced: true, type: PodDisruptionBudget,
  validate: validatePodDisruptionBudget,
  validateStatus: validatePodDisruptionBudgetStatus,
  columns: podDisruptionBudgetColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: [], status: [] }, areFinalizersFree: true },
  shortNames: ['pdb'],
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
