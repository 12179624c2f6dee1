/** Keeps the number of pods that a ReplicaSet or a ReplicationController asks for. */
import { ApiError, type ApiObject, isReason, type Resource } from '@kaji/api';
import { replicasets, type ReplicaSet } from '@kaji/api/apps/v1';
import { type Pod, pods, type PodTemplateSpec, type ReplicationController, replicationcontrollers } from '@kaji/api/core/v1';
import { keyOf, uidOf } from '@kaji/client';
import { formatTime, isDeepEqual, matchesLabels, selectorOf } from '@kaji/schema';
import { type Controller, type Outcome, type ReconcileContext, watch } from '../controller.ts';
import { Expectations } from '../expectations.ts';
import { claimPods, controllerReference, createPod, deletePod } from '../owned-pods.ts';
import { isActive, isTerminating } from '../pods.ts';
import { slowStart } from '../slow-start.ts';
import { controllerOf, count, type Counts, plan, type ReplicaOwner } from './plan.ts';

type Condition = { type: string; status: string; lastTransitionTime?: string | undefined; reason?: string | undefined; message?: string | undefined };

/** How the two kinds differ. */
interface Adapter<T extends ApiObject> {
  readonly name: string;
  readonly component: string;
  readonly resource: Resource<T>;
  ownerOf(object: T): ReplicaOwner;
  conditionsOf(object: T): readonly Condition[];
  /** The object with this status, or undefined when it has it. */
  withStatus(object: T, counts: Counts, conditions: readonly Condition[]): T | undefined;
}

const emptyTemplate: PodTemplateSpec = { spec: { containers: [] } };

const replicaSetAdapter: Adapter<ReplicaSet> = {
  name: 'replicaset-controller',
  component: 'replicaset-controller',
  resource: replicasets as Resource<ReplicaSet>,
  ownerOf({ metadata, spec }) {
    const selector = selectorOf(spec.selector);
    return { uid: metadata.uid ?? '', replicas: spec.replicas ?? 1, minReadySeconds: spec.minReadySeconds ?? 0, template: spec.template ?? emptyTemplate, isDeleting: metadata.deletionTimestamp !== undefined, selects: (labels) => matchesLabels(selector, labels) };
  },
  conditionsOf: ({ status }) => status?.conditions ?? [],
  withStatus(set, counts, conditions) {
    const { availableAtMs: _, ...numbers } = counts;
    const status = { ...set.status, ...nonZero(numbers), replicas: counts.replicas, terminatingReplicas: counts.terminatingReplicas, observedGeneration: set.metadata.generation, conditions: [...conditions] };
    return isSame(set.status, status) ? undefined : { ...set, status };
  },
};

const replicationControllerAdapter: Adapter<ReplicationController> = {
  name: 'replicationcontroller-controller',
  component: 'replication-controller',
  resource: replicationcontrollers as Resource<ReplicationController>,
  ownerOf({ metadata, spec }) {
    const wanted = Object.entries(spec.selector ?? {});
    return { uid: metadata.uid ?? '', replicas: spec.replicas ?? 1, minReadySeconds: spec.minReadySeconds ?? 0, template: spec.template ?? emptyTemplate, isDeleting: metadata.deletionTimestamp !== undefined, selects: (labels) => wanted.length > 0 && wanted.every(([name, value]) => labels[name] === value) };
  },
  conditionsOf: ({ status }) => status?.conditions ?? [],
  withStatus(controller, counts, conditions) {
    const { availableAtMs: _, terminatingReplicas: __, ...numbers } = counts;
    const status = { ...controller.status, ...nonZero(numbers), replicas: counts.replicas, observedGeneration: controller.metadata.generation, conditions: [...conditions] };
    return isSame(controller.status, status) ? undefined : { ...controller, status };
  },
};

/** Zero counts are absent, as the API shows them. */
const nonZero = <N extends Readonly<Record<string, number>>>(numbers: N): { [K in keyof N]: number | undefined } =>
  Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, value === 0 ? undefined : value])) as { [K in keyof N]: number | undefined };

const isSame = (before: object | undefined, after: object): boolean => isDeepEqual(pruned(before ?? {}), pruned(after));
const pruned = (value: object): object => Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined && !(Array.isArray(entry) && entry.length === 0)));

export const replicaSetController = (): Controller => replicaController(replicaSetAdapter);
export const replicationControllerController = (): Controller => replicaController(replicationControllerAdapter);

