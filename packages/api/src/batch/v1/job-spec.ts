import { bool, int32, int64, list, message, oneOf, ref, scalars, string } from '@kaji/schema';
import { PodTemplateSpec } from '../../core/v1/pod-spec.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';

export class PodFailurePolicyOnExitCodesRequirement extends message('k8s.io.api.batch.v1.PodFailurePolicyOnExitCodesRequirement', {
  containerName: string(1).explicit(),
  operator: oneOf(2, 'In', 'NotIn').required(),
  values: scalars<number>(3, 'int32').required().set(),
}) {}

export class PodFailurePolicyOnPodConditionsPattern extends message('k8s.io.api.batch.v1.PodFailurePolicyOnPodConditionsPattern', {
  type: string(1).required(),
  status: string(2).always().default('True'),
}) {}

export class PodFailurePolicyRule extends message('k8s.io.api.batch.v1.PodFailurePolicyRule', {
  action: oneOf(1, 'FailJob', 'FailIndex', 'Ignore', 'Count').required(),
  onExitCodes: ref(2, PodFailurePolicyOnExitCodesRequirement),
  onPodConditions: list(3, PodFailurePolicyOnPodConditionsPattern).atomic(),
}) {}

export class PodFailurePolicy extends message('k8s.io.api.batch.v1.PodFailurePolicy', {
  rules: list(1, PodFailurePolicyRule).required().atomic(),
}) {}

export class SuccessPolicyRule extends message('k8s.io.api.batch.v1.SuccessPolicyRule', {
  succeededIndexes: string(1).explicit(),
  succeededCount: int32(2).explicit(),
}) {}

export class SuccessPolicy extends message('k8s.io.api.batch.v1.SuccessPolicy', {
  rules: list(1, SuccessPolicyRule).required().atomic(),
}) {}

export class JobSpec extends message('k8s.io.api.batch.v1.JobSpec', {
  parallelism: int32(1).explicit(),
  completions: int32(2).explicit(),
  activeDeadlineSeconds: int64(3).explicit(),
  podFailurePolicy: ref(11, PodFailurePolicy),
  successPolicy: ref(16, SuccessPolicy),
  backoffLimit: int32(7).explicit(),
  backoffLimitPerIndex: int32(12).explicit(),
  maxFailedIndexes: int32(13).explicit(),
  selector: ref(4, LabelSelector),
  manualSelector: bool(5).explicit(),
  template: ref(6, PodTemplateSpec).required(),
  ttlSecondsAfterFinished: int32(8).explicit(),
  completionMode: oneOf(9, 'NonIndexed', 'Indexed').explicit(),
  suspend: bool(10).explicit(),
  podReplacementPolicy: oneOf(14, 'TerminatingOrFailed', 'Failed').explicit(),
  managedBy: string(15).explicit(),
}) {}
