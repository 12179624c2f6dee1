/** The first version of autoscalers, as a view of the second: one processor target in place of a list of metrics. */
import type { ApiObject } from '@kaji/api';
import type { HorizontalPodAutoscaler as Old } from '@kaji/api/autoscaling/v1';
import type { HorizontalPodAutoscaler as New } from '@kaji/api/autoscaling/v2';
import type { Conversion } from '../served.ts';

type NewMetric = NonNullable<New['spec']['metrics']>[number];

const isProcessor = ({ type, resource }: NewMetric): boolean => type === 'Resource' && resource?.name === 'cpu' && resource.target.averageUtilization !== undefined;

const defaultUtilization = 80;
const processorAt = (averageUtilization: number): NewMetric => ({ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } });

/** Kubernetes: what the first version has no field for travels in this annotation, so that nothing is lost. */
const metricsAnnotation = 'autoscaling.alpha.kubernetes.io/metrics';
const behaviorAnnotation = 'autoscaling.alpha.kubernetes.io/behavior';

export const autoscalerConversion: Conversion = {
  fromStored(object) {
    const { spec, status, ...rest } = object as New & ApiObject; // the cache holds the second version
    const { metrics = [], behavior, ...target } = spec;
    const processor = metrics.find(isProcessor);
    const others = metrics.filter((metric) => metric !== processor);
    const utilization = processor?.resource?.target.averageUtilization;
    const { currentMetrics = [], conditions: _, ...counts } = status ?? {};
    const current = currentMetrics.find(({ resource }) => resource?.name === 'cpu')?.resource?.current.averageUtilization;
    const annotations = {
      ...rest.metadata.annotations,
      ...(others.length === 0 ? {} : { [metricsAnnotation]: JSON.stringify(others) }),
      ...(behavior === undefined ? {} : { [behaviorAnnotation]: JSON.stringify(behavior) }),
    };
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
    const { [metricsAnnotation]: others, [behaviorAnnotation]: behavior, ...annotations } = rest.metadata.annotations ?? {};
    const stated = [...parsed<NewMetric[]>(others, []), ...(utilization === undefined ? [] : [processorAt(utilization)])];
    // Kubernetes: this default is a matter of the conversion, which alone sees all metrics; server-side apply shows the difference.
    const metrics = stated.length === 0 ? [processorAt(defaultUtilization)] : stated;
    const { annotations: _, ...metadata } = rest.metadata;
    const parsedBehavior = parsed<New['spec']['behavior']>(behavior, undefined);
    return {
      ...rest,
      metadata: Object.keys(annotations).length === 0 ? metadata : { ...metadata, annotations },
      spec: { ...target, metrics, ...(parsedBehavior === undefined ? {} : { behavior: parsedBehavior }) },
      status: { ...counts, ...(current === undefined ? {} : { currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: current } } }] }) },
    } as New & ApiObject;
  },
};

/** Kubernetes: an annotation that is not what it should be is as good as none. */
function parsed<T>(text: string | undefined, otherwise: T): T {
  if (text === undefined) return otherwise;
  try {
    return JSON.parse(text) as T; // written by us; clients may have changed it, and get what they wrote
  } catch (error) {
    if (error instanceof SyntaxError) return otherwise;
    throw error;
  }
}
