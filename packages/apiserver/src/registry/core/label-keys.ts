/** Label keys of a pod's own, turned into requirements of its selectors when it is created. */
import type { PodSpec } from '@kaji/api/core/v1';
import type { LabelSelector } from '@kaji/api/meta/v1';

type Labels = Readonly<Record<string, string>>;

/** Kubernetes: `matchLabelKeys: [version]` becomes `version in (the pod's)`; a selector that is not there matches nothing and stays so. */
export function applyLabelKeys(spec: PodSpec, labels: Labels): void {
  for (const { labelSelector, matchLabelKeys } of spec.topologySpreadConstraints ?? []) require(labelSelector, 'In', matchLabelKeys, labels);
  for (const affinity of [spec.affinity?.podAffinity, spec.affinity?.podAntiAffinity]) {
    const preferred = (affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm);
    for (const term of [...preferred, ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [])]) {
      require(term?.labelSelector, 'In', term?.matchLabelKeys, labels);
      require(term?.labelSelector, 'NotIn', term?.mismatchLabelKeys, labels);
    }
  }
}

function require(selector: LabelSelector | undefined, operator: 'In' | 'NotIn', keys: readonly string[] | undefined, labels: Labels): void {
  if (selector === undefined) return;
  for (const key of keys ?? []) {
    const value = labels[key];
    if (value !== undefined) selector.matchExpressions = [...(selector.matchExpressions ?? []), { key, operator, values: [value] }];
  }
}
