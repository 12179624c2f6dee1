/** Rules of Jobs, and of the templates CronJobs make them from. */
import { append } from '@kaji/base';
import { dns1123LabelErrors, givenValue, goForm, matchesLabels, qualifiedNameErrors, selectorOf } from '@kaji/schema';
import { validatePodTemplate } from '../../core/v1/pod-rules.ts';
import { duplicate, invalid, invalidAll, nonNegative, notSupported, required, tooLong, tooMany } from '../../field-error.ts';
import { shownLabels, shownSelector, validateLabelSelector } from '../../meta/v1/label-selector-rules.ts';
import { domainPathErrors } from '../../meta/v1/name-rules.ts';
import type { FieldError } from '../../resource.ts';
import { indexCount } from './job-indexes.ts';
import { type JobSpec, type PodFailurePolicy, type PodFailurePolicyOnExitCodesRequirement, type PodFailurePolicyRule, SuccessPolicy, type SuccessPolicyRule } from './job-spec.ts';
import { validateJobChange } from './job-update-rules.ts';
import type { Job } from './job.ts';

const mostIndexedPods = 100_000;
const manyCompletions = 100_000;
const mostParallelOfMany = 10_000;
const mostFailedOfMany = 10_000;
const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const operators = ['In', 'NotIn'];
const statuses = ['False', 'True', 'Unknown'];

/** Kubernetes: an error about a whole rule does not repeat it. */
const wrong = (field: string, why: string): FieldError => ({ field, reason: 'FieldValueInvalid', message: `Invalid value: ${why}` });

function indexedErrors(spec: JobSpec, path: string): FieldError[] {
  const { completions, parallelism = 0, maxFailedIndexes: mostFailed, backoffLimitPerIndex } = spec;
  const errors: FieldError[] = completions === undefined ? [required(`${path}.completions`, 'when completion mode is Indexed')] : [];
  if (parallelism > mostIndexedPods) errors.push(invalid(`${path}.parallelism`, parallelism, `must be less than or equal to ${mostIndexedPods} when completion mode is Indexed`));
  if (mostFailed !== undefined && completions !== undefined && mostFailed > completions) errors.push(invalid(`${path}.maxFailedIndexes`, mostFailed, 'must be less than or equal to completions'));
  if (mostFailed !== undefined && mostFailed > mostIndexedPods) errors.push(invalid(`${path}.maxFailedIndexes`, mostFailed, `must be less than or equal to ${mostIndexedPods}`));
  if (completions === undefined || completions <= manyCompletions || backoffLimitPerIndex === undefined) return errors;
  const limit = (most: number): string => `must be less than or equal to ${most} when completions are above ${manyCompletions} and used with backoff limit per index`;
  if (mostFailed === undefined) errors.push(required(`${path}.maxFailedIndexes`, `must be specified when completions is above ${manyCompletions}`));
  if (parallelism > mostParallelOfMany) errors.push(invalid(`${path}.parallelism`, parallelism, limit(mostParallelOfMany)));
  if (mostFailed !== undefined && mostFailed > mostFailedOfMany) errors.push(invalid(`${path}.maxFailedIndexes`, mostFailed, limit(mostFailedOfMany)));
  return errors;
}

function exitCodeErrors(requirement: PodFailurePolicyOnExitCodesRequirement, path: string, containers: readonly string[]): FieldError[] {
  const { operator, containerName, values } = requirement;
  const errors: FieldError[] = [];
  if (operator as string === '') errors.push(required(`${path}.operator`, 'valid values: ["In" "NotIn"]')); // what clients leave out is empty
  else if (!operators.includes(operator)) errors.push(notSupported(`${path}.operator`, operator, operators));
  if (containerName !== undefined && !containers.includes(containerName)) errors.push(invalid(`${path}.containerName`, containerName, 'must be one of the container or initContainer names in the pod template'));
  if (values.length === 0) errors.push(invalid(`${path}.values`, givenValue(requirement, 'values'), 'at least one value is required'));
  else if (values.length > 255) errors.push(tooMany(`${path}.values`, values.length, 255));
  values.forEach((value, index) => {
    if (operator === 'In' && value === 0) errors.push(invalid(`${path}.values[${index}]`, value, 'must not be 0 for the In operator'));
    if (values.indexOf(value) < index) errors.push(duplicate(`${path}.values[${index}]`, value));
  });
  if (values.some((value, index) => index > 0 && (values[index - 1] ?? 0) > value)) errors.push(invalid(`${path}.values`, values, 'must be ordered'));
  return errors;
}

