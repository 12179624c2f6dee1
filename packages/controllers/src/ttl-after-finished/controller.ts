/** Deletes Jobs a while after their end, where they say so. Source: KEP-592. */
import { isReason } from '@kaji/api';
import { type Job, jobs } from '@kaji/api/batch/v1';
import { keyOf, uidOf } from '@kaji/client';
import { parseTime } from '@kaji/schema';
import { type Controller, watch } from '../controller.ts';

/** When a Job is to go, in ms; undefined while it runs, and for one that stays. */
export function expiryOf({ spec, status, metadata }: Job): number | undefined {
  if (spec.ttlSecondsAfterFinished === undefined || metadata.deletionTimestamp !== undefined) return undefined;
  const end = status?.conditions?.find((condition) => (condition.type === 'Complete' || condition.type === 'Failed') && condition.status === 'True');
  const endedAt = parseTime(end?.lastTransitionTime ?? '');
  return endedAt === undefined ? undefined : endedAt + spec.ttlSecondsAfterFinished * 1000;
}

export const ttlAfterFinishedController: Controller = {
  name: 'ttl-after-finished-controller',
  watches: [watch(jobs, 'self')],
  async reconcile(key, { caches, client, clock }) {
    const cached = caches.of(jobs).get(key);
    const expiry = cached === undefined ? undefined : expiryOf(cached);
    if (expiry === undefined) return 'done';
    const waitMs = expiry - clock.now();
    if (waitMs > 0) return { retryAfterMs: waitMs };
    try {
      // Its time may have been changed a moment ago: the live object decides.
      const live = await client.get(jobs, key);
      const still = expiryOf(live);
      if (still === undefined || still > clock.now()) return still === undefined ? 'done' : { retryAfterMs: still - clock.now() };
      await client.delete(jobs, keyOf(live), { uid: uidOf(live), propagationPolicy: 'Foreground' });
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error; // gone already
    }
    return 'done';
  },
};
