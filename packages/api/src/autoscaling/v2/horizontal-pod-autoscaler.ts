import { int32, int64, list, message, quantity, ref, string, time } from '@kaji/schema';
import { horizontalPodAutoscalerColumns } from '../../columns/autoscaling.ts';
import { validateHorizontalPodAutoscaler, validateHorizontalPodAutoscalerStatus } from './horizontal-pod-autoscaler-rules.ts';
import { resource } from '../../resource.ts';
import { dropRoundTripAnnotations } from './round-trip-annotations.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** An object, whatever its version. */
export class CrossVersionObjectReference extends message('k8s.io.api.autoscaling.v2.CrossVersionObjectReference', {
  /** Kind of the object. */
  kind: string(1).required(),
  /** Name of the object. */
  name: string(2).required(),
  /** Group and version of the object. */
  apiVersion: string(3),
}) {}

/** What a metric is to be. Exactly one of the values is set, that which type names. */
export class MetricTarget extends message('k8s.io.api.autoscaling.v2.MetricTarget', {
  /** Utilization, Value or AverageValue. */
  type: string(1).required().named('v2.MetricTargetType'),
  /** The value itself. */
  value: quantity(2).explicit(),
  /** The value divided by the number of pods. */
  averageValue: quantity(3).explicit(),
  /** The average over the pods, in percent of what they request. Only for resources. */
  averageUtilization: int32(4).explicit(),
}) {}

/** A metric. */
export class MetricIdentifier extends message('k8s.io.api.autoscaling.v2.MetricIdentifier', {
  /** Name of the metric. */
  name: string(1).required(),
  /** Labels of the series that are meant. Absent: by the name alone. */
  selector: ref(2, LabelSelector),
}) {}

/** A metric of one object. */
export class ObjectMetricSource extends message('k8s.io.api.autoscaling.v2.ObjectMetricSource', {
  /** The object. */
  describedObject: ref(1, CrossVersionObjectReference).required(),
  /** What it is to be. */
  target: ref(2, MetricTarget).required(),
  /** The metric. */
  metric: ref(3, MetricIdentifier).required(),
}) {}

/** A metric of each pod, of which the average is taken. */
export class PodsMetricSource extends message('k8s.io.api.autoscaling.v2.PodsMetricSource', {
  /** The metric. */
  metric: ref(1, MetricIdentifier).required(),
  /** What it is to be. */
  target: ref(2, MetricTarget).required(),
}) {}

/** What pods use of a resource that they request. */
export class ResourceMetricSource extends message('k8s.io.api.autoscaling.v2.ResourceMetricSource', {
  /** Name of the resource. */
  name: string(1).required().named('v1.ResourceName'),
  /** What it is to be. */
  target: ref(2, MetricTarget).required(),
}) {}

/** What one container of each pod uses of a resource that it requests. */
export class ContainerResourceMetricSource extends message('k8s.io.api.autoscaling.v2.ContainerResourceMetricSource', {
  /** Name of the resource. */
  name: string(1).required().named('v1.ResourceName'),
  /** What it is to be. */
  target: ref(2, MetricTarget).required(),
  /** Name of the container. */
  container: string(3).required(),
}) {}

/** A metric from outside the cluster. */
export class ExternalMetricSource extends message('k8s.io.api.autoscaling.v2.ExternalMetricSource', {
  /** The metric. */
  metric: ref(1, MetricIdentifier).required(),
  /** What it is to be. */
  target: ref(2, MetricTarget).required(),
}) {}

/** Something an autoscaler goes by. Exactly that is set which type names. */
export class MetricSpec extends message('k8s.io.api.autoscaling.v2.MetricSpec', {
  /** ContainerResource, External, Object, Pods or Resource. */
  type: string(1).required().named('v2.MetricSourceType'),
  /** A metric of one object. */
  object: ref(2, ObjectMetricSource),
  /** A metric of each pod. */
  pods: ref(3, PodsMetricSource),
  /** What pods use of a resource. */
  resource: ref(4, ResourceMetricSource),
  /** What one container of each pod uses of a resource. */
  containerResource: ref(7, ContainerResourceMetricSource),
  /** A metric from outside the cluster. */
  external: ref(5, ExternalMetricSource),
}) {}

