import { int32, int64, message, ref, string, time } from '@kaji/schema';
import { cpuAutoscalerColumns } from '../../columns/autoscaling.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class CrossVersionObjectReference extends message('k8s.io.api.autoscaling.v1.CrossVersionObjectReference', {
  kind: string(1).required(),
  name: string(2).required(),
  apiVersion: string(3),
}) {
  static readonly isAtomic = true;
}

export class HorizontalPodAutoscalerSpec extends message('k8s.io.api.autoscaling.v1.HorizontalPodAutoscalerSpec', {
  scaleTargetRef: ref(1, CrossVersionObjectReference).required(),
  minReplicas: int32(2).explicit().default(1),
  maxReplicas: int32(3).required(),
  targetCPUUtilizationPercentage: int32(4).explicit(),
}) {}

export class HorizontalPodAutoscalerStatus extends message('k8s.io.api.autoscaling.v1.HorizontalPodAutoscalerStatus', {
  observedGeneration: int64(1).explicit(),
  lastScaleTime: time(2).explicit(),
  currentReplicas: int32(3).required(),
  desiredReplicas: int32(4).required(),
  currentCPUUtilizationPercentage: int32(5).explicit(),
}) {}

export class HorizontalPodAutoscaler extends message('k8s.io.api.autoscaling.v1.HorizontalPodAutoscaler', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, HorizontalPodAutoscalerSpec).required(),
  status: ref(3, HorizontalPodAutoscalerStatus).always(),
}) {}

export const horizontalpodautoscalers = resource({
  group: 'autoscaling', version: 'v1', plural: 'horizontalpodautoscalers', singular: 'horizontalpodautoscaler', kind: 'HorizontalPodAutoscaler', isNamespaced: true, type: HorizontalPodAutoscaler,
  columns: cpuAutoscalerColumns,
  defaults({ metadata, spec }) {
    // Kubernetes: metrics that this version has no field for are in an annotation; only who asks for none gets one.
    if (metadata.annotations?.['autoscaling.alpha.kubernetes.io/metrics'] === undefined) spec.targetCPUUtilizationPercentage ??= 80;
  },
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['change'] } },
  shortNames: ['hpa'],
  categories: ['all'],
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
