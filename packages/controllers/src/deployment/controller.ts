/** Deployments: rolls from one ReplicaSet to the next as the template changes. */
import { type ApiObject, apiVersionOf, isReason } from '@kaji/api';
import { deployments, replicasets } from '@kaji/api/apps/v1';
import { pods } from '@kaji/api/core/v1';
import { type Change, type Key, keyOf, uidOf } from '@kaji/client';
import { isDeepEqual, matchesLabels, selectorOf } from '@kaji/schema';
import { type Caches, type Controller, type Outcome, type ReconcileContext, watch } from '../controller.ts';
import { isFinished } from '../pods.ts';
import { isRolling, isScaled, planCleanup, planRolling, planScaling, maximumOf, type Sizing, sizeOfNewest } from './plan.ts';
import { activeOf, annotationsOfNewest, type DeploymentObject, type Family, familyOf, hasSameTemplate, maxRevision, revisionAnnotation, revisionOf, type ReplicaSetObject, sizeAnnotations, sizeOf, totalOf, wantedOf } from './replica-sets.ts';
import { conditionOf, countStatus, deadlineAt, deadlineMs, isComplete, rolloutStatus, withCondition } from './status.ts';
import { hashLabel, templateHash } from '../template-hash.ts';

export const deploymentController = (): Controller => ({
  name: 'deployment-controller',
  watches: [watch(deployments, 'self'), watch(replicasets, wakeForSet), watch(pods, wakeForPod)],
  async reconcile(key, context) {
    const deployment = context.caches.of(deployments).get(key);
    return deployment === undefined ? 'done' : new Rollout(deployment, context).run();
  },
});

const controllerRefOf = (object: ApiObject): { readonly kind: string; readonly name: string; readonly uid: string } | undefined => object.metadata.ownerReferences?.find(({ controller }) => controller === true);

function* wakeForSet(change: Change<ReplicaSetObject>, caches: Caches): Iterable<Key> {
  const namespace = change.object.metadata.namespace ?? '';
  for (const set of change.previous === undefined ? [change.object] : [change.object, change.previous]) {
    const owner = controllerRefOf(set);
    if (owner?.kind === 'Deployment') yield { namespace, name: owner.name };
  }
  if (controllerRefOf(change.object) !== undefined || change.type === 'deleted') return;
  for (const deployment of caches.of(deployments).inNamespace(namespace)) if (matchesLabels(selectorOf(deployment.spec.selector), change.object.metadata.labels ?? {})) yield keyOf(deployment);
}

/** Recreation goes on when the last old pod is gone. */
function* wakeForPod(change: Change<ApiObject>, caches: Caches): Iterable<Key> {
  if (change.type !== 'deleted') return;
  const namespace = change.object.metadata.namespace ?? '';
  const set = caches.of(replicasets).get({ namespace, name: controllerRefOf(change.object)?.name ?? '' });
  const owner = set === undefined ? undefined : controllerRefOf(set);
  if (owner?.kind !== 'Deployment') return;
  const deployment = caches.of(deployments).get({ namespace, name: owner.name });
  if (deployment !== undefined && !isRolling(deployment)) yield { namespace, name: owner.name };
}

/** One round for one Deployment. Each round does one step of a rollout; the change it makes wakes the next. */
class Rollout {
  #deployment: DeploymentObject;
  readonly #context: ReconcileContext;

  constructor(deployment: DeploymentObject, context: ReconcileContext) {
    this.#deployment = deployment;
    this.#context = context;
  }