/** By how much the number may change within a time. */
export class HPAScalingPolicy extends message('k8s.io.api.autoscaling.v2.HPAScalingPolicy', {
  /** Pods for a number of pods, Percent for a part of them. */
  type: string(1).required().named('v2.HPAScalingPolicyType'),
  /** By how much, more than 0. */
  value: int32(2).required(),
  /** Within how many seconds, from 1 to 1800. */
  periodSeconds: int32(3).required(),
}) {}

/** How fast the number may change one way. */
export class HPAScalingRules extends message('k8s.io.api.autoscaling.v2.HPAScalingRules', {
  /** Seconds to look back on what was wanted, from 0 to 3600, so that the number does not flap. Defaults to 0 up and 300 down. */
  stabilizationWindowSeconds: int32(3).explicit(),
  /** Which policy counts: Max, Min, or Disabled for none. Defaults to Max. */
  selectPolicy: string(1).explicit().named('v2.ScalingPolicySelect'),
  /** The policies. Absent: the usual ones. */
  policies: list(2, HPAScalingPolicy).explicit().atomic(),
  /** By which part a metric may be off without anything being done. Absent: as the controller has it, mostly a tenth. */
  tolerance: quantity(4).explicit(),
}) {}

/** How fast the number may change. */
export class HorizontalPodAutoscalerBehavior extends message('k8s.io.api.autoscaling.v2.HorizontalPodAutoscalerBehavior', {
  /** Upwards. By default by 4 pods or to the double within 15 seconds, whichever is more. */
  scaleUp: ref(1, HPAScalingRules),
  /** Downwards. By default to minReplicas at once, after looking back 300 seconds. */
  scaleDown: ref(2, HPAScalingRules),
}) {}

/** What is wanted of an autoscaler. */
export class HorizontalPodAutoscalerSpec extends message('k8s.io.api.autoscaling.v2.HorizontalPodAutoscalerSpec', {
  /** What it scales. */
  scaleTargetRef: ref(1, CrossVersionObjectReference).required(),
  /** The fewest pods. 0 only with a metric of an object or from outside. Defaults to 1. */
  minReplicas: int32(2).explicit().default(1),
  /** The most pods. */
  maxReplicas: int32(3).required(),
  /** What it goes by; the one that wants most pods wins. Defaults to 80 percent of the requested CPU. */
  metrics: list(4, MetricSpec).atomic(),
  /** How fast it may go up and down. */
  behavior: ref(5, HorizontalPodAutoscalerBehavior),
}) {}

/** What a metric is. */
export class MetricValueStatus extends message('k8s.io.api.autoscaling.v2.MetricValueStatus', {
  /** The value itself. */
  value: quantity(1).explicit(),
  /** The value divided by the number of pods. */
  averageValue: quantity(2).explicit(),
  /** The average over the pods, in percent of what they request. */
  averageUtilization: int32(3).explicit(),
}) {}

/** What a metric of one object is. */
export class ObjectMetricStatus extends message('k8s.io.api.autoscaling.v2.ObjectMetricStatus', {
  /** The metric. */
  metric: ref(1, MetricIdentifier).required(),
  /** What it is. */
  current: ref(2, MetricValueStatus).required(),
  /** The object. */
  describedObject: ref(3, CrossVersionObjectReference).required(),
}) {}

/** What a metric of the pods is. */
export class PodsMetricStatus extends message('k8s.io.api.autoscaling.v2.PodsMetricStatus', {
  /** The metric. */
  metric: ref(1, MetricIdentifier).required(),
  /** What it is. */
  current: ref(2, MetricValueStatus).required(),
}) {}

/** What pods use of a resource. */
export class ResourceMetricStatus extends message('k8s.io.api.autoscaling.v2.ResourceMetricStatus', {
  /** Name of the resource. */
  name: string(1).required().named('v1.ResourceName'),
  /** How much it is. */
  current: ref(2, MetricValueStatus).required(),
}) {}

