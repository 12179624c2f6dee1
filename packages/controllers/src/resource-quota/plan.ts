/** What a quota's status is to say: the limits that hold, and how much is used of each. Pure. */
import type { AnyResource, ApiObject } from '@kaji/api';
import type { ResourceQuota } from '@kaji/api/core/v1';
import { addAmounts, type Amounts, evaluatorOf, isInScope, isSameAmounts, onlyNames, type QuotaView, sumAmounts } from '@kaji/api/quota';
import { compareQuantities } from '@kaji/schema';

export type Quota = ResourceQuota & ApiObject;

/** The kinds of which a quota limits something. */
export const trackedKinds = ({ spec }: Quota, kinds: readonly AnyResource[], view: QuotaView): readonly AnyResource[] =>
  kinds.filter((kind) => Object.keys(spec.hard ?? {}).some((name) => evaluatorOf(kind)?.isTracked(name, view) === true));

/** How much the objects of its namespace use of what it limits. Names that no kind tracks are not in it. */
export function usageOf(quota: Quota, objects: ReadonlyMap<AnyResource, Iterable<ApiObject>>, view: QuotaView): Amounts {
  let total: Amounts = {};
  for (const [kind, all] of objects) {
    const evaluator = evaluatorOf(kind);
    if (evaluator === undefined) continue;
    const names = Object.keys(quota.spec.hard ?? {}).filter((name) => evaluator.isTracked(name, view));
    const isTracked = (name: string): boolean => names.includes(name);
    const used: Amounts[] = [];
    for (const object of all) if (isInScope(quota, evaluator, object)) used.push(onlyNames(evaluator.usage(object, view), isTracked));
    total = addAmounts(total, { ...Object.fromEntries(names.map((name) => [name, '0'])), ...sumAmounts(used) });
  }
  return total;
}

export interface Plan {
  /** Absent where it says so already. */
  readonly status: { readonly hard: Amounts; readonly used: Amounts } | undefined;
  /** Whether less is used than the status says, and it is too early to say so. */
  readonly isWaiting: boolean;
}

/**
 * `isSettled`: nobody has booked anything for a while. What is booked comes before the object that it is booked for: until
 * that one shows, its use would be taken for free.
 */
export function plan(quota: Quota, observed: Amounts, isSettled: boolean): Plan {
  const { hard = {} } = quota.spec;
  const { hard: oldHard, used: oldUsed } = quota.status ?? {};
  const before = oldUsed ?? {};
  let isWaiting = false;
  const used: Record<string, string> = {};
  for (const name of Object.keys(hard)) {
    const [now, then] = [observed[name], before[name]];
    const isLess = now !== undefined && then !== undefined && compareQuantities(now, then) < 0;
    if (isLess && !isSettled) isWaiting = true;
    const shown = now === undefined || (isLess && !isSettled) ? then : now;
    if (shown !== undefined) used[name] = shown;
  }
  const isNew = (oldHard === undefined || oldUsed === undefined) && Object.keys(hard).length > 0;
  const isCurrent = !isNew && isSameAmounts(hard, oldHard ?? {}) && isSameAmounts(used, before);
  return { status: isCurrent ? undefined : { hard, used }, isWaiting };
}