function failureRuleErrors({ action, onExitCodes, onPodConditions = [] }: PodFailurePolicyRule, path: string, spec: JobSpec, containers: readonly string[]): FieldError[] {
  const errors: FieldError[] = [];
  if (action as string === '') errors.push(required(`${path}.action`, `valid values: [${actions.map((name) => JSON.stringify(name)).join(' ')}]`)); // what clients leave out is empty
  else if (!actions.includes(action)) errors.push(notSupported(`${path}.action`, action, actions));
  else if (action === 'FailIndex' && spec.backoffLimitPerIndex === undefined) errors.push(invalid(`${path}.action`, action, 'requires the backoffLimitPerIndex to be set'));
  if (onExitCodes !== undefined) append(errors, exitCodeErrors(onExitCodes, `${path}.onExitCodes`, containers));
  if (onPodConditions.length > 20) errors.push(tooMany(`${path}.onPodConditions`, onPodConditions.length, 20));
  onPodConditions.forEach(({ type, status = '' }, index) => {
    const at = `${path}.onPodConditions[${index}]`;
    append(errors, invalidAll(`${at}.type`, type, qualifiedNameErrors(type)));
    if (!statuses.includes(status)) errors.push(status === '' ? required(`${at}.status`, 'valid values: ["False" "True" "Unknown"]') : notSupported(`${at}.status`, status, statuses));
  });
  if (onExitCodes !== undefined && onPodConditions.length > 0) errors.push(wrong(path, 'specifying both OnExitCodes and OnPodConditions is not supported'));
  if (onExitCodes === undefined && onPodConditions.length === 0) errors.push(wrong(path, 'specifying one of OnExitCodes and OnPodConditions is required'));
  return errors;
}

function failurePolicyErrors({ rules }: PodFailurePolicy, spec: JobSpec, path: string): FieldError[] {
  const containers = [...spec.template.spec.containers, ...(spec.template.spec.initContainers ?? [])].map(({ name }) => name);
  return [...(rules.length > 20 ? [tooMany(`${path}.rules`, rules.length, 20)] : []), ...rules.flatMap((rule, index) => failureRuleErrors(rule, `${path}.rules[${index}]`, spec, containers))];
}

function successRuleErrors({ succeededIndexes, succeededCount }: SuccessPolicyRule, path: string, completions: number): FieldError[] {
  const errors: FieldError[] = succeededIndexes === undefined && succeededCount === undefined ? [required(path, 'at least one of succeededCount or succeededIndexes must be specified')] : [];
  let total = 0;
  if (succeededIndexes !== undefined) {
    if (succeededIndexes.length > 65_536) errors.push(tooLong(`${path}.succeededIndexes`, 65_536));
    const counted = indexCount(succeededIndexes, completions);
    if (typeof counted === 'string') errors.push(invalid(`${path}.succeededIndexes`, succeededIndexes, `error parsing succeededIndexes: ${counted}`));
    else total = counted;
  }
  if (succeededCount === undefined) return errors;
  append(errors, nonNegative(`${path}.succeededCount`, succeededCount));
  if (succeededCount > completions) errors.push(invalid(`${path}.succeededCount`, succeededCount, `must be less than or equal to ${completions} (the number of specified completions)`));
  if (succeededIndexes !== undefined && succeededCount > total) errors.push(invalid(`${path}.succeededCount`, succeededCount, `must be less than or equal to ${total} (the number of indexes in the specified succeededIndexes field)`));
  return errors;
}

function successPolicyErrors(policy: SuccessPolicy, spec: JobSpec, path: string): FieldError[] {
  if (spec.completionMode !== 'Indexed') return [invalid(path, goForm(SuccessPolicy, policy), 'requires indexed completion mode')];
  const { rules } = policy;
  return [
    ...(rules.length === 0 ? [required(`${path}.rules`, 'at least one rules must be specified when the successPolicy is specified')] : []), ...(rules.length > 20 ? [tooMany(`${path}.rules`, rules.length, 20)] : []),
    ...rules.flatMap((rule, index) => successRuleErrors(rule, `${path}.rules[${index}]`, spec.completions ?? 0)),
  ];
}

function replacementErrors({ podReplacementPolicy: policy, podFailurePolicy }: JobSpec, path: string): FieldError[] {
  const supported = podFailurePolicy === undefined ? ['Failed', 'TerminatingOrFailed'] : ['Failed'];
  return policy === undefined || supported.includes(policy) ? [] : [notSupported(path, policy, supported)];
}

function restartErrors({ template, podFailurePolicy }: JobSpec, path: string): FieldError[] {
  const policy = template.spec.restartPolicy ?? '';
  if (policy === 'Always' || policy === '') return [required(path, 'valid values: "OnFailure", "Never"')];
  if (policy !== 'OnFailure' && policy !== 'Never') return [notSupported(path, policy, ['OnFailure', 'Never'])];
  return podFailurePolicy !== undefined && policy !== 'Never' ? [invalid(path, policy, 'only "Never" is supported when podFailurePolicy is specified')] : [];
}

