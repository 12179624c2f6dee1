import { int32, int64, list, message, quantity, ref, string, time } from '@kaji/schema';
import { horizontalPodAutoscalerColumns } from '../../columns/autoscaling.ts';
import { validateHorizontalPodAutoscaler, validateHorizontalPodAutoscalerStatus } from './horizontal-pod-autoscaler-rules.ts';
import { resource } from '../../resource.ts';
import { LabelSelector } from '../../meta/v1/label-selector.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class CrossVersionObjectReference extends message('k8s.io.api.autoscaling.v2.CrossVersionObjectReference', {
  kind: string(1).required(),
  name: string(2).required(),
  apiVersion: string(3),
}) {}

export class MetricTarget extends message('k8s.io.api.autoscaling.v2.MetricTarget', {
  type: string(1).required(),
  value: quantity(2).explicit(),
  averageValue: quantity(3).explicit(),
  averageUtilization: int32(4).explicit(),
}) {}

export class MetricIdentifier extends message('k8s.io.api.autoscaling.v2.MetricIdentifier', {
  name: string(1).required(),
  selector: ref(2, LabelSelector),
}) {}

export class ObjectMetricSource extends message('k8s.io.api.autoscaling.v2.ObjectMetricSource', {
  describedObject: ref(1, CrossVersionObjectReference).required(),
  target: ref(2, MetricTarget).required(),
  metric: ref(3, MetricIdentifier).required(),
}) {}

export class PodsMetricSource extends message('k8s.io.api.autoscaling.v2.PodsMetricSource', {
  metric: ref(1, MetricIdentifier).required(),
  target: ref(2, MetricTarget).required(),
}) {}

export class ResourceMetricSource extends message('k8s.io.api.autoscaling.v2.ResourceMetricSource', {
  name: string(1).required(),
  target: ref(2, MetricTarget).required(),
}) {}

export class ContainerResourceMetricSource extends message('k8s.io.api.autoscaling.v2.ContainerResourceMetricSource', {
  name: string(1).required(),
  target: ref(2, MetricTarget).required(),
  container: string(3).required(),
}) {}

export class ExternalMetricSource extends message('k8s.io.api.autoscaling.v2.ExternalMetricSource', {
  metric: ref(1, MetricIdentifier).required(),
  target: ref(2, MetricTarget).required(),
}) {}

export class MetricSpec extends message('k8s.io.api.autoscaling.v2.MetricSpec', {
  type: string(1).required(),
  object: ref(2, ObjectMetricSource),
  pods: ref(3, PodsMetricSource),
  resource: ref(4, ResourceMetricSource),
  containerResource: ref(7, ContainerResourceMetricSource),
  external: ref(5, ExternalMetricSource),
}) {}

export class HPAScalingPolicy extends message('k8s.io.api.autoscaling.v2.HPAScalingPolicy', {
  type: string(1).required(),
  value: int32(2).required(),
  periodSeconds: int32(3).required(),
}) {}

export class HPAScalingRules extends message('k8s.io.api.autoscaling.v2.HPAScalingRules', {
  stabilizationWindowSeconds: int32(3).explicit(),
  selectPolicy: string(1).explicit(),
  policies: list(2, HPAScalingPolicy).atomic(),
  tolerance: quantity(4).explicit(),
}) {}

export class HorizontalPodAutoscalerBehavior extends message('k8s.io.api.autoscaling.v2.HorizontalPodAutoscalerBehavior', {
  scaleUp: ref(1, HPAScalingRules),
  scaleDown: ref(2, HPAScalingRules),
}) {}

export class HorizontalPodAutoscalerSpec extends message('k8s.io.api.autoscaling.v2.HorizontalPodAutoscalerSpec', {
  scaleTargetRef: ref(1, CrossVersionObjectReference).required(),
  minReplicas: int32(2).explicit().default(1),
  maxReplicas: int32(3).required(),
  metrics: list(4, MetricSpec).atomic(),
  behavior: ref(5, HorizontalPodAutoscalerBehavior),
}) {}

export class MetricValueStatus extends message('k8s.io.api.autoscaling.v2.MetricValueStatus', {
  value: quantity(1).explicit(),
  averageValue: quantity(2).explicit(),
  averageUtilization: int32(3).explicit(),
}) {}

export class ObjectMetricStatus extends message('k8s.io.api.autoscaling.v2.ObjectMetricStatus', {
  metric: ref(1, MetricIdentifier).required(),
  current: ref(2, MetricValueStatus).required(),
  describedObject: ref(3, CrossVersionObjectReference).required(),
}) {}

export class PodsMetricStatus extends message('k8s.io.api.autoscaling.v2.PodsMetricStatus', {
  metric: ref(1, MetricIdentifier).required(),
  current: ref(2, MetricValueStatus).required(),
}) {}

export class ResourceMetricStatus extends message('k8s.io.api.autoscaling.v2.ResourceMetricStatus', {
  name: string(1).required(),
  current: ref(2, MetricValueStatus).required(),
}) {}

export class ContainerResourceMetricStatus extends message('k8s.io.api.autoscaling.v2.ContainerResourceMetricStatus', {
  name: string(1).required(),
  current: ref(2, MetricValueStatus).required(),
  container: string(3).required(),
}) {}

export class ExternalMetricStatus extends message('k8s.io.api.autoscaling.v2.ExternalMetricStatus', {
  metric: ref(1, MetricIdentifier).required(),
  current: ref(2, MetricValueStatus).required(),
}) {}

export class MetricStatus extends message('k8s.io.api.autoscaling.v2.MetricStatus', {
  type: string(1).required(),
  object: ref(2, ObjectMetricStatus),
  pods: ref(3, PodsMetricStatus),
  resource: ref(4, ResourceMetricStatus),
  containerResource: ref(7, ContainerResourceMetricStatus),
  external: ref(5, ExternalMetricStatus),
}) {}

export class HorizontalPodAutoscalerCondition extends message('k8s.io.api.autoscaling.v2.HorizontalPodAutoscalerCondition', {
  type: string(1).required(),
  status: string(2).required(),
  lastTransitionTime: time(3).always(),
  reason: string(4),
  message: string(5),
}) {}

export class HorizontalPodAutoscalerStatus extends message('k8s.io.api.autoscaling.v2.HorizontalPodAutoscalerStatus', {
  observedGeneration: int64(1).explicit(),
  lastScaleTime: time(2).explicit(),
  currentReplicas: int32(3),
  desiredReplicas: int32(4).required(),
  currentMetrics: list(5, MetricStatus).always().atomic(),
  conditions: list(6, HorizontalPodAutoscalerCondition).mapBy('type').mergeBy('type'),
}) {}

export class HorizontalPodAutoscaler extends message('k8s.io.api.autoscaling.v2.HorizontalPodAutoscaler', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, HorizontalPodAutoscalerSpec).required(),
  status: ref(3, HorizontalPodAutoscalerStatus).always(),
}) {}

export const horizontalpodautoscalers = resource({
  group: 'autoscaling', version: 'v2', plural: 'horizontalpodautoscalers', singular: 'horizontalpodautoscaler', kind: 'HorizontalPodAutoscaler', isNamespaced: true, type: HorizontalPodAutoscaler,
  validate: validateHorizontalPodAutoscaler,
  validateStatus: validateHorizontalPodAutoscalerStatus,
  columns: horizontalPodAutoscalerColumns,
  defaults({ spec }) {
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
