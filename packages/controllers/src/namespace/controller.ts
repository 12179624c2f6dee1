/** Empties a namespace that was deleted, its pods first, and lets it go once nothing is left. */
import { type AnyResource, isReason } from '@kaji/api';
import { type Namespace, namespaces, pods } from '@kaji/api/core/v1';
import type { Client } from '@kaji/client';
import { formatTime } from '@kaji/schema';
import { type Controller, type ReconcileContext, watch } from '../controller.ts';
import { conditionsAfter, type Remains } from './plan.ts';

/** The finalizer in `spec` that this controller answers for. */
const finalizer = 'kubernetes';
const recheckMs = 1000;

/** `resources` gives the namespaced kinds that are served now, custom ones among them. */
export function namespaceController(resources: () => Promise<readonly AnyResource[]>): Controller {
  return {
    name: 'namespace-controller',
    watches: [
      watch(namespaces, 'self'),
      watch(pods, ({ type, object }, caches) => {
        const key = { namespace: '', name: object.metadata.namespace ?? '' };
        return type === 'deleted' && caches.of(namespaces).get(key)?.metadata.deletionTimestamp !== undefined ? [key] : [];
      }),
    ],
    concurrency: 10,
    async reconcile(key, context) {
      const namespace = context.caches.of(namespaces).get(key);
      if (namespace?.metadata.deletionTimestamp === undefined) return 'done';
      if (namespace.spec.finalizers?.includes(finalizer) !== true) return 'done';
      const found = await empty(key.name, await resources(), context.client);
      const isEmpty = found.errors.length === 0 && found.remains.every((remain) => remain.count === 0);
      const current = await report(namespace, found, context);
      if (!isEmpty) return { retryAfterMs: recheckMs };
      await finalize(current, context.client);
      return 'done';
    },
  };
}

interface Found {
  readonly remains: readonly Remains[];
  readonly errors: readonly string[];
}

async function empty(namespace: string, resources: readonly AnyResource[], client: Client): Promise<Found> {
  const deletable = resources.filter((resource) => resource.isNamespaced && resource.verbs.includes('delete') && resource.verbs.includes('list'));
  const isPods = (resource: AnyResource): boolean => resource.group === '' && resource.plural === 'pods';
  // Pods go first: what they still need (Secrets, network policies, quotas) outlives them.
  const first = await Promise.all(deletable.filter(isPods).map((resource) => emptyOf(namespace, resource, client)));
  if (first.some((remain) => typeof remain === 'string' || remain.count > 0)) return sort(first);
  return sort(await Promise.all(deletable.filter((resource) => !isPods(resource)).map((resource) => emptyOf(namespace, resource, client))));
}

const sort = (found: readonly (Remains | string)[]): Found => ({
  remains: found.filter((remain) => typeof remain !== 'string'),
  errors: found.filter((remain) => typeof remain === 'string'),
});

/** Deletes all objects of one kind and counts what is left; text when that failed. */
async function emptyOf(namespace: string, resource: AnyResource, client: Client): Promise<Remains | string> {
  try {
    const before = await client.list(resource, { namespace });
    if (before.items.length === 0) return { resource, count: 0, finalizers: new Map() };
    if (resource.verbs.includes('deletecollection')) await client.deleteCollection(resource, { namespace }, { propagationPolicy: 'Background' });
    else for (const item of before.items) await client.delete(resource, { namespace, name: item.metadata.name ?? '' }, { propagationPolicy: 'Background' });
    const { items } = await client.list(resource, { namespace });
    const finalizers = new Map<string, number>();
    for (const item of items) for (const held of item.metadata.finalizers ?? []) finalizers.set(held, (finalizers.get(held) ?? 0) + 1);
    return { resource, count: items.length, finalizers };
  } catch (error) {
    if (isReason(error, 'NotFound') || isReason(error, 'MethodNotAllowed')) return { resource, count: 0, finalizers: new Map() };
    return error instanceof Error ? error.message : String(error);
  }
}

async function report(namespace: Namespace, found: Found, { client, clock }: ReconcileContext): Promise<Namespace> {
  const conditions = conditionsAfter(namespace, found, formatTime(clock.now()));
  return conditions === undefined ? namespace : client.updateStatus(namespaces, { ...namespace, status: { ...namespace.status, conditions } });
}

async function finalize(namespace: Namespace, client: Client): Promise<void> {
  const finalizers = (namespace.spec.finalizers ?? []).filter((name) => name !== finalizer);
  try {
    await client.update(namespaces, { ...namespace, spec: { ...namespace.spec, finalizers } }, { subresource: 'finalize' });
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error; // another server's controller was quicker
  }
}
