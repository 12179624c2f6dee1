/** Deletes what lost its owners, and carries out foreground deletion and orphaning. */
import { type AnyResource, type ApiObject, isReason } from '@kaji/api';
import type { OwnerReference } from '@kaji/api/meta/v1';
import { type Key, uidOf } from '@kaji/client';
import { type Controller, type Outcome, type ReconcileContext, watch } from '../controller.ts';
import { foregroundFinalizer, type Item, itemOf, orphanFinalizer, OwnerGraph } from './graph.ts';
import { type OwnerState, plan } from './plan.ts';

/** Kinds that own nothing and are owned by nothing worth following, and come in floods. */
const ignored: ReadonlySet<string> = new Set(['events', 'leases']);

/** Keys of this controller are uids: one graph spans all kinds. */
const keyOfUid = (uid: string): Key => ({ namespace: '', name: uid });

export function garbageCollector(resources: readonly AnyResource[]): Controller {
  const graph = new OwnerGraph();
  const followed = resources.filter((resource) => resource.verbs.includes('delete') && resource.verbs.includes('list') && resource.verbs.includes('watch') && !ignored.has(resource.plural));
  const byKind = new Map(followed.map((resource) => [`${resource.group}/${resource.kind}`, resource]));
  return {
    name: 'garbage-collector-controller',
    watches: followed.map((resource) => watch(resource, (change) => graph.observe(resource, change).map(keyOfUid))),
    concurrency: 20,
    readsMetadataOnly: true,
    async reconcile({ name: uid }, context) {
      const item = graph.get(uid);
      if (item === undefined) return 'done';
      const live = await read(item.resource, item.key, context);
      if (live === undefined || uidOf(live) !== uid) {
        graph.forget(uid);
        return 'done';
      }
      const current = itemOf(item.resource, live);
      if (current.isOrphaning) return orphanDependents(current, live, graph, context);
      if (current.isForeground) return waitForDependents(current, live, { graph, byKind }, context);
      return collect(current, live, { graph, byKind }, context);
    },
  };
}

interface Known {
  readonly graph: OwnerGraph;
  readonly byKind: ReadonlyMap<string, AnyResource>;
}

async function read(resource: AnyResource, key: Key, { client }: ReconcileContext): Promise<ApiObject | undefined> {
  try {
    return await client.get(resource, key);
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

async function collect(item: Item, live: ApiObject, { graph, byKind }: Known, context: ReconcileContext): Promise<Outcome> {
  const states = new Map<string, OwnerState>();
  for (const owner of item.owners) states.set(owner.uid, await stateOf(owner, item, { graph, byKind }, context));
  const dependents = graph.dependents(item.uid);
  const action = plan(live, (owner) => states.get(owner.uid) ?? 'absent', { count: dependents.length, isAnyForeground: dependents.some((dependent) => dependent.isForeground) });
  if (action.type === 'dropOwners') await setOwners(item, live, item.owners.filter((owner) => !action.uids.has(owner.uid)), context);
  if (action.type === 'delete') {
    if (action.unblocksOwners) await setOwners(item, live, item.owners.map((owner) => ({ ...owner, blockOwnerDeletion: false })), context);
    await remove(item, action.policy, context);
  }
  return 'done';
}

/** Whether an owner is there. What the graph has not seen is asked for, so that nothing is deleted on hearsay. */
async function stateOf(owner: OwnerReference, item: Item, { graph, byKind }: Known, context: ReconcileContext): Promise<OwnerState> {
  const known = graph.get(owner.uid);
  if (known !== undefined) return known.isForeground ? 'waiting' : 'solid';
  const slash = owner.apiVersion.indexOf('/');
  const resource = byKind.get(`${slash < 0 ? '' : owner.apiVersion.slice(0, slash)}/${owner.kind}`);
  // Kubernetes: an owner of an unknown kind is not absent; nothing is deleted until its kind is known.
  if (resource === undefined) return 'solid';
  const live = await read(resource, { namespace: resource.isNamespaced ? item.key.namespace : '', name: owner.name }, context);
  if (live === undefined || uidOf(live) !== owner.uid) return 'absent';
  return itemOf(resource, live).isForeground ? 'waiting' : 'solid';
}

/** Foreground deletion: dependents that block are collected first, as anything that lost its owner; then the object itself is let go. */
async function waitForDependents(item: Item, live: ApiObject, known: Known, context: ReconcileContext): Promise<Outcome> {
  const blocking = known.graph.dependents(item.uid).filter(({ owners }) => owners.some((owner) => owner.uid === item.uid && owner.blockOwnerDeletion === true));
  for (const dependent of blocking) {
    if (dependent.isDeleting) continue;
    const object = await read(dependent.resource, dependent.key, context);
    if (object !== undefined && uidOf(object) === dependent.uid) await collect(itemOf(dependent.resource, object), object, known, context);
  }
  if (blocking.length === 0) await dropFinalizer(item, live, foregroundFinalizer, context);
  return 'done';
}

async function orphanDependents(item: Item, live: ApiObject, graph: OwnerGraph, context: ReconcileContext): Promise<Outcome> {
  for (const dependent of graph.dependents(item.uid)) {
    const object = await read(dependent.resource, dependent.key, context);
    if (object !== undefined && uidOf(object) === dependent.uid) await setOwners(dependent, object, (object.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== item.uid), context);
  }
  await dropFinalizer(item, live, orphanFinalizer, context);
  return 'done';
}

/** The revision makes a patch fail, and be tried again, when somebody else changed the list meanwhile. */
const setOwners = (item: Item, live: ApiObject, owners: readonly OwnerReference[], context: ReconcileContext): Promise<void> =>
  change(item, { uid: item.uid, resourceVersion: live.metadata.resourceVersion, ownerReferences: owners.length === 0 ? null : owners }, context);

const dropFinalizer = (item: Item, live: ApiObject, finalizer: string, context: ReconcileContext): Promise<void> =>
  change(item, { uid: item.uid, resourceVersion: live.metadata.resourceVersion, finalizers: (live.metadata.finalizers ?? []).filter((name) => name !== finalizer) }, context);

async function change(item: Item, metadata: object, { client }: ReconcileContext): Promise<void> {
  try {
    await client.patch(item.resource, item.key, { type: 'merge', body: { metadata } });
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error; // gone already, which is what was wanted
  }
}

async function remove(item: Item, propagationPolicy: 'Orphan' | 'Background' | 'Foreground', { client }: ReconcileContext): Promise<void> {
  try {
    await client.delete(item.resource, item.key, { uid: item.uid, propagationPolicy });
  } catch (error) {
    if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) throw error; // gone, or another object of that name by now
  }
}
