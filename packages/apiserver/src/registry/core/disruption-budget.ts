/** What an eviction takes from the budget that guards a pod. */
import { ApiError, type ApiObject, conflict, forbidden, notFound } from '@kaji/api';
import type { Pod } from '@kaji/api/core/v1';
import { type PodDisruptionBudget, type PodDisruptionBudgetStatus, poddisruptionbudgets } from '@kaji/api/policy/v1';
import { formatTime, matchesLabels, selectorOf } from '@kaji/schema';
import { type Call, current } from '../call.ts';
import { keyOf } from '../keys.ts';
import { ownWrites } from '../own-writes.ts';

type Budget = PodDisruptionBudget & ApiObject;

/** Writes lost to others before an eviction gives up. Every one of them means that another got its turn. */
const attempts = 200;
const maxDisruptedPods = 2000;
const refusal = 'Cannot evict pod as it would violate the pod\'s disruption budget.';

/** The budgets whose selectors match the pod, as of now. */
export async function budgetsOf({ parts }: Call, { metadata }: Pod): Promise<Budget[]> {
  await parts.caches.fresh();
  return [...parts.reader.list(poddisruptionbudgets, metadata.namespace)].filter(({ spec }) => spec?.selector !== undefined && matchesLabels(selectorOf(spec.selector), metadata.labels ?? {}));
}

/** Whether a pod that is not ready may go without being counted: it keeps nothing alive. */
export function isUnguarded({ spec, status }: Budget, pod: Pod): boolean {
  if (pod.status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true) return false;
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
  return spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow' || (currentHealthy >= desiredHealthy && desiredHealthy > 0);
}

/** Asks to come again: the budget is not known well enough now. */
export const tooEarly = (budget: string): ApiError =>
  new ApiError('TooManyRequests', refusal, { details: { retryAfterSeconds: 10, causes: [{ reason: 'DisruptionBudget', message: `The disruption budget ${budget} is still being processed by the server.` }] } });

/** Counts one disruption, of this pod, or refuses it. */
export async function takeDisruption(call: Call, { metadata: { name: podName = '' } }: Pod, { metadata: { name = '', namespace = '' } }: Budget, isDryRun: boolean): Promise<void> {
  const served = call.parts.servedFor(poddisruptionbudgets);
  if (served === undefined) return;
  const key = keyOf(served.prefix, namespace, name);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const there = await current({ ...call, served }, key);
    if (there === undefined) throw notFound(poddisruptionbudgets, name);
    const budget = there.object as Budget; // its cache holds budgets
    const { status } = budget;
    checkBudget(budget, status);
    const left = (status?.disruptionsAllowed ?? 0) - 1;
    const now = formatTime(call.parts.runtime.clock.now());
    const after: PodDisruptionBudgetStatus = { ...status, disruptionsAllowed: left, disruptedPods: { ...status?.disruptedPods, [podName]: now }, ...(left === 0 ? { conditions: exhausted(status, now) } : {}) };
    if (isDryRun || await ownWrites(() => call.parts).putStatus(poddisruptionbudgets, budget, { ...budget, status: after }) !== undefined) return;
  }
  throw conflict(poddisruptionbudgets, name);
}

function checkBudget({ metadata: { name = '', generation = 0 } }: Budget, status: PodDisruptionBudgetStatus | undefined): void {
  const { observedGeneration = 0, disruptionsAllowed = 0, disruptedPods = {} } = status ?? {};
  if (observedGeneration < generation) throw tooEarly(name);
  const of = { group: 'policy', plural: 'poddisruptionbudget' };
  if (disruptionsAllowed < 0) throw forbidden(of, name, 'pdb disruptions allowed is negative');
  if (Object.keys(disruptedPods).length > maxDisruptedPods) throw forbidden(of, name, 'DisruptedPods map too big - too many evictions not confirmed by PDB controller');
  if (disruptionsAllowed === 0) throw new ApiError('TooManyRequests', refusal, { details: { causes: [{ reason: 'DisruptionBudget', message: `The disruption budget ${name} ${whyNone(status)}` }] } });
}

const allowedCondition = 'DisruptionAllowed';

function whyNone({ conditions, currentHealthy = 0, desiredHealthy = 0 }: PodDisruptionBudgetStatus = {}): string {
  const { status, reason = '', message = '' } = conditions?.find(({ type }) => type === allowedCondition) ?? {};
  const isExplained = status === 'False' && message !== '';
  if (isExplained && reason === 'SyncFailed') return `does not allow evicting pods currently because it failed sync: ${message}`;
  if (currentHealthy <= desiredHealthy) return `needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  return `does not allow evicting pods currently${isExplained ? ` (${reason}): ${message}` : ''}`;
}

/** Its conditions once no disruption is left. */
function exhausted({ conditions = [], observedGeneration = 0 }: PodDisruptionBudgetStatus = {}, now: string): NonNullable<PodDisruptionBudgetStatus['conditions']> {
  const before = conditions.find(({ type }) => type === allowedCondition);
  const made = { type: allowedCondition, status: 'False', observedGeneration, lastTransitionTime: before?.status === 'False' ? before.lastTransitionTime : now, reason: 'InsufficientPods', message: '' };
  return before === undefined ? [...conditions, made] : conditions.map((condition) => (condition === before ? made : condition));
}
