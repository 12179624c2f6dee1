/** What to do about an object, given its owners as they are now. */
import type { ApiObject } from '@kaji/api';
import type { OwnerReference } from '@kaji/api/meta/v1';
import { foregroundFinalizer, orphanFinalizer } from './graph.ts';

export type OwnerState = 'solid' | 'absent' | 'waiting';

export type Action =
  | { readonly type: 'keep' }
  /** Other owners remain: only the references that lead nowhere go. */
  | { readonly type: 'dropOwners'; readonly uids: ReadonlySet<string> }
  /** Two objects that wait for each other: this one's owners stop waiting for it. */
  | { readonly type: 'delete'; readonly policy: 'Orphan' | 'Background' | 'Foreground'; readonly unblocksOwners: boolean };

export function plan(object: ApiObject, stateOf: (owner: OwnerReference) => OwnerState, dependents: { readonly count: number; readonly isAnyForeground: boolean }): Action {
  const owners = object.metadata.ownerReferences ?? [];
  if (object.metadata.deletionTimestamp !== undefined || owners.length === 0) return { type: 'keep' };
  const states = owners.map((owner) => [owner, stateOf(owner)] as const);
  // An owner that waits, but not for this object, is as good as gone for it.
  const isWaitedFor = states.some(([owner, state]) => state === 'waiting' && owner.blockOwnerDeletion === true);
  const lost = states.filter(([, state]) => state !== 'solid').map(([owner]) => owner.uid);
  if (lost.length < owners.length) return lost.length === 0 ? { type: 'keep' } : { type: 'dropOwners', uids: new Set(lost) };
  if (isWaitedFor && dependents.count > 0) return { type: 'delete', policy: 'Foreground', unblocksOwners: dependents.isAnyForeground };
  const finalizers = object.metadata.finalizers ?? [];
  const policy = finalizers.includes(orphanFinalizer) ? 'Orphan' : finalizers.includes(foregroundFinalizer) ? 'Foreground' : 'Background';
  return { type: 'delete', policy, unblocksOwners: false };
}
