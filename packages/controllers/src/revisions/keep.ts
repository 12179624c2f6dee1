/** Keeps the ControllerRevisions of a set in step with its template. */
import { type ApiObject, isReason, type Resource } from '@kaji/api';
import { type ControllerRevision, controllerrevisions } from '@kaji/api/apps/v1';
import type { PodTemplateSpec } from '@kaji/api/core/v1';
import { type Key, keyOf } from '@kaji/client';
import { isDeepEqual } from '@kaji/schema';
import type { ReconcileContext } from '../controller.ts';
import { claimObjects } from '../owned-pods.ts';
import { templateHash } from '../template-hash.ts';
import { type History, historyOf, stateOf, superfluous } from './plan.ts';

export interface RevisedSet extends ApiObject {
  readonly spec: { readonly template: PodTemplateSpec; readonly revisionHistoryLimit?: number | undefined };
  readonly status?: { readonly collisionCount?: number | undefined } | undefined;
}

/** What its kind adds: how the owner refers to it, and how a taken name is counted. */
export interface RevisionOwner<T extends RevisedSet> {
  readonly resource: Resource<T>;
  readonly set: T;
  readonly reference: object;
  /** Label of revisions that holds the hash of their state. */
  readonly hashLabel: string;
  /** The set with one more collision in its status. */
  collided(set: T): T;
  selects(labels: Readonly<Record<string, string>>): boolean;
  /** Whether it lets go of revisions that it no longer selects; else it looks past them. */
  readonly isReleasing: boolean;
  /** Called before duplicates of the current revision are removed; absent: they count as old ones. */
  merge?(current: ControllerRevision): Promise<void>;
}

export interface Kept {
  readonly history: History;
  readonly current: ControllerRevision;
  /** Of the current state. */
  readonly hash: string;
}

/** Makes the revision of the current template where it is missing, and numbers it behind all others. Throws Conflict when a name was taken: the set counts that, and is looked at again. */
export async function keepRevisions<T extends RevisedSet>(owner: RevisionOwner<T>, context: ReconcileContext): Promise<Kept> {
  const { set, resource, selects, isReleasing, merge } = owner;
  const revisions = controllerrevisions as Resource<ControllerRevision & ApiObject>;
  const own = await claimObjects({ resource, object: set, selects }, revisions, context, { mayBe: ({ metadata }) => isReleasing || selects(metadata.labels ?? {}), isAdoptable: () => true });
  const history = historyOf(set.spec.template, own, merge === undefined);
  const current = history.current === undefined ? await create(owner, history.next, context) : await renumber(history.current, history.next, context);
  if (history.duplicates.length > 0) await merge?.(current);
  for (const revision of history.duplicates) await remove(revision, context);
  return { history, current, hash: current.metadata.labels?.[owner.hashLabel] ?? '' };
}

/** Old states that nobody needs any more go. */
export async function cleanUp({ history }: Kept, limit: number, isLive: (revision: ControllerRevision) => boolean, context: ReconcileContext): Promise<void> {
  for (const revision of superfluous(history, limit, isLive)) await remove(revision, context);
}

async function renumber(revision: ControllerRevision, next: number, { client }: ReconcileContext): Promise<ControllerRevision> {
  if (revision.revision >= next) return revision;
  return client.update(controllerrevisions, { ...revision, apiVersion: 'apps/v1', kind: 'ControllerRevision', revision: next });
}

async function create<T extends RevisedSet>({ resource, set, reference, hashLabel, collided }: RevisionOwner<T>, revision: number, context: ReconcileContext): Promise<ControllerRevision> {
  const { client } = context;
  const { name = '', namespace, annotations } = set.metadata;
  const hash = templateHash(set.spec.template, set.status?.collisionCount);
  const wanted = stateOf(set.spec.template);
  const made = {
    apiVersion: 'apps/v1', kind: 'ControllerRevision', data: wanted, revision,
    metadata: { name: `${name}-${hash}`, namespace, labels: { ...set.spec.template.metadata?.labels, [hashLabel]: hash }, ...(annotations === undefined ? {} : { annotations }), ownerReferences: [reference] },
  } as ControllerRevision & ApiObject; // the reference is one of an owner
  try {
    return await client.create(controllerrevisions, made);
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
    const there = await client.get(controllerrevisions, keyOf(made));
    if (isDeepEqual(there.data, wanted)) return there;
    await client.updateStatus(resource, collided(await client.get(resource, keyOf(set))));
    throw error;
  }
}

async function remove(revision: ControllerRevision, { client }: ReconcileContext): Promise<void> {
  try {
    await client.delete(controllerrevisions, keyOf(revision as ApiObject) satisfies Key);
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error; // gone already
  }
}
