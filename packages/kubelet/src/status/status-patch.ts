/** What to send so that one status becomes another, as a strategic merge patch. */
import type { PodCondition, PodStatus } from '@kaji/api/core/v1';
import { isDeepEqual } from '@kaji/schema';

/** Undefined when they are the same. Conditions are merged by type, so those of others are left alone. */
export function statusPatch(known: PodStatus, wanted: PodStatus): Readonly<Record<string, unknown>> | undefined {
  const patch: Record<string, unknown> = {};
  const before = known as Readonly<Record<string, unknown>>; // read by name
  const after = wanted as Readonly<Record<string, unknown>>;
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (name === 'conditions' || foreign.has(name)) continue;
    if (isDeepEqual(before[name], after[name])) continue;
    if (after[name] === undefined) patch[name] = null;
    else patch[name] = name === 'podIPs' || name === 'hostIPs' ? [...(after[name] as readonly unknown[]), { $patch: 'replace' }] : after[name]; // both are lists
  }
  const conditions = changedConditions(known.conditions ?? [], wanted.conditions ?? []);
  if (conditions.length > 0) patch['conditions'] = conditions;
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** Fields of the status that others write. */
const foreign = new Set(['nominatedNodeName', 'resourceClaimStatuses', 'extendedResourceClaimStatus', 'nodeAllocatableResourceClaimStatuses', 'resize', 'allocatedResources', 'resources']);

/** An absent reason or message must be taken away by name: conditions are merged. */
function changedConditions(known: readonly PodCondition[], wanted: readonly PodCondition[]): readonly unknown[] {
  return wanted.flatMap((condition) => {
    const before = known.find((other) => other.type === condition.type);
    if (before !== undefined && isDeepEqual(before, condition)) return [];
    const removed = before === undefined ? {} : Object.fromEntries((['reason', 'message'] as const).filter((name) => before[name] !== undefined && condition[name] === undefined).map((name) => [name, null]));
    return [{ ...condition, ...removed }];
  });
}
