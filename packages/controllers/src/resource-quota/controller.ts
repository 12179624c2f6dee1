/**
 * Keeps the status of quotas right. Admission books what writes use; this counts what there really is: for new quotas, when
 * something that was counted goes or changes, and every few minutes.
 */
import { type AnyResource, type ApiObject, isReason } from '@kaji/api';
import { resourcequotas } from '@kaji/api/core/v1';
import { type Evaluator, evaluatorOf, isMeasured, isSameAmounts, type QuotaView } from '@kaji/api/quota';
import { deviceclasses } from '@kaji/api/resource/v1';
import { type Change, type Key, keyOf, keyText } from '@kaji/client';
import { type Caches, type Controller, type ReconcileContext, watch } from '../controller.ts';
import { plan, type Quota, trackedKinds, usageOf } from './plan.ts';

const resyncMs = 5 * 60_000;
/** How long a quota must stand still before less is believed than was booked. */
const settleMs = 200;

/** Counted when a quota names them, but not watched: every node writes one all the time. */
const unwatched: ReadonlySet<string> = new Set(['leases']);

export function resourceQuotaController(resources: readonly AnyResource[]): Controller {
  const kinds = quotable(resources);
  /** Which version of a quota was seen since when; only of those that wait. */
  const seen = new Map<string, { readonly version: string; readonly sinceMs: number }>();
  return {
    name: 'resourcequota-controller',
    watches: [
      watch(resourcequotas, (change) => (isNews(change) ? [keyOf(change.object)] : [])),
      ...kinds.filter(({ plural }) => !unwatched.has(plural)).map((kind) => {
        const evaluator = evaluatorOf(kind);
        return { ...watch(kind, (change, caches) => (evaluator === undefined ? [] : replenished(evaluator, change, caches))), readsMetadataOnly: !isMeasured(kind) };
      }),
      watch(deviceclasses, () => []),
    ],
    async reconcile(key, context) {
      const quota = context.caches.of(resourcequotas).get(key);
      if (quota === undefined) {
        seen.delete(keyText(key));
        return 'done';
      }
      const { status, isWaiting } = plan(quota, await observe(quota, kinds, context), isSettled(seen, quota, context.clock.monotonic()));
      try {
        if (status !== undefined) await context.client.updateStatus(resourcequotas, { ...quota, status });
      } catch (error) {
        if (!isReason(error, 'NotFound')) throw error; // gone meanwhile, often with its namespace
      }
      return { retryAfterMs: isWaiting ? settleMs : resyncMs };
    },
  };
}

/** One of each kind that can be counted in a namespace, whatever its versions. */
function quotable(resources: readonly AnyResource[]): readonly AnyResource[] {
  const kinds = new Map<string, AnyResource>();
  for (const resource of resources) {
    const isListed = (['create', 'list', 'watch', 'delete'] as const).every((verb) => resource.verbs.includes(verb));
    const name = `${resource.group}/${resource.plural}`;
    if (resource.isNamespaced && isListed && evaluatorOf(resource) !== undefined && !kinds.has(name)) kinds.set(name, resource);
  }
  return [...kinds.values()];
}

/** Kubernetes: what admission books is no news, or each pod would have all others counted. */
function isNews({ type, object, previous }: Change<Quota>): boolean {
  return type !== 'updated' || !isSameAmounts(object.spec.hard ?? {}, previous.spec.hard ?? {}) || object.status?.used === undefined;
}

/** The quotas that limit what has become free. */
function* replenished(evaluator: Evaluator, change: Change<ApiObject>, caches: Caches): Iterable<Key> {
  if (change.type === 'added') return;
  const { namespace = '' } = change.object.metadata;
  // Kubernetes: that a deletion has taken too long is noticed at the next count of all.
  const view = viewOf(caches, 0);
  if (change.type === 'updated' && evaluator.isReplenishing?.(change.object, change.previous, view) !== true) return;
  for (const quota of caches.of(resourcequotas).inNamespace(namespace)) {
    if (Object.keys(quota.status?.hard ?? {}).some((name) => evaluator.isTracked(name, view))) yield keyOf(quota);
  }
}

const viewOf = (caches: Caches, nowMs: number): QuotaView => ({
  nowMs,
  get: (resource, namespace, name) => caches.of(resource).get({ namespace, name }),
  list: (resource, namespace = '') => caches.of(resource).inNamespace(namespace),
});

async function observe(quota: Quota, kinds: readonly AnyResource[], { caches, client, clock }: ReconcileContext): Promise<ReturnType<typeof usageOf>> {
  const { namespace = '' } = quota.metadata;
  const view = viewOf(caches, clock.now());
  const objects = new Map<AnyResource, Iterable<ApiObject>>();
  for (const kind of trackedKinds(quota, kinds, view)) {
    objects.set(kind, unwatched.has(kind.plural) ? (await client.list(kind, { namespace })).items : caches.of(kind).inNamespace(namespace));
  }
  return usageOf(quota, objects, view);
}

/** Whether this version of the quota has been the newest for long enough. */
function isSettled(seen: Map<string, { readonly version: string; readonly sinceMs: number }>, quota: Quota, nowMs: number): boolean {
  const key = keyText(keyOf(quota));
  const version = quota.metadata.resourceVersion ?? '';
  const known = seen.get(key);
  if (known?.version === version) return nowMs - known.sinceMs >= settleMs;
  seen.set(key, { version, sinceMs: nowMs });
  return false;
}
