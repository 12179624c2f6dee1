import { bool, int32, int64, list, message, oneOf, ref, scalars, string } from '@kaji/schema';
import { PodTemplateSpec } from '../../core/v1/pod-spec.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';

/** Exit codes that a rule is about. 0 never is. */
export class PodFailurePolicyOnExitCodesRequirement extends message('k8s.io.api.batch.v1.PodFailurePolicyOnExitCodesRequirement', {
  /** The container that is looked at. Absent: all of them. */
  containerName: string(1).explicit(),
  /** In for the codes listed, NotIn for all others. */
  operator: oneOf(2, 'In', 'NotIn').required().named('v1.PodFailurePolicyOnExitCodesOperator'),
  /** The exit codes, at least one and at most 255, in order. */
  values: scalars<number>(3, 'int32').required().set(),
}) {}

/** A condition of a pod that a rule is about. */
export class PodFailurePolicyOnPodConditionsPattern extends message('k8s.io.api.batch.v1.PodFailurePolicyOnPodConditionsPattern', {
  /** Type of the condition. */
  type: string(1).required().named('v1.PodConditionType'),
  /** Its status. Defaults to True. */
  status: string(2).always().default('True').named('v1.ConditionStatus'),
}) {}

/** What a pod that failed in a certain way counts as. Exactly one of the two conditions is set. */
export class PodFailurePolicyRule extends message('k8s.io.api.batch.v1.PodFailurePolicyRule', {
  /** FailJob ends the Job, FailIndex the index; Ignore does not count it, Count does as usual. */
  action: oneOf(1, 'FailJob', 'FailIndex', 'Ignore', 'Count').required().named('v1.PodFailurePolicyAction'),
  /** Exit codes that the rule is about. */
  onExitCodes: ref(2, PodFailurePolicyOnExitCodesRequirement),
  /** Conditions of the pod, one of which is enough. */
  onPodConditions: list(3, PodFailurePolicyOnPodConditionsPattern).atomic(),
}) {}

/** What pods that failed count as. The first rule that fits is taken. */
export class PodFailurePolicy extends message('k8s.io.api.batch.v1.PodFailurePolicy', {
  /** The rules, at most 20. */
  rules: list(1, PodFailurePolicyRule).required().atomic(),
}) {}

/** When a Job has done enough. At least one of the two is set. */
export class SuccessPolicyRule extends message('k8s.io.api.batch.v1.SuccessPolicyRule', {
  /** Indexes that must have succeeded, as numbers and ranges with commas between. */
  succeededIndexes: string(1).explicit(),
  /** How many indexes must have succeeded, of those listed or of all. */
  succeededCount: int32(2).explicit(),
}) {}

/** When a Job has done enough. Only for indexed Jobs. */
export class SuccessPolicy extends message('k8s.io.api.batch.v1.SuccessPolicy', {
  /** The rules, at most 20. One that holds is enough. */
  rules: list(1, SuccessPolicyRule).required().atomic(),
}) {}

/** What is wanted of a Job. */
export class JobSpec extends message('k8s.io.api.batch.v1.JobSpec', {
  /** How many pods may run at once. Defaults to 1. */
  parallelism: int32(1).explicit(),
  /** How many pods have to succeed. Absent: one that succeeds is enough, and the others come to an end by themselves. */
  completions: int32(2).explicit(),
  /** Seconds after which the Job is ended, however far it has come. */
  activeDeadlineSeconds: int64(3).explicit(),
  /** What pods that failed count as. It needs restartPolicy Never. */
  podFailurePolicy: ref(11, PodFailurePolicy),
  /** When the Job has done enough, though not all is done. It cannot be changed. */
  successPolicy: ref(16, SuccessPolicy),
  /** How often pods may fail before the Job does. Defaults to 6, and to no limit with backoffLimitPerIndex. */
  backoffLimit: int32(7).explicit(),
  /** How often pods of one index may fail before the index does. Only for indexed Jobs with restartPolicy Never. It cannot be changed. */
  backoffLimitPerIndex: int32(12).explicit(),
  /** How many indexes may fail before the Job does. Only with backoffLimitPerIndex. */
  maxFailedIndexes: int32(13).explicit(),
  /** Labels of its pods. Made by itself unless manualSelector is set. */
  selector: ref(4, LabelSelector),
  /** Whether selector and the labels of the template are the user's own. A wrong one takes the pods of others. */
  manualSelector: bool(5).explicit(),
  /** What its pods look like. Their restartPolicy is Never or OnFailure. */
  template: ref(6, PodTemplateSpec).required(),
  /** Seconds after its end when the Job is deleted. Absent: never. */
  ttlSecondsAfterFinished: int32(8).explicit(),
  /** Whether its pods are all alike, or each has an index. It cannot be changed. Defaults to NonIndexed. */
  completionMode: oneOf(9, 'NonIndexed', 'Indexed').explicit().named('v1.CompletionMode'),
  /** Whether it makes no pods. Setting it ends those there are. Defaults to false. */
  suspend: bool(10).explicit(),
  /** Whether a pod is replaced as soon as it is ending, or only when it has failed. Defaults to TerminatingOrFailed, and to Failed with podFailurePolicy. */
  podReplacementPolicy: oneOf(14, 'TerminatingOrFailed', 'Failed').explicit().named('v1.PodReplacementPolicy'),
  /** Who acts on the Job. Absent: the usual controller. It cannot be changed. */
  managedBy: string(15).explicit(),
}) {}
