export { CrossVersionObjectReference, HorizontalPodAutoscaler, horizontalpodautoscalers, HorizontalPodAutoscalerSpec, HorizontalPodAutoscalerStatus } from './horizontal-pod-autoscaler.ts';
export { Scale, ScaleSpec, ScaleStatus } from './scale.ts';
