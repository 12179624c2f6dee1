/** Rules of autoscalers. */
import { append } from '@kaji/base';
import { compareQuantities, dns1123LabelErrors, pathSegmentErrors } from '@kaji/schema';
import { containerNameErrors } from '../../core/v1/resource-rules.ts';
import { forbidden, invalid, invalidAll, nonNegative, notSupported, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import type { ContainerResourceMetricSource, CrossVersionObjectReference, HorizontalPodAutoscaler, HPAScalingRules, MetricIdentifier, MetricSpec, MetricTarget, ResourceMetricSource } from './horizontal-pod-autoscaler.ts';

const longestWindowSeconds = 3600;
const longestPeriodSeconds = 1800;
const metricTypes = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource'];
const selectPolicies = ['Disabled', 'Max', 'Min'];
const policyTypes = ['Percent', 'Pods'];

const isPositive = (amount: string): boolean => compareQuantities(amount, '0') > 0;
const segmentErrors = (path: string, name: string): FieldError[] => (name === '' ? [required(path)] : invalidAll(path, name, pathSegmentErrors(name)));

export function validateHorizontalPodAutoscaler({ spec }: HorizontalPodAutoscaler, old: HorizontalPodAutoscaler | undefined): FieldError[] {
  const { minReplicas, maxReplicas, metrics = [], behavior, scaleTargetRef } = spec;
  const errors: FieldError[] = [];
  // Kubernetes: what is there already may stay.
  const least = old?.spec.minReplicas === 0 ? 0 : 1;
  if (minReplicas !== undefined && minReplicas < least) errors.push(invalid('spec.minReplicas', minReplicas, `must be greater than or equal to ${least}`));
  if (maxReplicas === 0) errors.push(required('spec.maxReplicas', 'must be set and greater than 0'));
  else if (maxReplicas < 0) errors.push(invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to 1'));
  if (minReplicas !== undefined && maxReplicas < minReplicas) errors.push(invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`'));
  const isSameTarget = old?.spec.scaleTargetRef.kind === scaleTargetRef.kind && (old.spec.scaleTargetRef.apiVersion ?? '') === (scaleTargetRef.apiVersion ?? '');
  const hadWrongMetrics = (old?.spec.metrics ?? []).some(({ type, object }) => type === 'Object' && object !== undefined && versionError(object.describedObject, true) !== undefined);
  append(errors, referenceErrors(scaleTargetRef, 'spec.scaleTargetRef', isSameTarget));
  append(errors, metrics.flatMap((metric, index) => metricErrors(metric, `spec.metrics[${index}]`, hadWrongMetrics)));
  if (minReplicas === 0 && !metrics.some(({ type }) => type === 'Object' || type === 'External')) errors.push(forbidden('spec.metrics', 'must specify at least one Object or External metric to support scaling to zero replicas'));
  return [...errors, ...scalingErrors(behavior?.scaleUp, 'spec.behavior.scaleUp'), ...scalingErrors(behavior?.scaleDown, 'spec.behavior.scaleDown')];
}

export function validateHorizontalPodAutoscalerStatus({ status }: HorizontalPodAutoscaler): FieldError[] {
  return [...nonNegative('status.currentReplicas', status?.currentReplicas), ...nonNegative('status.desiredReplicas', status?.desiredReplicas)];
}

function versionError({ apiVersion = '', kind }: CrossVersionObjectReference, isMetric: boolean): string | undefined {
  const parts = apiVersion.split('/');
  if (parts.length > 2) return `unexpected GroupVersion string: ${apiVersion}`;
  const isCore = parts.length < 2 || parts[0] === '';
  return isCore && !isMetric && kind !== 'ReplicationController' ? 'apiVersion must specify API group' : undefined;
}

/** Objects that metrics describe may be of the core group. */
function referenceErrors(reference: CrossVersionObjectReference, path: string, isAnyVersion: boolean, isMetric = false): FieldError[] {
  const error = isAnyVersion ? undefined : versionError(reference, isMetric);
  return [...segmentErrors(`${path}.kind`, reference.kind), ...segmentErrors(`${path}.name`, reference.name), ...(error === undefined ? [] : [invalid(`${path}.apiVersion`, reference.apiVersion ?? '', error)])];
}

const sources = { Object: 'object', External: 'external', Pods: 'pods', Resource: 'resource', ContainerResource: 'containerResource' } as const;

function metricErrors(metric: MetricSpec, path: string, isAnyVersion: boolean): FieldError[] {
  const { type } = metric;
  const errors: FieldError[] = type === '' ? [required(`${path}.type`, 'must specify a metric source type')] : [];
  const isKnown = metricTypes.includes(type);
  if (!isKnown) errors.push(notSupported(`${path}.type`, type, metricTypes));
  const present = Object.values(sources).filter((name) => metric[name] !== undefined);
  const [first] = present;
  // Kubernetes: of several sources only the first is looked into.
  if (first !== undefined) append(errors, sourceErrors(metric, first, `${path}.${first}`, isAnyVersion));
  if (!isKnown) errors.push(notSupported(`${path}.type`, type, metricTypes));
  const expected = isKnown ? sources[type as keyof typeof sources] : undefined; // known
  if (expected !== undefined && metric[expected] === undefined) errors.push(required(`${path}.${expected}`, 'must populate information for the given metric source'));
  if (present.length > 1) append(errors, present.filter((name) => name !== expected).map((name) => forbidden(`${path}.${name}`, 'must populate the given metric source only')));
  return errors;
}

function sourceErrors({ object, external, pods, resource, containerResource }: MetricSpec, name: string, path: string, isAnyVersion: boolean): FieldError[] {
  const hasNone = ({ value, averageValue }: MetricTarget): boolean => value === undefined && averageValue === undefined;
  if (name === 'object' && object !== undefined) {
    const { describedObject, metric, target } = object;
    return [
      ...referenceErrors(describedObject, `${path}.describedObject`, isAnyVersion, true), ...identifierErrors(metric, `${path}.metric`), ...targetErrors(target, `${path}.target`),
      ...(hasNone(target) ? [required(`${path}.target.averageValue`, 'must set either a target value or averageValue')] : []),
    ];
  }
  if (name === 'external' && external !== undefined) {
    const { metric, target } = external;
    return [
      ...identifierErrors(metric, `${path}.metric`), ...targetErrors(target, `${path}.target`), ...(hasNone(target) ? [required(`${path}.target.averageValue`, 'must set either a target value for metric or a per-pod target')] : []),
      ...(target.value !== undefined && target.averageValue !== undefined ? [forbidden(`${path}.target.value`, 'may not set both a target value for metric and a per-pod target')] : []),
    ];
  }
  if (name === 'pods' && pods !== undefined) {
    const { metric, target } = pods;
    return [...identifierErrors(metric, `${path}.metric`), ...targetErrors(target, `${path}.target`), ...(target.averageValue === undefined ? [required(`${path}.target.averageValue`, 'must specify a positive target averageValue')] : [])];
  }
  if (name === 'resource' && resource !== undefined) return usageErrors(resource, path, []);
  return containerResource === undefined ? [] : usageErrors(containerResource, path, containerErrors(containerResource, path));
}

const containerErrors = ({ name, container }: ContainerResourceMetricSource, path: string): FieldError[] => [
  ...(name === '' ? [] : containerNameErrors(name, `${path}.name`)),
  ...(container === '' ? [required(`${path}.container`, 'must specify a container')] : invalidAll(`${path}.container`, container, dns1123LabelErrors(container))),
];

function usageErrors({ name, target }: ResourceMetricSource, path: string, own: readonly FieldError[]): FieldError[] {
  const { averageUtilization, averageValue } = target;
  return [
    ...(name === '' ? [required(`${path}.name`, 'must specify a resource name')] : []), ...own, ...targetErrors(target, `${path}.target`),
    ...(averageUtilization === undefined && averageValue === undefined ? [required(`${path}.target.averageUtilization`, 'must set either a target raw value or a target utilization')] : []),
    ...(averageUtilization !== undefined && averageValue !== undefined ? [forbidden(`${path}.target.averageValue`, 'may not set both a target raw value and a target utilization')] : []),
  ];
}

function targetErrors({ type, value, averageValue, averageUtilization }: MetricTarget, path: string): FieldError[] {
  return [
    ...(type === '' ? [required(`${path}.type`, 'must specify a metric target type')] : []),
    ...(['Utilization', 'Value', 'AverageValue'].includes(type) ? [] : [invalid(`${path}.type`, type, 'must be either Utilization, Value, or AverageValue')]),
    ...(value === undefined || isPositive(value) ? [] : [invalid(`${path}.value`, value, 'must be positive')]), ...(averageValue === undefined || isPositive(averageValue) ? [] : [invalid(`${path}.averageValue`, averageValue, 'must be positive')]),
    ...(averageUtilization === undefined || averageUtilization >= 1 ? [] : [invalid(`${path}.averageUtilization`, averageUtilization, 'must be greater than 0')]),
  ];
}

const identifierErrors = ({ name }: MetricIdentifier, path: string): FieldError[] => (name === '' ? [required(`${path}.name`, 'must specify a metric name')] : segmentErrors(`${path}.name`, name));

function scalingErrors(rules: HPAScalingRules | undefined, path: string): FieldError[] {
  if (rules === undefined) return [];
  const { stabilizationWindowSeconds: window = 0, selectPolicy, policies = [], tolerance } = rules;
  const errors: FieldError[] = [];
  if (window < 0) errors.push(invalid(`${path}.stabilizationWindowSeconds`, window, 'must be greater than or equal to zero'));
  if (window > longestWindowSeconds) errors.push(invalid(`${path}.stabilizationWindowSeconds`, window, `must be less than or equal to ${longestWindowSeconds}`));
  if (selectPolicy !== undefined && !selectPolicies.includes(selectPolicy)) errors.push(notSupported(`${path}.selectPolicy`, selectPolicy, selectPolicies));
  if (policies.length === 0) errors.push(required(`${path}.policies`, 'must specify at least one Policy'));
  policies.forEach(({ type, value, periodSeconds }, index) => {
    const at = `${path}.policies[${index}]`;
    if (!policyTypes.includes(type)) errors.push(notSupported(`${at}.type`, type, policyTypes));
    if (value <= 0) errors.push(invalid(`${at}.value`, value, 'must be greater than zero'));
    if (periodSeconds <= 0) errors.push(invalid(`${at}.periodSeconds`, periodSeconds, 'must be greater than zero'));
    if (periodSeconds > longestPeriodSeconds) errors.push(invalid(`${at}.periodSeconds`, periodSeconds, `must be less than or equal to ${longestPeriodSeconds}`));
  });
  if (tolerance !== undefined && compareQuantities(tolerance, '0') < 0) errors.push(invalid(`${path}.tolerance`, tolerance, 'must be greater than or equal to 0'));
  return errors;
}
