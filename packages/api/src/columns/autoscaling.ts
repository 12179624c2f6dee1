/** Columns of autoscalers and of budgets of disruptions. */
import type { HorizontalPodAutoscaler as CpuAutoscaler } from '../autoscaling/v1/horizontal-pod-autoscaler.ts';
import type { HorizontalPodAutoscaler, MetricSpec, MetricStatus } from '../autoscaling/v2/horizontal-pod-autoscaler.ts';
import type { PodDisruptionBudget } from '../policy/v1/pod-disruption-budget.ts';
import type { Column } from '../resource.ts';
import { ageColumn, nameColumn } from './cells.ts';

type Scaled = Pick<HorizontalPodAutoscaler, 'metadata'> & {
  readonly spec: Pick<HorizontalPodAutoscaler['spec'], 'maxReplicas' | 'minReplicas' | 'scaleTargetRef'>;
  readonly status?: { readonly currentReplicas?: number | undefined } | undefined;
};

const autoscalerColumns = <T extends Scaled>(targets: (object: T) => string): readonly Column<T>[] => [
  nameColumn,
  { name: 'Reference', type: 'string', value: ({ spec }) => `${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}` },
  { name: 'Targets', type: 'string', value: targets },
  { name: 'MinPods', type: 'string', value: ({ spec }) => (spec.minReplicas === undefined ? '<unset>' : String(spec.minReplicas)) },
  { name: 'MaxPods', type: 'string', value: ({ spec }) => spec.maxReplicas },
  { name: 'Replicas', type: 'string', value: ({ status }) => status?.currentReplicas ?? 0 },
  ageColumn,
];

export const horizontalPodAutoscalerColumns = autoscalerColumns<HorizontalPodAutoscaler>(({ spec, status }) => metricsText(spec.metrics, status?.currentMetrics));

export const cpuAutoscalerColumns = autoscalerColumns<CpuAutoscaler>(({ spec, status }) =>
  (spec.targetCPUUtilizationPercentage === undefined ? '<none>' : `cpu: ${percent(status?.currentCPUUtilizationPercentage, '<unknown>')}/${percent(spec.targetCPUUtilizationPercentage, '<auto>')}`));

export const podDisruptionBudgetColumns: readonly Column<PodDisruptionBudget>[] = [
  nameColumn,
  { name: 'Min Available', type: 'string', value: ({ spec }) => String(spec.minAvailable ?? 'N/A') },
  { name: 'Max Unavailable', type: 'string', value: ({ spec }) => String(spec.maxUnavailable ?? 'N/A') },
  { name: 'Allowed Disruptions', type: 'integer', value: ({ status }) => status?.disruptionsAllowed ?? 0 },
  ageColumn,
];

const percent = (value: number | undefined, absent: string): string => (value === undefined ? absent : `${value}%`);

const mostMetrics = 2;

function metricsText(metrics: readonly MetricSpec[] = [], statuses: readonly MetricStatus[] = []): string {
  if (metrics.length === 0) return '<none>';
  const texts = metrics.map((metric, index) => metricText(metric, statuses[index]));
  const shown = texts.slice(0, mostMetrics).join(', ');
  return texts.length > mostMetrics ? `${shown} + ${texts.length - mostMetrics} more...` : shown;
}

function metricText({ type, external, pods, object, resource, containerResource }: MetricSpec, status: MetricStatus | undefined): string {
  switch (type) {
    case 'External': return valuesText(external?.target, status?.external?.current);
    case 'Pods': return `${status?.pods?.current.averageValue ?? '<unknown>'}/${pods?.target.averageValue ?? ''}`;
    case 'Object': return valuesText(object?.target, status?.object?.current);
    case 'Resource': return usageText(resource, status?.resource?.current);
    case 'ContainerResource': return usageText(containerResource, status?.containerResource?.current);
    default: return '<unknown type>';
  }
}

type Target = NonNullable<MetricSpec['pods']>['target'];
type Current = NonNullable<MetricStatus['pods']>['current'];

function valuesText(target: Target | undefined, current: Current | undefined): string {
  if (target?.averageValue !== undefined) return `${current?.averageValue ?? '<unknown>'}/${target.averageValue} (avg)`;
  return `${current?.value ?? '<unknown>'}/${target?.value ?? ''}`;
}

function usageText(metric: { readonly name: string; readonly target: Target } | undefined, current: Current | undefined): string {
  if (metric === undefined) return '<unknown type>';
  const { name, target } = metric;
  if (target.averageValue !== undefined) return `${name}: ${current?.averageValue ?? '<unknown>'}/${target.averageValue}`;
  return `${name}: ${percent(current?.averageUtilization, '<unknown>')}/${percent(target.averageUtilization, '<auto>')}`;
}
