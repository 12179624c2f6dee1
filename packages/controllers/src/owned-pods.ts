/** What every controller of pods does alike: tells whose a pod (or a revision) is, takes in and lets go, makes and deletes, and says what came of it. */
import { ApiError, type ApiObject, apiVersionOf, isReason, type Resource } from '@kaji/api';
import { type Pod, pods } from '@kaji/api/core/v1';
import type { OwnerReference } from '@kaji/api/meta/v1';
import { type Change, type Key, keyOf, uidOf } from '@kaji/client';
import type { Caches, ReconcileContext } from './controller.ts';
import { isActive } from './pods.ts';
import { claim, controllerOf } from './replicas/plan.ts';

export interface Claimant<T extends ApiObject> {
  readonly resource: Resource<T>;
  readonly object: T;
  selects(labels: Readonly<Record<string, string>>): boolean;
  /** What its objects have in their metadata beside their owner while they belong to it. */
  readonly finalizer?: string;
}

/** How a pod refers to what controls it. */
export const controllerReference = <T extends ApiObject>(resource: Resource<T>, object: T): OwnerReference =>
  ({ apiVersion: apiVersionOf(resource), kind: resource.kind, name: object.metadata.name ?? '', uid: uidOf(object), controller: true, blockOwnerDeletion: true });

/** Whom a change of a pod (or a revision) wakes: its controller now and before, and for an orphan whoever would take it in. */
export function* controllersOf<T extends ApiObject, D extends ApiObject>({ object, previous, type }: Change<D>, caches: Caches, resource: Resource<T>, wouldTake: (owner: T, object: D) => boolean): Iterable<Key> {
  const { namespace = '' } = object.metadata;
  const owner = controllerOf(object);
  for (const reference of [owner, previous === undefined ? undefined : controllerOf(previous)]) if (reference?.kind === resource.kind) yield { namespace, name: reference.name };
  if (owner !== undefined || type === 'deleted') return;
  for (const candidate of caches.of(resource).inNamespace(namespace)) if (wouldTake(candidate, object)) yield keyOf(candidate);
}

/** The pods of an owner, see {@link claimObjects}. `mayBe` rules pods out before that. */
export const claimPods = <T extends ApiObject>(owner: Claimant<T>, context: ReconcileContext, mayBe: (pod: Pod) => boolean = () => true): Promise<readonly Pod[]> =>
  claimObjects(owner, pods, context, { mayBe, isAdoptable: isActive });

export interface Claimable<D extends ApiObject> {
  mayBe(object: D): boolean;
  isAdoptable(orphan: D): boolean;
}

/**
 * The objects of an owner, after orphans that it selects were taken in and those that it no longer selects let go.
 * Throws Conflict when the owner was replaced or is being deleted: adopting is decided on the live object.
 */
export async function claimObjects<T extends ApiObject, D extends ApiObject>(owner: Claimant<T>, objects: Resource<D>, context: ReconcileContext, { mayBe, isAdoptable }: Claimable<D>): Promise<readonly D[]> {
  const { resource, object, finalizer, selects } = owner;
  const cache = context.caches.of(objects);
  const uid = uidOf(object);
  const candidates = [...new Set([...cache.owned(object), ...cache.uncontrolledIn(object.metadata.namespace ?? '')])].filter(mayBe);
  const { owned, adopt, release } = claim({ uid, isDeleting: object.metadata.deletionTimestamp !== undefined, selects }, candidates, isAdoptable);
  if (adopt.length > 0) {
    const live = await context.client.get(resource, keyOf(object));
    if (uidOf(live) !== uid || live.metadata.deletionTimestamp !== undefined) throw new ApiError('Conflict', `${resource.kind} ${object.metadata.name ?? ''} was replaced or is being deleted: it adopts no ${objects.plural}`);
  }
  const finalizers = ({ metadata }: D, isOwn: boolean): object => (finalizer === undefined ? {} : { finalizers: [...(metadata.finalizers ?? []).filter((name) => name !== finalizer), ...(isOwn ? [finalizer] : [])] });
  const change = async (claimed: D, ownerReferences: readonly OwnerReference[], isOwn: boolean): Promise<void> => {
    const { uid: claimedUid, resourceVersion } = claimed.metadata;
    try {
      await context.client.patch(objects, keyOf(claimed), { type: 'merge', body: { metadata: { uid: claimedUid, resourceVersion, ownerReferences, ...finalizers(claimed, isOwn) } } });
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error; // it is gone
    }
  };
  for (const orphan of adopt) await change(orphan, [...(orphan.metadata.ownerReferences ?? []), controllerReference(resource, object)], true);
  for (const stranger of release) await change(stranger, (stranger.metadata.ownerReferences ?? []).filter((reference) => reference.uid !== uid), false);
  return [...owned, ...adopt];
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
