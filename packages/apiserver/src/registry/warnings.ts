/** What a write is warned of: by the kind's declaration, by its strategy, and for all kinds. */
import type { ApiObject } from '@kaji/api';
import { type Call, warn } from './call.ts';
import type { Judgement } from './judge.ts';

export function warningsFor({ served, request }: Call, object: ApiObject, old: ApiObject | undefined, judgement: Judgement): readonly string[] {
  const { subresource } = request.target;
  const isPart = subresource === 'status' || (subresource !== '' && subresource !== 'scale' && old !== undefined);
  return [...(isPart ? [] : served.strategy.warnings?.(object, old) ?? []), ...judgement.warnings()];
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