  async run(): Promise<Outcome> {
    const { selector } = this.#deployment.spec;
    if (Object.keys(selector?.matchLabels ?? {}).length + (selector?.matchExpressions ?? []).length === 0) {
      this.#context.events.event(this.#deployment, 'Warning', 'SelectingAll', 'This deployment is selecting all pods. A non-empty selector is required.');
      return 'done';
    }
    const sets = await this.#claimSets();
    if (this.#deployment.metadata.deletionTimestamp !== undefined) return this.#report(countStatus(this.#deployment, familyOf(this.#deployment, sets), this.#now()));
    await this.#notePause();
    if (this.#deployment.spec.paused === true || isScaled(this.#deployment, sets)) return this.#rescale(sets);
    return isRolling(this.#deployment) ? this.#roll(sets) : this.#recreate(sets);
  }

  #now(): number {
    return this.#context.clock.now();
  }

  async #rescale(sets: readonly ReplicaSetObject[]): Promise<Outcome> {
    const family = await this.#syncNewest(familyOf(this.#deployment, sets), false);
    const sized = await this.#resize(family, planScaling(this.#deployment, family));
    if (this.#deployment.spec.paused === true) await this.#cleanup(sized.old);
    return this.#report(countStatus(this.#deployment, sized, this.#now()));
  }

  async #roll(sets: readonly ReplicaSetObject[]): Promise<Outcome> {
    const family = await this.#syncNewest(familyOf(this.#deployment, sets), true);
    if (family.newest === undefined) return this.#report(rolloutStatus(this.#deployment, family, this.#now()));
    const sizings = planRolling(this.#deployment, family.newest, family.old);
    const sized = await this.#resize(family, sizings);
    return this.#finish(sized, sizings.length > 0);
  }

  async #recreate(sets: readonly ReplicaSetObject[]): Promise<Outcome> {
    const family = await this.#syncNewest(familyOf(this.#deployment, sets), false);
    const down = activeOf(family.old).map((set) => ({ set, to: 0 }));
    if (down.length > 0) return this.#finish(await this.#resize(family, down), true);
    if (this.#hasOldPods(family)) return this.#finish(family, true);
    const created = await this.#syncNewest(family, true);
    const { newest } = created;
    const sizings = newest !== undefined && sizeOf(newest) !== wantedOf(this.#deployment) ? [{ set: newest, to: wantedOf(this.#deployment) }] : [];
    return this.#finish(await this.#resize(created, sizings), false);
  }

  /** Pods of old sets that still run, those that are told to end among them. */
  #hasOldPods({ old }: Family): boolean {
    const cache = this.#context.caches.of(pods);
    return old.some((set) => (set.status?.replicas ?? 0) > 0 || [...cache.owned(set)].some((pod) => !isFinished(pod)));
  }

  async #finish(family: Family, isUnderway: boolean): Promise<Outcome> {
    if (!isUnderway && isComplete(this.#deployment, this.#deployment.status ?? {})) await this.#cleanup(family.old);
    return this.#report(rolloutStatus(this.#deployment, family, this.#now()));
  }

  /** The sets it owns, with orphans that match taken in and owned ones that no longer match let go. */
  async #claimSets(): Promise<readonly ReplicaSetObject[]> {
    const { caches, client } = this.#context;
    const { namespace = '', uid, deletionTimestamp } = this.#deployment.metadata;
    const selector = selectorOf(this.#deployment.spec.selector);
    const owned: ReplicaSetObject[] = [];
    for (const set of caches.of(replicasets).inNamespace(namespace)) {
      const controller = controllerRefOf(set);
      const isMatching = matchesLabels(selector, set.metadata.labels ?? {});
      if (controller?.uid === uid && isMatching) owned.push(set);
      else if (deletionTimestamp !== undefined) continue;
      else if (controller?.uid === uid) await client.patch(replicasets, keyOf(set), { type: 'strategic', body: { metadata: { uid: uidOf(set), ownerReferences: [{ $patch: 'delete', uid }] } } });
      else if (controller === undefined && isMatching && set.metadata.deletionTimestamp === undefined) owned.push(await this.#adopt(set));
    }
    return owned;
  }

  async #adopt(set: ReplicaSetObject): Promise<ReplicaSetObject> {
    const { client } = this.#context;
    // The cache may not know yet that the Deployment is being deleted: then it takes nothing in.
    const live = await client.get(deployments, keyOf(this.#deployment));
    if (live.metadata.uid !== this.#deployment.metadata.uid || live.metadata.deletionTimestamp !== undefined) throw new Error(`${keyOf(live).name} was replaced or is being deleted: it adopts nothing`);
    return client.patch(replicasets, keyOf(set), { type: 'strategic', body: { metadata: { uid: uidOf(set), ownerReferences: [this.#reference()] } } });
  }

  #reference(): { apiVersion: string; kind: string; name: string; uid: string; controller: true; blockOwnerDeletion: true } {
    return { apiVersion: apiVersionOf(deployments), kind: 'Deployment', name: this.#deployment.metadata.name ?? '', uid: uidOf(this.#deployment), controller: true, blockOwnerDeletion: true };
  }

  /** Says in the conditions that a rollout stands still because it was paused, so that no deadline counts meanwhile. */
  async #notePause(): Promise<void> {
    if (deadlineMs(this.#deployment) === undefined) return;
    const conditions = this.#deployment.status?.conditions ?? [];
    const current = conditionOf(conditions, 'Progressing');
    if (current?.reason === 'ProgressDeadlineExceeded') return;
    const isNoted = current?.reason === 'DeploymentPaused';
    const isPaused = this.#deployment.spec.paused === true;
    if (isPaused === isNoted) return;
    const verdict = isPaused ? { status: 'Unknown', reason: 'DeploymentPaused', message: 'Deployment is paused' } : { status: 'Unknown', reason: 'DeploymentResumed', message: 'Deployment is resumed' };
    await this.#writeStatus({ ...this.#deployment.status, conditions: [...withCondition(conditions, 'Progressing', verdict, this.#now())] });
  }

  /** Gives the new set its revision and annotations, makes it where it is missing and may be made, and notes the revision on the Deployment. */
  async #syncNewest(family: Family, mayCreate: boolean): Promise<Family> {
    const revision = maxRevision(family.old) + 1n;
    const { newest, old } = family;
    if (newest === undefined) return mayCreate ? { newest: await this.#createNewest(old, revision), old } : family;
    const annotations = annotationsOfNewest(this.#deployment, newest.metadata.annotations ?? {}, revision);
    const minReadySeconds = this.#deployment.spec.minReadySeconds;
    let current = newest;
    if (annotations !== newest.metadata.annotations && !isDeepEqual(annotations, newest.metadata.annotations ?? {}) || (newest.spec.minReadySeconds ?? 0) !== (minReadySeconds ?? 0)) {
      current = await this.#context.client.update(replicasets, { ...newest, metadata: { ...newest.metadata, annotations }, spec: { ...newest.spec, minReadySeconds } });
    }
    await this.#noteRevision(String(revisionOf(current)), { reason: 'FoundNewReplicaSet', message: `Found new replica set "${current.metadata.name ?? ''}"` });
    return { newest: current, old };
  }

  /** Kubernetes: written with the status, since annotations written with the object itself make a new generation. */
  async #noteRevision(revision: string, progress: { readonly reason: string; readonly message: string }): Promise<void> {
    const { annotations } = this.#deployment.metadata;
    const conditions = this.#deployment.status?.conditions ?? [];
    const isNoted = annotations?.[revisionAnnotation] === revision;
    const isSaid = deadlineMs(this.#deployment) === undefined || (progress.reason !== 'NewReplicaSetCreated' && conditionOf(conditions, 'Progressing') !== undefined);
    if (isNoted && isSaid) return;
    this.#deployment = { ...this.#deployment, metadata: { ...this.#deployment.metadata, annotations: { ...annotations, [revisionAnnotation]: revision } } };
    const next = isSaid ? conditions : withCondition(conditions, 'Progressing', { status: 'True', ...progress }, this.#now());
    await this.#writeStatus({ ...this.#deployment.status, conditions: [...next] });
  }

  async #createNewest(old: readonly ReplicaSetObject[], revision: bigint): Promise<ReplicaSetObject> {
    const { client, events } = this.#context;
    const { name = '', namespace } = this.#deployment.metadata;
    const { template, selector, minReadySeconds } = this.#deployment.spec;
    const hash = templateHash(template, this.#deployment.status?.collisionCount);
    const labels = { ...template.metadata?.labels, [hashLabel]: hash };
    const replicas = sizeOfNewest(this.#deployment, 0, totalOf(old));
    const set: ReplicaSetObject = {
      metadata: {
        name: `${name}-${hash}`, namespace, labels, ownerReferences: [this.#reference()],
        annotations: { ...annotationsOfNewest(this.#deployment, {}, revision), ...sizeAnnotations(wantedOf(this.#deployment), maximumOf(this.#deployment)) },
      },
      spec: { replicas, minReadySeconds, selector: { ...selector, matchLabels: { ...selector?.matchLabels, [hashLabel]: hash } }, template: { ...template, metadata: { ...template.metadata, labels } } },
    };
    try {
      const created = await client.create(replicasets, set);
      if (replicas > 0) events.event(this.#deployment, 'Normal', 'ScalingReplicaSet', `Scaled up replica set ${name}-${hash} from 0 to ${replicas}`);
      await this.#noteRevision(String(revision), { reason: 'NewReplicaSetCreated', message: `Created new replica set "${name}-${hash}"` });
      return created;
    } catch (error) {
      if (isReason(error, 'AlreadyExists')) return this.#resolveCollision(set);
      if (isReason(error, 'Conflict')) throw error;
      const message = error instanceof Error ? error.message : String(error);
      events.event(this.#deployment, 'Warning', 'ReplicaSetCreateError', `Failed to create new replica set "${name}-${hash}": ${message}`);
      if (deadlineMs(this.#deployment) !== undefined) {
        const conditions = withCondition(this.#deployment.status?.conditions ?? [], 'Progressing', { status: 'False', reason: 'ReplicaSetCreateError', message: `Failed to create new replica set "${name}-${hash}": ${message}` }, this.#now());
        await this.#writeStatus({ ...this.#deployment.status, conditions: [...conditions] });
      }
      throw error;
    }
  }

  /** The name is taken: by this very set, which the cache does not show yet, or by another template of the same hash. */
  async #resolveCollision(wanted: ReplicaSetObject): Promise<ReplicaSetObject> {
    const existing = await this.#context.client.get(replicasets, keyOf(wanted));
    if (controllerRefOf(existing)?.uid === uidOf(this.#deployment) && hasSameTemplate(this.#deployment, existing)) return existing;
    await this.#writeStatus({ ...this.#deployment.status, collisionCount: (this.#deployment.status?.collisionCount ?? 0) + 1 });
    throw new Error(`the name ${keyOf(wanted).name} is taken: the next has another hash`);
  }

  /** Sizes sets, notes on them how large the Deployment is meant to be, and says so in events. */
  async #resize(family: Family, sizings: readonly Sizing[]): Promise<Family> {
    const { client, events } = this.#context;
    const sized = new Map<ReplicaSetObject, ReplicaSetObject>();
    for (const { set, to } of sizings) {
      const from = sizeOf(set);
      const annotations = { ...set.metadata.annotations, ...sizeAnnotations(wantedOf(this.#deployment), maximumOf(this.#deployment)) };
      if (from === to && isDeepEqual(annotations, set.metadata.annotations ?? {})) continue;
      sized.set(set, await client.update(replicasets, { ...set, metadata: { ...set.metadata, annotations }, spec: { ...set.spec, replicas: to } }));
      if (from !== to) events.event(this.#deployment, 'Normal', 'ScalingReplicaSet', `Scaled ${to > from ? 'up' : 'down'} replica set ${set.metadata.name ?? ''} from ${from} to ${to}`);
    }
    const current = (set: ReplicaSetObject): ReplicaSetObject => sized.get(set) ?? set;
    return { newest: family.newest === undefined ? undefined : current(family.newest), old: family.old.map(current) };
  }

  async #cleanup(old: readonly ReplicaSetObject[]): Promise<void> {
    for (const set of planCleanup(this.#deployment, old)) {
      try {
        await this.#context.client.delete(replicasets, keyOf(set), { uid: uidOf(set) });
      } catch (error) {
        if (!isReason(error, 'NotFound')) throw error; // somebody else was quicker
      }
    }
  }

  async #report(status: NonNullable<DeploymentObject['status']>): Promise<Outcome> {
    if (!isDeepEqual(comparable(this.#deployment.status ?? {}), comparable(status))) await this.#writeStatus(status);
    const at = deadlineAt(this.#deployment, status.conditions ?? []);
    // Kubernetes: a second past the deadline, since times in conditions are whole seconds.
    return at === undefined ? 'done' : { retryAfterMs: Math.max(1000, at - this.#now() + 1000) };
  }

  async #writeStatus(status: NonNullable<DeploymentObject['status']>): Promise<void> {
    const { metadata, status: written } = await this.#context.client.updateStatus(deployments, { ...this.#deployment, status });
    this.#deployment = { ...this.#deployment, metadata: { ...this.#deployment.metadata, resourceVersion: metadata.resourceVersion }, status: written };
  }
}

/** Without what is absent: a status that was read lacks what one that was made holds as zero or undefined. */
const comparable = (status: object): object => Object.fromEntries(Object.entries(status).filter(([, value]) => value !== undefined && value !== 0 && !(Array.isArray(value) && value.length === 0)));
