/** Keeps the pods of StatefulSets, each with its own name and claims, in their order. */
import { ApiError, type ApiObject, isReason, type Resource } from '@kaji/api';
import { type ControllerRevision, controllerrevisions, type StatefulSet, statefulsets } from '@kaji/api/apps/v1';
import { type PersistentVolumeClaim, persistentvolumeclaims, type Pod, pods, type PodTemplateSpec } from '@kaji/api/core/v1';
import { keyOf, uidOf } from '@kaji/client';
import { isDeepEqual, matchesLabels, selectorOf } from '@kaji/schema';
import { type Controller, type Outcome, type ReconcileContext, watch } from '../controller.ts';
import { claimPods, controllerReference, controllersOf } from '../owned-pods.ts';
import { cleanUp, keepRevisions, type Kept } from '../revisions/keep.ts';
import { revisionLabel, templateOf } from '../revisions/plan.ts';
import { claimsOf, ownersOf, volumesWith } from './claims.ts';
import { type Creation, ordinalOf, plan, podName, revisionOf, type Scene } from './plan.ts';

const kind = 'StatefulSet';
const resource = statefulsets as Resource<StatefulSet & ApiObject>;
const hashLabel = 'controller.kubernetes.io/hash';
const nameLabel = 'statefulset.kubernetes.io/pod-name';
const indexLabel = 'apps.kubernetes.io/pod-index';

export const statefulSetController = (): Controller => ({
  name: 'statefulset-controller',
  component: 'statefulset-controller',
  watches: [
    watch(statefulsets, 'self'),
    watch(pods, (change, caches) => controllersOf(change, caches, resource, isOf)),
    // Looked up only: a set adds its own revisions, and a pod that waits for a claim is looked at when it changes.
    watch(controllerrevisions, () => []),
    watch(persistentvolumeclaims, () => []),
  ],
  async reconcile(key, context) {
    const set = context.caches.of(statefulsets).get(key);
    return set === undefined ? 'done' : new Round(set, context).run();
  },
});

/** By its labels and by its name. */
const isOf = (set: StatefulSet, pod: Pod): boolean => ordinalOf(set, pod) !== undefined && selects(set, pod.metadata.labels ?? {});
const selects = ({ spec }: StatefulSet, labels: Readonly<Record<string, string>>): boolean => spec.selector !== undefined && matchesLabels(selectorOf(spec.selector), labels);

class Round {
  readonly #set: StatefulSet & ApiObject;
  readonly #context: ReconcileContext;

  constructor(set: StatefulSet & ApiObject, context: ReconcileContext) {
    this.#set = set;
    this.#context = context;
  }

  async run(): Promise<Outcome> {
    const { clock, client } = this.#context;
    const set = this.#set;
    const kept = await keepRevisions({
      resource, set, reference: controllerReference(resource, set), hashLabel, isReleasing: false,
      selects: (labels) => selects(set, labels),
      collided: (live) => ({ ...live, status: { replicas: 0, ...live.status, collisionCount: (live.status?.collisionCount ?? 0) + 1 } }),
    }, this.#context);
    const own = await claimPods({ resource, object: set, selects: (labels) => selects(set, labels) }, this.#context, (pod) => ordinalOf(set, pod) !== undefined);
    const current = [...kept.history.old, kept.current].find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? kept.current;
    const scene: Scene = { set, pods: own, current: current.metadata.name ?? '', update: kept.current.metadata.name ?? '', now: clock.now() };
    const wanted = plan(scene);
    let problem: ApiError | undefined;
    for (const creation of wanted.create) problem ??= await this.#create(creation, creation.isCurrent ? current : kept.current);
    for (const pod of wanted.pending) problem ??= await this.#makeClaims(ordinalOf(set, pod) ?? 0, pod.metadata.name ?? '');
    for (const pod of own) await this.#settleClaims(pod);
    for (const pod of wanted.remove) problem ??= await this.#delete(pod);
    if (!isDeepEqual(shown(set.status), shown(wanted.status))) await client.updateStatus(statefulsets, { ...set, apiVersion: 'apps/v1', kind, status: wanted.status });
    await this.#cleanUp(kept, scene);
    if (problem !== undefined) throw problem;
    return wanted.isWaiting ? { retryAfterMs: Math.max(1, (set.spec.minReadySeconds ?? 0) * 1000) } : 'done';
  }

  async #cleanUp(kept: Kept, { pods: own, current, update }: Scene): Promise<void> {
    if (this.#set.metadata.deletionTimestamp !== undefined) return;
    const live = new Set([current, update, ...own.map(revisionOf)]);
    await cleanUp(kept, this.#set.spec.revisionHistoryLimit ?? 10, ({ metadata }) => live.has(metadata.name ?? ''), this.#context);
  }

  async #setOwners<T extends ApiObject>(resource: Resource<T>, object: T, ownerReferences: readonly object[]): Promise<void> {
    try {
      await this.#context.client.patch(resource, keyOf(object), { type: 'merge', body: { metadata: { uid: object.metadata.uid, resourceVersion: object.metadata.resourceVersion, ownerReferences: ownerReferences.length === 0 ? null : ownerReferences } } });
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error; // it is gone
    }
  }

  async #create({ ordinal }: Creation, revision: ControllerRevision): Promise<ApiError | undefined> {
    const name = podName(this.#set, ordinal);
    const problem = await this.#makeClaims(ordinal, name);
    if (problem !== undefined) return problem;
    return this.#tell('create', 'Create', name, async () => {
      await this.#context.client.create(pods, this.#podOf(ordinal, templateOf(revision), revision.metadata.name ?? ''));
    });
  }