/** What one container of each pod uses of a resource. */
export class ContainerResourceMetricStatus extends message('k8s.io.api.autoscaling.v2.ContainerResourceMetricStatus', {
  /** Name of the resource. */
  name: string(1).required().named('v1.ResourceName'),
  /** How much it is. */
  current: ref(2, MetricValueStatus).required(),
  /** Name of the container. */
  container: string(3).required(),
}) {}

/** What a metric from outside is. */
export class ExternalMetricStatus extends message('k8s.io.api.autoscaling.v2.ExternalMetricStatus', {
  /** The metric. */
  metric: ref(1, MetricIdentifier).required(),
  /** What it is. */
  current: ref(2, MetricValueStatus).required(),
}) {}

/** What an autoscaler last saw of a metric. */
export class MetricStatus extends message('k8s.io.api.autoscaling.v2.MetricStatus', {
  /** ContainerResource, External, Object, Pods or Resource. */
  type: string(1).required().named('v2.MetricSourceType'),
  /** A metric of one object. */
  object: ref(2, ObjectMetricStatus),
  /** A metric of each pod. */
  pods: ref(3, PodsMetricStatus),
  /** What pods use of a resource. */
  resource: ref(4, ResourceMetricStatus),
  /** What one container of each pod uses of a resource. */
  containerResource: ref(7, ContainerResourceMetricStatus),
  /** A metric from outside the cluster. */
  external: ref(5, ExternalMetricStatus),
}) {}

/** Something that holds of an autoscaler. */
export class HorizontalPodAutoscalerCondition extends message('k8s.io.api.autoscaling.v2.HorizontalPodAutoscalerCondition', {
  /** What is said: AbleToScale, ScalingActive or ScalingLimited. */
  type: string(1).required().named('v2.HorizontalPodAutoscalerConditionType'),
  /** True, False or Unknown. */
  status: string(2).required().named('v1.ConditionStatus'),
  /** When the status last changed. */
  lastTransitionTime: time(3).always(),
  /** Why, as one word that programs can read. */
  reason: string(4),
  /** Why, for people. */
  message: string(5),
}) {}

/** What an autoscaler sees and does. */
export class HorizontalPodAutoscalerStatus extends message('k8s.io.api.autoscaling.v2.HorizontalPodAutoscalerStatus', {
  /** The generation that the controller has acted on. */
  observedGeneration: int64(1).explicit(),
  /** When it last changed the number. */
  lastScaleTime: time(2).explicit(),
  /** How many pods there are, as it last saw. */
  currentReplicas: int32(3),
  /** How many it wants. */
  desiredReplicas: int32(4).required(),
  /** What it last saw of its metrics. */
  currentMetrics: list(5, MetricStatus).always().atomic(),
  /** What holds of it now. */
  conditions: list(6, HorizontalPodAutoscalerCondition).mapBy('type').mergeBy('type'),
}) {}

/** Keeps the number of pods in step with what they have to do. */
export class HorizontalPodAutoscaler extends message('k8s.io.api.autoscaling.v2.HorizontalPodAutoscaler', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What is wanted of it. */
  spec: ref(2, HorizontalPodAutoscalerSpec).required(),
  /** What it sees and does. */
  status: ref(3, HorizontalPodAutoscalerStatus).always(),
}) {}

export const horizontalpodautoscalers = resource({
  group: 'autoscaling', version: 'v2', plural: 'horizontalpodautoscalers', singular: 'horizontalpodautoscaler', kind: 'HorizontalPodAutoscaler', isNamespaced: true, type: HorizontalPodAutoscaler,
  validate: validateHorizontalPodAutoscaler,
  validateStatus: validateHorizontalPodAutoscalerStatus,
  columns: horizontalPodAutoscalerColumns,
  defaults({ metadata, spec }) {
    dropRoundTripAnnotations(metadata);
    if ((spec.metrics ?? []).length === 0) spec.metrics = [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }];
    const { behavior } = spec;
    if (behavior === undefined) return;
    behavior.scaleUp = { stabilizationWindowSeconds: 0, selectPolicy: 'Max', policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }, { type: 'Percent', value: 100, periodSeconds: 15 }], ...behavior.scaleUp };
    behavior.scaleDown = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }], ...behavior.scaleDown };
  },
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['change'] } },
  shortNames: ['hpa'],
  categories: ['all'],
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