function replicaController<T extends ApiObject>(adapter: Adapter<T>): Controller {
  const expectations = new Expectations<Pod>();
  const { resource } = adapter;
  return {
    name: adapter.name,
    component: adapter.component,
    watches: [
      watch(resource, 'self'),
      watch(pods, function* (change, caches) {
        const owner = controllerOf(change.object);
        if (owner !== undefined) expectations.seen(owner.uid, change.object);
        if (change.type === 'deleted') expectations.forget(uidOf(change.object));
        const namespace = change.object.metadata.namespace ?? '';
        const owners = [owner, change.previous === undefined ? undefined : controllerOf(change.previous)];
        for (const reference of owners) if (reference?.kind === resource.kind) yield { namespace, name: reference.name };
        if (owner !== undefined || change.type === 'deleted') return;
        for (const set of caches.of(resource).inNamespace(namespace)) if (adapter.ownerOf(set).selects(change.object.metadata.labels ?? {})) yield keyOf(set);
      }),
    ],
    concurrency: 5,
    async reconcile(key, context) {
      const set = context.caches.of(resource).get(key);
      if (set === undefined) return 'done';
      return new Reconcile(adapter, set, expectations, context).run();
    },
  };
}

/** One round for one object: the steps share what they found. */
class Reconcile<T extends ApiObject> {
  readonly #adapter: Adapter<T>;
  readonly #set: T;
  readonly #owner: ReplicaOwner;
  readonly #expectations: Expectations<Pod>;
  readonly #context: ReconcileContext;

  constructor(adapter: Adapter<T>, set: T, expectations: Expectations<Pod>, context: ReconcileContext) {
    this.#adapter = adapter;
    this.#set = set;
    this.#owner = adapter.ownerOf(set);
    this.#expectations = expectations;
    this.#context = context;
  }

  async run(): Promise<Outcome> {
    const { caches, clock } = this.#context;
    const cache = caches.of(pods);
    const now = clock.now();
    const claimed = await claimPods({ resource: this.#adapter.resource, object: this.#set, selects: (labels) => this.#owner.selects(labels) }, this.#context);
    const unseen = this.#expectations.unseen(this.#owner.uid, cache, now);
    const owned = [...claimed, ...unseen];
    const active = owned.filter((pod) => isActive(pod) && !this.#expectations.isDeleted(pod, now));
    const terminating = owned.filter(isTerminating).length;
    const problem = await this.#manage(active);
    const counts = count(this.#owner, active, terminating, now);
    await this.#report(counts, this.#conditions(problem, active.length, now));
    if (problem !== undefined) throw problem;
    return counts.availableAtMs === undefined ? 'done' : { retryAfterMs: Math.max(1, counts.availableAtMs - now) };
  }

  /** Makes and deletes pods; gives the first failure instead of throwing it, because the status comes first. */
  async #manage(active: readonly Pod[]): Promise<ApiError | undefined> {
    const { create, remove } = plan(this.#owner, active);
    const { failure } = await slowStart(create, () => this.#create());
    if (failure !== undefined) return failure;
    const results = await Promise.all(remove.map((pod) => this.#remove(pod)));
    return results.find((result) => result !== undefined);
  }

  async #create(): Promise<ApiError | undefined> {
    const { clock } = this.#context;
    const { template } = this.#owner;
    const pod: Pod = {
      apiVersion: 'v1', kind: 'Pod',
      metadata: {
        generateName: `${this.#set.metadata.name ?? ''}-`, namespace: this.#set.metadata.namespace, ownerReferences: [controllerReference(this.#adapter.resource, this.#set)],
        labels: { ...template.metadata?.labels }, annotations: { ...template.metadata?.annotations }, finalizers: template.metadata?.finalizers,
      },
      spec: template.spec,
    } as Pod;
    const made = await createPod(this.#set, pod, this.#context);
    if (made === undefined || made instanceof ApiError) return made;
    this.#expectations.created(this.#owner.uid, made, clock.now());
    if (this.#context.caches.of(pods).get(keyOf(made)) !== undefined) this.#expectations.seen(this.#owner.uid, made);
    return undefined;
  }

  async #remove(pod: Pod): Promise<ApiError | undefined> {
    this.#expectations.deleted(pod, this.#context.clock.now());
    const failure = await deletePod(this.#set, pod, this.#context);
    if (failure !== undefined) this.#expectations.forget(uidOf(pod));
    return failure;
  }

  #conditions(problem: ApiError | undefined, active: number, now: number): readonly Condition[] {
    const old = this.#adapter.conditionsOf(this.#set);
    const others = old.filter((condition) => condition.type !== 'ReplicaFailure');
    if (problem === undefined) return others;
    const known = old.find((condition) => condition.type === 'ReplicaFailure');
    return [...others, known ?? { type: 'ReplicaFailure', status: 'True', lastTransitionTime: formatTime(now), reason: active < this.#owner.replicas ? 'FailedCreate' : 'FailedDelete', message: problem.message }];
  }

  async #report(counts: Counts, conditions: readonly Condition[]): Promise<void> {
    const next = this.#adapter.withStatus(this.#set, counts, conditions);
    if (next === undefined) return;
    try {
      await this.#context.client.updateStatus(this.#adapter.resource, next);
    } catch (error) {
      // Gone, or changed meanwhile: the change wakes this controller again.
      if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) throw error;
    }
  }
}
