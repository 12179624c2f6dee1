/** What is left in a namespace that goes away, as upstream words it in the namespace's conditions. */
import { type Named, qualified } from '@kaji/api';
import type { Namespace, NamespaceCondition } from '@kaji/api/core/v1';

export interface Remains {
  readonly resource: Named;
  readonly count: number;
  /** How many objects each finalizer holds. */
  readonly finalizers: ReadonlyMap<string, number>;
}

type ConditionType = 'NamespaceDeletionDiscoveryFailure' | 'NamespaceDeletionGroupVersionParsingFailure' | 'NamespaceDeletionContentFailure' | 'NamespaceContentRemaining' | 'NamespaceFinalizersRemaining';

/** When all is well. */
const fine: Readonly<Record<ConditionType, readonly [reason: string, message: string]>> = {
  NamespaceDeletionDiscoveryFailure: ['ResourcesDiscovered', 'All resources successfully discovered'],
  NamespaceDeletionGroupVersionParsingFailure: ['ParsedGroupVersions', 'All legacy kube types successfully parsed'],
  NamespaceDeletionContentFailure: ['ContentDeleted', 'All content successfully deleted, may be waiting on finalization'],
  NamespaceContentRemaining: ['ContentRemoved', 'All content successfully removed'],
  NamespaceFinalizersRemaining: ['ContentHasNoFinalizers', 'All content-preserving finalizers finished'],
};

interface Claim {
  readonly reason: string;
  readonly message: string;
}

/** The conditions after a round of deletion; `undefined` when they say that already. */
export function conditionsAfter(namespace: Namespace, found: { readonly remains: readonly Remains[]; readonly errors: readonly string[] }, time: string): NamespaceCondition[] | undefined {
  const bad = problems(found.remains, found.errors);
  const old = new Map((namespace.status?.conditions ?? []).map((condition) => [condition.type as string, condition]));
  let hasChanged = false;
  const known = (Object.entries(fine) as [ConditionType, readonly [string, string]][]).map(([type, [okReason, okMessage]]): NamespaceCondition => {
    const problem = bad.get(type);
    const next = { status: problem === undefined ? 'False' as const : 'True' as const, reason: problem?.reason ?? okReason, message: problem?.message ?? okMessage };
    const before = old.get(type);
    old.delete(type);
    if (before !== undefined && before.status === next.status && before.reason === next.reason && before.message === next.message) return before;
    hasChanged = true;
    return { type, ...next, lastTransitionTime: time };
  });
  return hasChanged ? [...known, ...old.values()] : undefined;
}

function problems(remains: readonly Remains[], errors: readonly string[]): ReadonlyMap<ConditionType, Claim> {
  const found = new Map<ConditionType, Claim>();
  const left = remains.filter((remain) => remain.count > 0);
  if (errors.length > 0) found.set('NamespaceDeletionContentFailure', { reason: 'ContentDeletionFailed', message: `Failed to delete all resource types, ${errors.length} remaining: ${[...errors].sort().join(', ')}` });
  if (left.length > 0) {
    // Kubernetes: the group's dot stands even where the group is empty ("pods. has 1 resource instances").
    const counts = left.map(({ resource, count }) => `${resource.group === '' ? `${resource.plural}.` : qualified(resource)} has ${count} resource instances`);
    found.set('NamespaceContentRemaining', { reason: 'SomeResourcesRemain', message: `Some resources are remaining: ${counts.sort().join(', ')}` });
  }
  const held = new Map<string, number>();
  for (const remain of left) for (const [finalizer, count] of remain.finalizers) held.set(finalizer, (held.get(finalizer) ?? 0) + count);
  if (held.size > 0) {
    const counts = [...held].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`);
    found.set('NamespaceFinalizersRemaining', { reason: 'SomeFinalizersRemain', message: `Some content in the namespace has finalizers remaining: ${counts.sort().join(', ')}` });
  }
  return found;
}
