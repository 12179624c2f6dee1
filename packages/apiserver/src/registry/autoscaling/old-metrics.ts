/** Metrics of autoscalers as their first version has them, in annotations: flat, and with a number where none was set. */
import type { HorizontalPodAutoscaler } from '@kaji/api/autoscaling/v2';

type Spec = NonNullable<HorizontalPodAutoscaler['spec']['metrics']>[number];
type Status = NonNullable<NonNullable<HorizontalPodAutoscaler['status']>['currentMetrics']>[number];
type Reference = HorizontalPodAutoscaler['spec']['scaleTargetRef'];
type Selector = NonNullable<Spec['pods']>['metric']['selector'];

interface OldObject {
  readonly target: Reference;
  readonly metricName: string;
  readonly selector?: Selector;
  readonly averageValue?: string | undefined;
}

interface OldUsage {
  readonly name: string;
  readonly container?: string | undefined;
}

/** In the order of Go's fields: the text of an annotation is made of it. */
export interface OldSpec {
  readonly type: string;
  readonly object?: OldObject & { readonly targetValue?: string } | undefined;
  readonly pods?: { readonly metricName: string; readonly targetAverageValue?: string; readonly selector?: Selector } | undefined;
  readonly resource?: OldUsage & { readonly targetAverageUtilization?: number | undefined; readonly targetAverageValue?: string | undefined } | undefined;
  readonly containerResource?: OldSpec['resource'];
  readonly external?: { readonly metricName: string; readonly metricSelector?: Selector; readonly targetValue?: string | undefined; readonly targetAverageValue?: string | undefined } | undefined;
}

export interface OldStatus {
  readonly type: string;
  readonly object?: OldObject & { readonly currentValue?: string } | undefined;
  readonly pods?: { readonly metricName: string; readonly currentAverageValue?: string; readonly selector?: Selector } | undefined;
  readonly resource?: OldUsage & { readonly currentAverageUtilization?: number | undefined; readonly currentAverageValue?: string } | undefined;
  readonly containerResource?: OldStatus['resource'];
  readonly external?: { readonly metricName: string; readonly metricSelector?: Selector; readonly currentValue?: string; readonly currentAverageValue?: string | undefined } | undefined;
}

const mapped = <T, U>(value: T | undefined, map: (value: T) => U): U | undefined => (value === undefined ? undefined : map(value));
const referenceOf = ({ kind, name, apiVersion }: Reference): Reference => ({ kind, name, apiVersion });

/** Go prints fields in their order, labels by name. */
const selectorOf = ({ matchLabels, matchExpressions }: NonNullable<Selector>): NonNullable<Selector> => ({
  matchLabels: mapped(matchLabels, (labels) => Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))),
  matchExpressions: matchExpressions?.map(({ key, operator, values }) => ({ key, operator, values })),
});

export function oldSpec({ type, object, pods, resource, containerResource, external }: Spec): OldSpec {
  return {
    type,
    object: mapped(object, ({ describedObject, metric, target }) => ({
      target: referenceOf(describedObject), metricName: metric.name, targetValue: target.value ?? '0', selector: mapped(metric.selector, selectorOf), averageValue: target.averageValue,
    })),
    pods: mapped(pods, ({ metric, target }) => ({ metricName: metric.name, targetAverageValue: target.averageValue ?? '0', selector: mapped(metric.selector, selectorOf) })),
    resource: mapped(resource, ({ name, target }) => ({ name, targetAverageUtilization: target.averageUtilization, targetAverageValue: target.averageValue })),
    containerResource: mapped(containerResource, ({ name, target, container }) => ({ name, targetAverageUtilization: target.averageUtilization, targetAverageValue: target.averageValue, container })),
    external: mapped(external, ({ metric, target }) => ({ metricName: metric.name, metricSelector: mapped(metric.selector, selectorOf), targetValue: target.value, targetAverageValue: target.averageValue })),
  };
}

/** The type of a target follows from what is set. */
export function newSpec({ type, object, pods, resource, containerResource, external }: OldSpec): Spec {
  const usage = <T extends NonNullable<OldSpec['resource']>>({ targetAverageUtilization: averageUtilization, targetAverageValue: averageValue }: T): NonNullable<Spec['resource']>['target'] =>
    ({ type: averageUtilization === undefined ? 'AverageValue' : 'Utilization', averageValue, averageUtilization });
  return {
    type,
    object: mapped(object, ({ target, metricName: name, targetValue = '0', selector, averageValue }) => ({
      // Kubernetes: the first version cannot leave the value out; a zero beside an average is none.
      describedObject: target, metric: { name, selector }, target: averageValue === undefined ? { type: 'Value', value: targetValue } : { type: 'AverageValue', value: targetValue === '0' ? undefined : targetValue, averageValue },
    })),
    pods: mapped(pods, ({ metricName: name, targetAverageValue: averageValue = '0', selector }) => ({ metric: { name, selector }, target: { type: 'AverageValue', averageValue } })),
    resource: mapped(resource, (source) => ({ name: source.name, target: usage(source) })),
    containerResource: mapped(containerResource, (source) => ({ name: source.name, container: source.container ?? '', target: usage(source) })),
    external: mapped(external, ({ metricName: name, metricSelector: selector, targetValue: value, targetAverageValue: averageValue }) => ({ metric: { name, selector }, target: { type: value === undefined ? 'AverageValue' : 'Value', value, averageValue } })),
  };
}

export function oldStatus({ type, object, pods, resource, containerResource, external }: Status): OldStatus {
  return {
    type,
    object: mapped(object, ({ describedObject, metric, current }) => ({
      target: referenceOf(describedObject), metricName: metric.name, currentValue: current.value ?? '0', selector: mapped(metric.selector, selectorOf), averageValue: current.averageValue,
    })),
    pods: mapped(pods, ({ metric, current }) => ({ metricName: metric.name, currentAverageValue: current.averageValue ?? '0', selector: mapped(metric.selector, selectorOf) })),
    resource: mapped(resource, ({ name, current }) => ({ name, currentAverageUtilization: current.averageUtilization, currentAverageValue: current.averageValue ?? '0' })),
    containerResource: mapped(containerResource, ({ name, current, container }) => ({ name, currentAverageUtilization: current.averageUtilization, currentAverageValue: current.averageValue ?? '0', container })),
    external: mapped(external, ({ metric, current }) => ({ metricName: metric.name, metricSelector: mapped(metric.selector, selectorOf), currentValue: current.value ?? '0', currentAverageValue: current.averageValue })),
  };
}

export function newStatus({ type, object, pods, resource, containerResource, external }: OldStatus): Status {
  const usage = <T extends NonNullable<OldStatus['resource']>>({ currentAverageUtilization: averageUtilization, currentAverageValue: averageValue = '0' }: T): NonNullable<Status['resource']>['current'] => ({ averageValue, averageUtilization });
  return {
    type,
    object: mapped(object, ({ target, metricName: name, currentValue: value = '0', selector, averageValue }) => ({ describedObject: target, metric: { name, selector }, current: { value, averageValue } })),
    pods: mapped(pods, ({ metricName: name, currentAverageValue: averageValue = '0', selector }) => ({ metric: { name, selector }, current: { averageValue } })),
    resource: mapped(resource, (source) => ({ name: source.name, current: usage(source) })),
    containerResource: mapped(containerResource, (source) => ({ name: source.name, container: source.container ?? '', current: usage(source) })),
    external: mapped(external, ({ metricName: name, metricSelector: selector, currentValue: value = '0', currentAverageValue: averageValue }) => ({ metric: { name, selector }, current: { value, averageValue } })),
  };
}
