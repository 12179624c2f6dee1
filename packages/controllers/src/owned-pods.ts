/** What every controller of pods does alike: tells whose a pod is, takes in and lets go, makes and deletes, and says what came of it. */
import { ApiError, type ApiObject, apiVersionOf, isReason, type Resource } from '@kaji/api';
import { type Pod, pods } from '@kaji/api/core/v1';
import type { OwnerReference } from '@kaji/api/meta/v1';
import { type Change, type Key, keyOf, uidOf } from '@kaji/client';
import type { Caches, ReconcileContext } from './controller.ts';
import { claim, controllerOf } from './replicas/plan.ts';

export interface PodOwner<T extends ApiObject> {
  readonly resource: Resource<T>;
  readonly object: T;
  selects(labels: Readonly<Record<string, string>>): boolean;
  /** What a pod has in its metadata beside its owner while it belongs to it. */
  readonly finalizer?: string;
}

/** How a pod refers to what controls it. */
export const controllerReference = <T extends ApiObject>(resource: Resource<T>, object: T): OwnerReference =>
  ({ apiVersion: apiVersionOf(resource), kind: resource.kind, name: object.metadata.name ?? '', uid: uidOf(object), controller: true, blockOwnerDeletion: true });

/** Whom a change of a pod wakes: its controller now and before, and for an orphan whoever would take it in. */
export function* podOwners<T extends ApiObject>({ object, previous, type }: Change<Pod>, caches: Caches, resource: Resource<T>, wouldTake: (owner: T, pod: Pod) => boolean): Iterable<Key> {
  const { namespace = '' } = object.metadata;
  const owner = controllerOf(object);
  for (const reference of [owner, previous === undefined ? undefined : controllerOf(previous)]) if (reference?.kind === resource.kind) yield { namespace, name: reference.name };
  if (owner !== undefined || type === 'deleted') return;
  for (const candidate of caches.of(resource).inNamespace(namespace)) if (wouldTake(candidate, object)) yield keyOf(candidate);
}

/**
 * The pods of an owner, after orphans that it selects were taken in and pods that it no longer selects let go. `mayBe` rules pods out before that.
 * Throws Conflict when the owner was replaced or is being deleted: adopting is decided on the live object.
 */
export async function claimPods<T extends ApiObject>(owner: PodOwner<T>, context: ReconcileContext, mayBe: (pod: Pod) => boolean = () => true): Promise<readonly Pod[]> {
  const { resource, object, finalizer, selects } = owner;
  const cache = context.caches.of(pods);
  const uid = uidOf(object);
  const candidates = [...new Set([...cache.owned(object), ...cache.uncontrolledIn(object.metadata.namespace ?? '')])].filter(mayBe);
  const { owned, adopt, release } = claim({ uid, isDeleting: object.metadata.deletionTimestamp !== undefined, selects }, candidates);
  if (adopt.length > 0) {
    const live = await context.client.get(resource, keyOf(object));
    if (uidOf(live) !== uid || live.metadata.deletionTimestamp !== undefined) throw new ApiError('Conflict', `${resource.kind} ${object.metadata.name ?? ''} was replaced or is being deleted: it adopts no pods`);
  }
  const finalizers = (pod: Pod, isOwn: boolean): object => (finalizer === undefined ? {} : { finalizers: [...(pod.metadata.finalizers ?? []).filter((name) => name !== finalizer), ...(isOwn ? [finalizer] : [])] });
  for (const pod of adopt) await change(pod, { ownerReferences: [...(pod.metadata.ownerReferences ?? []), controllerReference(resource, object)], ...finalizers(pod, true) }, context);
  for (const pod of release) await change(pod, { ownerReferences: (pod.metadata.ownerReferences ?? []).filter((reference) => reference.uid !== uid), ...finalizers(pod, false) }, context);
  return [...owned, ...adopt];
}

async function change(pod: Pod, metadata: object, { client }: ReconcileContext): Promise<void> {
  try {
    await client.patch(pods, keyOf(pod), { type: 'merge', body: { metadata: { uid: pod.metadata.uid, resourceVersion: pod.metadata.resourceVersion, ...metadata } } });
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error; // the pod is gone
  }
}

/** Gives the pod, or why there is none; neither in a namespace that goes away: nobody needs to hear of that. */
export async function createPod(owner: ApiObject, pod: Pod, { client, events }: ReconcileContext): Promise<Pod | ApiError | undefined> {
  try {
    const created = await client.create(pods, pod);
    events.event(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata.name ?? ''}`);
    return created;
  } catch (error) {
    const failure = ApiError.from(error);
    if (failure.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') === true) return undefined;
    events.event(owner, 'Warning', 'FailedCreate', `Error creating: ${failure.message}`);
    return failure;
  }
}

/** Gives why it is still there; one that is gone, or was replaced, is deleted. */
export async function deletePod(owner: ApiObject, pod: Pod, { client, events }: ReconcileContext): Promise<ApiError | undefined> {
  try {
    await client.delete(pods, keyOf(pod), { uid: uidOf(pod) });
    events.event(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name ?? ''}`);
    return undefined;
  } catch (error) {
    const failure = ApiError.from(error);
    if (failure.reason === 'NotFound' || failure.reason === 'Conflict') return undefined;
    events.event(owner, 'Warning', 'FailedDelete', `Error deleting: ${failure.message}`);
    return failure;
  }
}
