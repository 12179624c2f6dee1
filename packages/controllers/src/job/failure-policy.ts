/** What a pod that failed counts as, by the rules of its Job. Source: KEP-3329. */
import type { PodFailurePolicy } from '@kaji/api/batch/v1';
import type { ContainerStatus, Pod } from '@kaji/api/core/v1';

export interface Judgement {
  readonly action: 'FailJob' | 'FailIndex' | 'Ignore' | 'Count';
  /** Why the Job fails; only for FailJob. */
  readonly message: string;
}

type Rule = NonNullable<PodFailurePolicy['rules']>[number];

/** The first rule that fits. Without one the failure counts. */
export function judgeFailure(policy: PodFailurePolicy | undefined, pod: Pod): Judgement {
  for (const [index, rule] of (policy?.rules ?? []).entries()) {
    const matched = rule.onExitCodes === undefined ? conditionFor(rule, pod) : containerFor(rule, pod);
    if (matched === undefined) continue;
    return { action: rule.action, message: `${matched} matching ${rule.action} rule at index ${index}` };
  }
  return { action: 'Count', message: '' };
}

function containerFor({ onExitCodes }: Rule, { metadata, status }: Pod): string | undefined {
  const fits = ({ name, state }: ContainerStatus): boolean => {
    const code = state?.terminated?.exitCode;
    if (code === undefined || code === 0 || onExitCodes === undefined || (onExitCodes.containerName !== undefined && onExitCodes.containerName !== name)) return false;
    return (onExitCodes.values ?? []).includes(code) === (onExitCodes.operator === 'In');
  };
  const found = (status?.containerStatuses ?? []).find(fits) ?? (status?.initContainerStatuses ?? []).find(fits);
  return found === undefined ? undefined : `Container ${found.name} for pod ${metadata.namespace ?? ''}/${metadata.name ?? ''} failed with exit code ${found.state?.terminated?.exitCode ?? 0}`;
}

function conditionFor({ onPodConditions = [] }: Rule, { metadata, status }: Pod): string | undefined {
  const found = (status?.conditions ?? []).find((condition) => onPodConditions.some(({ type, status: wanted = 'True' }) => type === condition.type && wanted === condition.status));
  return found === undefined ? undefined : `Pod ${metadata.namespace ?? ''}/${metadata.name ?? ''} has condition ${found.type}`;
}