  #podOf(ordinal: number, { metadata, spec }: PodTemplateSpec, revision: string): Pod {
    const name = podName(this.#set, ordinal);
    return {
      apiVersion: 'v1', kind: 'Pod',
      metadata: {
        name, namespace: this.#set.metadata.namespace, ownerReferences: [controllerReference(resource, this.#set)], annotations: { ...metadata?.annotations }, finalizers: metadata?.finalizers,
        labels: { ...metadata?.labels, [nameLabel]: name, [indexLabel]: String(ordinal), [revisionLabel]: revision },
      },
      spec: { ...spec, hostname: name, subdomain: this.#set.spec.serviceName, volumes: volumesWith(this.#set, ordinal, spec.volumes) },
    } as Pod; // what is undefined is left out on the wire
  }

  async #makeClaims(ordinal: number, pod: string): Promise<ApiError | undefined> {
    const { caches, client, events } = this.#context;
    for (const wanted of claimsOf(this.#set, ordinal) as readonly (PersistentVolumeClaim & ApiObject)[]) {
      const { name = '' } = wanted.metadata;
      const there = caches.of(persistentvolumeclaims).get(keyOf(wanted));
      if (there?.metadata.deletionTimestamp !== undefined) return new ApiError('Conflict', `pvc ${name} is being deleted`);
      if (there !== undefined) continue;
      const setName = this.#set.metadata.name ?? '';
      try {
        await client.create(persistentvolumeclaims, wanted);
        events.event(this.#set, 'Normal', 'SuccessfulCreate', `create Claim ${name} Pod ${pod} in StatefulSet ${setName} success`);
      } catch (error) {
        const failure = ApiError.from(error);
        if (failure.reason === 'AlreadyExists') continue;
        events.event(this.#set, 'Warning', 'FailedCreate', `create Claim ${name} for Pod ${pod} in StatefulSet ${setName} failed error: ${failure.message}`);
        return failure;
      }
    }
    return undefined;
  }

  /** Claims go with the pod or the set where the policy says so. */
  async #settleClaims(pod: Pod): Promise<void> {
    const cache = this.#context.caches.of(persistentvolumeclaims);
    for (const { metadata } of claimsOf(this.#set, ordinalOf(this.#set, pod) ?? 0)) {
      const there = cache.get({ namespace: metadata.namespace ?? '', name: metadata.name ?? '' });
      if (there === undefined || there.metadata.deletionTimestamp !== undefined) continue;
      const owners = ownersOf(there, this.#set, pod);
      if (!isDeepEqual(there.metadata.ownerReferences ?? [], owners)) await this.#setOwners(persistentvolumeclaims, there, owners);
    }
  }

  #delete(pod: Pod): Promise<ApiError | undefined> {
    return this.#tell('delete', 'Delete', pod.metadata.name ?? '', () => this.#context.client.delete(pods, keyOf(pod), { uid: uidOf(pod) }));
  }

  /** Does something to a pod and says what came of it. */
  async #tell(verb: string, word: string, pod: string, action: () => Promise<void>): Promise<ApiError | undefined> {
    const { events } = this.#context;
    const about = `${verb} Pod ${pod} in StatefulSet ${this.#set.metadata.name ?? ''}`;
    try {
      await action();
      events.event(this.#set, 'Normal', `Successful${word}`, `${about} successful`);
      return undefined;
    } catch (error) {
      const failure = ApiError.from(error);
      if (failure.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') === true) return undefined;
      if (verb === 'delete' && failure.reason === 'NotFound') return undefined;
      events.event(this.#set, 'Warning', `Failed${word}`, `${about} failed error: ${failure.message}`);
      return failure;
    }
  }
}

const shown = (status: object | undefined): object => Object.fromEntries(Object.entries(status ?? {}).filter(([, value]) => value !== undefined));