/** What holds for the Jobs of CronJobs, too, which have no selector yet. `old` is the spec that there was, on updates. */
export function validateJobSpec(spec: JobSpec, path: string, old?: JobSpec): FieldError[] {
  const { completionMode: mode = 'NonIndexed', backoffLimitPerIndex, maxFailedIndexes, managedBy, podFailurePolicy, successPolicy, template } = spec;
  const errors = (['parallelism', 'completions', 'activeDeadlineSeconds', 'backoffLimit', 'ttlSecondsAfterFinished', 'backoffLimitPerIndex', 'maxFailedIndexes'] as const).flatMap((name) => nonNegative(`${path}.${name}`, spec[name]));
  if (maxFailedIndexes !== undefined && backoffLimitPerIndex === undefined) errors.push(required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'));
  if (managedBy !== undefined) append(errors, domainPathErrors(`${path}.managedBy`, managedBy), (managedBy.length > 63 ? [tooLong(`${path}.managedBy`, 63)] : []));
  if (mode === 'Indexed') append(errors, indexedErrors(spec, path));
  else if (mode === 'NonIndexed') {
    for (const [name, value] of [['backoffLimitPerIndex', backoffLimitPerIndex], ['maxFailedIndexes', maxFailedIndexes]] as const) {
      if (value !== undefined) errors.push(invalid(`${path}.${name}`, value, 'requires indexed completion mode'));
    }
  } else errors.push(notSupported(`${path}.completionMode`, mode, ['NonIndexed', 'Indexed']));
  if (podFailurePolicy !== undefined) append(errors, failurePolicyErrors(podFailurePolicy, spec, `${path}.podFailurePolicy`));
  if (successPolicy !== undefined) append(errors, successPolicyErrors(successPolicy, spec, `${path}.successPolicy`));
  append(errors, replacementErrors(spec, `${path}.podReplacementPolicy`), validatePodTemplate(template, `${path}.template`, old?.template), restartErrors(spec, `${path}.template.spec.restartPolicy`));
  return errors;
}

/** Kubernetes: values that no label can have may stay in a selector. */
const keepsValues = (old: Job | undefined): boolean => old !== undefined && validateLabelSelector(old.spec.selector, '').length > 0;

function selectorErrors({ selector, template }: JobSpec, areValuesChecked: boolean): FieldError[] {
  const errors = selector === undefined ? [required('spec.selector')] : validateLabelSelector(selector, 'spec.selector', { areValuesChecked });
  const isReadable = selector === undefined || validateLabelSelector(selector, '').length === 0;
  return !isReadable || matchesLabels(selectorOf(selector), template.metadata?.labels) ? errors : [...errors, invalid('spec.template.metadata.labels', shownLabels(givenValue(givenValue(template, 'metadata'), 'labels')), '`selector` does not match template `labels`')];
}

/** The labels with and without the prefix; Jobs of old versions have the latter only. */
function generatedErrors({ metadata: { uid = '', name = '' }, spec: { manualSelector, selector, template } }: Job, arePrefixed: boolean): FieldError[] {
  if (manualSelector === true || selector === undefined) return [];
  const expected: Readonly<Record<string, string>> = { 'controller-uid': uid, 'job-name': name, ...(arePrefixed ? { [uidLabel]: uid, [nameLabel]: name } : {}) };
  const labels = template.metadata?.labels ?? {};
  const errors = Object.entries(expected).flatMap(([key, value]) => {
    const path = `spec.template.metadata.labels[${key}]`;
    return labels[key] === undefined ? [required(path, `must be '${value}'`)] : labels[key] === value ? [] : [invalid(path, shownLabels(labels), `must be '${value}'`)];
  });
  const isReadable = validateLabelSelector(selector, '').length === 0;
  return isReadable && !matchesLabels(selectorOf(selector), expected) ? [...errors, invalid('spec.selector', shownSelector(selector), '`selector` not auto-generated')] : errors;
}

const uidLabel = 'batch.kubernetes.io/controller-uid';
const nameLabel = 'batch.kubernetes.io/job-name';

export function validateJob(job: Job, old: Job | undefined): FieldError[] {
  const { metadata: { name = '' }, spec } = job;
  const { completionMode, completions = 0 } = spec;
  const labels = old?.spec.template.metadata?.labels;
  const arePrefixed = old === undefined || (labels?.[uidLabel] !== undefined && labels[nameLabel] !== undefined);
  const specErrors = [...validateJobSpec(spec, 'spec', old?.spec), ...selectorErrors(spec, !keepsValues(old))];
  const hostname = `${name}-${completions - 1}`;
  const isUnnamable = completionMode === 'Indexed' && completions > 0 && dns1123LabelErrors(hostname).length > 0;
  return [
    ...generatedErrors(job, arePrefixed), ...specErrors, ...(isUnnamable ? [invalid('metadata.name', name, `will not able to create pod with invalid DNS label: ${hostname}`)] : []),
    // Kubernetes: the spec is checked with the Job and again with the update; clients see the causes twice.
    ...(old === undefined ? [] : [...specErrors, ...validateJobChange(spec, old)]),
  ];
}
