/** What a write is warned of: by the kind's declaration, by its strategy, and for all kinds. */
import type { ApiObject } from '@kaji/api';
import { type Call, warn } from './call.ts';

export function warningsFor({ served, request }: Call, object: ApiObject, old: ApiObject | undefined): readonly string[] {
  const { subresource } = request.target;
  if (subresource === 'status') return served.stored.statusWarnings?.(object) ?? [];
  // Kubernetes: a change of the scale is an update of the whole.
  return subresource !== '' && subresource !== 'scale' && old !== undefined ? [] : [...(served.strategy.warnings?.(object, old) ?? []), ...(served.stored.warnings?.(object, old) ?? [])];
}

/** Kubernetes: an owner named twice is kept once, with a warning. */
export function dedupeOwners(call: Call, { metadata }: ApiObject): void {
  const owners = metadata.ownerReferences ?? [];
  if (owners.length < 2) return;
  const doubled = new Set<string>();
  const seen = new Set<string>();
  const kept = owners.filter((owner) => {
    const { apiVersion, kind, name, uid, controller, blockOwnerDeletion } = owner;
    const whole = JSON.stringify([apiVersion, kind, name, uid, controller, blockOwnerDeletion]);
    if (seen.has(whole)) doubled.add(uid);
    const isFirst = !seen.has(whole);
    seen.add(whole);
    return isFirst;
  });
  if (doubled.size === 0) return;
  metadata.ownerReferences = kept;
  warn(call, `.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${[...doubled].join(', ')}`);
}
