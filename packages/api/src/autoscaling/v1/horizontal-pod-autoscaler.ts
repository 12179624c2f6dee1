import { int32, int64, message, ref, string, time } from '@kaji/schema';
import { cpuAutoscalerColumns } from '../../columns/autoscaling.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

/** An object, whatever its version. */
export class CrossVersionObjectReference extends message('k8s.io.api.autoscaling.v1.CrossVersionObjectReference', {
  /** Kind of the object. */
  kind: string(1).required(),
  /** Name of the object. */
  name: string(2).required(),
  /** Group and version of the object. */
  apiVersion: string(3),
}) {
  static readonly isAtomic = true;
}

/** What is wanted of an autoscaler. */
export class HorizontalPodAutoscalerSpec extends message('k8s.io.api.autoscaling.v1.HorizontalPodAutoscalerSpec', {
  /** What it scales. */
  scaleTargetRef: ref(1, CrossVersionObjectReference).required(),
  /** The fewest pods. 0 only with a metric of an object or from outside. Defaults to 1. */
  minReplicas: int32(2).explicit().default(1),
  /** The most pods. */
  maxReplicas: int32(3).required(),
  /** CPU that pods are to use, in percent of what they request. Absent: as the server has it. */
  targetCPUUtilizationPercentage: int32(4).explicit(),
}) {}

/** What an autoscaler sees and does. */
export class HorizontalPodAutoscalerStatus extends message('k8s.io.api.autoscaling.v1.HorizontalPodAutoscalerStatus', {
  /** The generation that the controller has acted on. */
  observedGeneration: int64(1).explicit(),
  /** When it last changed the number. */
  lastScaleTime: time(2).explicit(),
  /** How many pods there are, as it last saw. */
  currentReplicas: int32(3).required(),
  /** How many it wants. */
  desiredReplicas: int32(4).required(),
  /** CPU that pods use, in percent of what they request. */
  currentCPUUtilizationPercentage: int32(5).explicit(),
}) {}

/** Keeps the number of pods in step with what they have to do. */
export class HorizontalPodAutoscaler extends message('k8s.io.api.autoscaling.v1.HorizontalPodAutoscaler', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** What is wanted of it. */
  spec: ref(2, HorizontalPodAutoscalerSpec).required(),
  /** What it sees and does. */
  status: ref(3, HorizontalPodAutoscalerStatus).always(),
}) {}

export const horizontalpodautoscalers = resource({
  group: 'autoscaling', version: 'v1', plural: 'horizontalpodautoscalers', singular: 'horizontalpodautoscaler', kind: 'HorizontalPodAutoscaler', isNamespaced: true, type: HorizontalPodAutoscaler,
  columns: cpuAutoscalerColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['change'] } },
  shortNames: ['hpa'],
  categories: ['all'],
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
