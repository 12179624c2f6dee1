/** The first version of autoscalers, as a view of the second: one processor target in place of a list of metrics. */
import type { ApiObject } from '@kaji/api';
import type { HorizontalPodAutoscaler as Old } from '@kaji/api/autoscaling/v1';
import { dropRoundTripAnnotations, HorizontalPodAutoscalerBehavior, HorizontalPodAutoscalerCondition, MetricSpec, MetricStatus, type HorizontalPodAutoscaler as New, horizontalpodautoscalers, roundTripAnnotations } from '@kaji/api/autoscaling/v2';
import { DecodeError, fromJson, goForm, type MessageType } from '@kaji/schema';
import type { Conversion } from '../served.ts';
import type { Strategy } from '../strategy.ts';
import { newSpec, newStatus, oldSpec, oldStatus } from './old-metrics.ts';

const isProcessor = ({ type, resource }: MetricSpec): boolean => type === 'Resource' && resource?.name === 'cpu' && resource.target.averageUtilization !== undefined;

const defaultUtilization = 80;
const processorAt = (averageUtilization: number): MetricSpec => ({ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } });

const { metrics: metricsAnnotation, currentMetrics: currentAnnotation, behavior: behaviorAnnotation, conditions: conditionsAnnotation } = roundTripAnnotations;

/** Kubernetes: what the first version has no field for travels in annotations, so that nothing is lost. */
function annotationsOf({ spec, status }: New): Record<string, string> {
  const others = (spec.metrics ?? []).filter((metric) => !isProcessor(metric));
  const { currentMetrics = [], conditions = [] } = status ?? {};
  return {
    ...(others.length === 0 ? {} : { [metricsAnnotation]: JSON.stringify(others.map(oldSpec)) }),
    ...(currentMetrics.length === 0 ? {} : { [currentAnnotation]: JSON.stringify(currentMetrics.map(oldStatus)) }),
    // Kubernetes: by the names of Go's fields.
    ...(spec.behavior === undefined ? {} : { [behaviorAnnotation]: JSON.stringify(goForm(HorizontalPodAutoscalerBehavior, spec.behavior)) }),
    ...(conditions.length === 0 ? {} : { [conditionsAnnotation]: JSON.stringify(conditions.map(({ type, status: state, lastTransitionTime = null, reason, message }) => ({ type, status: state, lastTransitionTime, reason, message }))) }),
  };
}

export const autoscalerConversion: Conversion = {
  fromStored(object) {
    const stored = object as New & ApiObject; // the cache holds the second version
    const { spec, status, ...rest } = stored;
    const { metrics = [], behavior: _, ...target } = spec;
    const utilization = metrics.find(isProcessor)?.resource?.target.averageUtilization;
    const { currentMetrics = [], conditions: __, ...counts } = status ?? {};
    const current = currentMetrics.findLast(({ type, resource }) => type === 'Resource' && resource?.name === 'cpu' && resource.current.averageUtilization !== undefined)?.resource?.current.averageUtilization;
    const annotations = { ...rest.metadata.annotations, ...annotationsOf(stored) };
    return {
      ...rest,
      metadata: Object.keys(annotations).length === 0 ? rest.metadata : { ...rest.metadata, annotations },
      spec: { ...target, ...(utilization === undefined ? {} : { targetCPUUtilizationPercentage: utilization }) },
      status: { ...counts, ...(current === undefined ? {} : { currentCPUUtilizationPercentage: current }) },
    } as Old & ApiObject;
  },
  toStored(object) {
    const { spec, status, ...rest } = object as Old & ApiObject; // decoded as such
    const { targetCPUUtilizationPercentage: utilization, ...target } = spec;
    const { currentCPUUtilizationPercentage: current, ...counts } = status ?? {};
    const annotations = rest.metadata.annotations ?? {};
    const others = parsedList(annotations[metricsAnnotation], MetricSpec, newSpec) ?? [];
    const stated = [...others, ...(utilization === undefined ? [] : [processorAt(utilization)])];
    // Kubernetes: this default is a matter of the conversion, which alone sees all metrics; server-side apply shows the difference.
    const metrics = stated.length === 0 ? [processorAt(defaultUtilization)] : stated;
    const behavior = parsedBehavior(annotations[behaviorAnnotation]);
    const known = current === undefined ? undefined : [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: current } } }];
    const currentMetrics = parsedList(annotations[currentAnnotation], MetricStatus, newStatus) ?? known;
    const conditions = parsedList(annotations[conditionsAnnotation], HorizontalPodAutoscalerCondition, (condition: HorizontalPodAutoscalerCondition) => condition);
    const converted = {
      ...rest, metadata: { ...rest.metadata },
      spec: { ...target, metrics, ...(behavior === undefined ? {} : { behavior }) },
      status: { ...counts, ...(currentMetrics === undefined ? {} : { currentMetrics }), ...(conditions === undefined ? {} : { conditions }) },
    } as New & ApiObject;
    dropRoundTripAnnotations(converted.metadata);
    return converted;
  },
};

/** Kubernetes: what is stored is read with its defaults: those of rules of scaling that came by an annotation. */
export const autoscalerStrategy: Strategy<New & ApiObject> = { canonicalize: (object) => horizontalpodautoscalers.defaults?.(object) };

/** Kubernetes: an annotation that is not what it should be is as good as none. */
function parsed<T>(text: string | undefined, read: (value: unknown) => T): T | undefined {
  if (text === undefined) return undefined;
  try {
    return read(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof DecodeError || error instanceof TypeError) return undefined; // no JSON, or of another shape
    throw error;
  }
}

/** Each is checked in its new form. */
const parsedList = <T, U>(text: string | undefined, type: MessageType<U>, convert: (value: T) => U): U[] | undefined =>
  parsed(text, (value) => (value as T[]).map((item) => fromJson(type, JSON.parse(JSON.stringify(convert(item)))).object)); // of whatever shape: the decoder tells

function parsedBehavior(text: string | undefined): HorizontalPodAutoscalerBehavior | undefined {
  const behavior = parsed(text, (value) => fromJson(HorizontalPodAutoscalerBehavior, withSmallNames(value)).object);
  return behavior?.scaleUp === undefined && behavior?.scaleDown === undefined ? undefined : behavior;
}

/** Go takes names of fields whatever the case of their letters. */
function withSmallNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSmallNames);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name.charAt(0).toLowerCase() + name.slice(1), withSmallNames(item)]));
}
