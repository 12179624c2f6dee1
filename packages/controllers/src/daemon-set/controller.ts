/** Keeps one pod of a DaemonSet on each node that should have one, and replaces them when its template changes. */
import { ApiError, type ApiObject, isReason, type Resource } from '@kaji/api';
import { controllerrevisions, type DaemonSet, daemonsets } from '@kaji/api/apps/v1';
import { type Affinity, type Node, nodes, type Pod, pods } from '@kaji/api/core/v1';
import { type Change, type Key, keyOf, uidOf } from '@kaji/client';
import { isDeepEqual, matchesLabels, selectorOf } from '@kaji/schema';
import { Backoffs } from '../backoffs.ts';
import { type Caches, type Controller, type Outcome, type ReconcileContext, watch } from '../controller.ts';
import { claim, controllerOf } from '../replicas/plan.ts';
import { cleanUp, keepRevisions, type Kept } from '../revisions/keep.ts';
import { revisionLabel } from '../revisions/plan.ts';
import { slowStart } from '../slow-start.ts';
import { fitOf, generationOf, manage, nodeOf, roll, type Scene, statusOf, templateGenerationLabel, tolerationsOf } from './plan.ts';

const kind = 'DaemonSet';
/** Kubernetes: at most this many pods are made or deleted in one go. */
const burst = 250;
/** How long a pod that failed stays, so that a kubelet that refuses it is not asked again at once. */
const failedBackoff = { initialMs: 1000, maxMs: 15 * 60_000 };

export function daemonSetController(): Controller {
  const backoffs = new Backoffs(failedBackoff);
  return {
    name: 'daemon-set-controller',
    component: 'daemonset-controller',
    watches: [
      watch(daemonsets, 'self'),
      watch(pods, setsOf),
      watch(nodes, setsOfNode),
      watch(controllerrevisions, 'owner'),
    ],
    concurrency: 2,
    async reconcile(key, context) {
      const set = context.caches.of(daemonsets).get(key);
      // Its revisions may be gone already while it is being deleted: nothing can be told of it then.
      if (set === undefined || set.metadata.deletionTimestamp !== undefined) return 'done';
      if (isDeepEqual(set.spec.selector, {})) {
        context.events.event(set, 'Warning', 'SelectingAll', 'This daemon set is selecting all pods. A non-empty selector is required.');
        return 'done';
      }
      return new Round(set, backoffs, context).run();
    },
  };
}

function* setsOf({ object, previous, type }: Change<Pod>, caches: Caches): Iterable<Key> {
  const namespace = object.metadata.namespace ?? '';
  const owner = controllerOf(object);
  for (const reference of [owner, previous === undefined ? undefined : controllerOf(previous)]) if (reference?.kind === kind) yield { namespace, name: reference.name };
  if (owner !== undefined || type === 'deleted') return;
  for (const set of caches.of(daemonsets).inNamespace(namespace)) if (selects(set, object.metadata.labels ?? {})) yield keyOf(set);
}

/** Heartbeats of nodes are many and change nothing: only what a node fits is. */
function* setsOfNode({ object, previous, type }: Change<Node>, caches: Caches): Iterable<Key> {
  const isSame = type === 'updated' && previous !== undefined && isDeepEqual([object.metadata.labels, object.spec?.taints], [previous.metadata.labels, previous.spec?.taints]);
  if (isSame) return;
  for (const set of caches.of(daemonsets).all()) {
    if (previous !== undefined && type === 'updated' && isDeepEqual(fitOf(set, object), fitOf(set, previous))) continue;
    yield keyOf(set);
  }
}

const selects = ({ spec }: DaemonSet, labels: Readonly<Record<string, string>>): boolean => spec.selector !== undefined && matchesLabels(selectorOf(spec.selector), labels);

class Round {
  readonly #set: DaemonSet & ApiObject;
  readonly #backoffs: Backoffs;
  readonly #context: ReconcileContext;

  constructor(set: DaemonSet & ApiObject, backoffs: Backoffs, context: ReconcileContext) {
    this.#set = set;
    this.#backoffs = backoffs;
    this.#context = context;
  }

  async run(): Promise<Outcome> {
    const { caches, clock, client } = this.#context;
    const set = this.#set;
    const kept = await keepRevisions({ resource: daemonsets as Resource<DaemonSet & ApiObject>, set, reference: this.#reference(), hashLabel: revisionLabel, collided: (live) => ({ ...live, status: { ...emptyStatus, ...live.status, collisionCount: (live.status?.collisionCount ?? 0) + 1 } }) }, this.#context);
    const byNode = groupByNode(await this.#claimed());
    const scene: Scene = { set, nodes: [...caches.of(nodes).all()], pods: byNode, hash: kept.hash, now: clock.now() };
    const wanted = manage(scene);
    const ready = this.#settleFailures(wanted.failed);
    for (const { pod, node } of wanted.succeeded) this.#say('Normal', 'SucceededDaemonPod', `Found succeeded daemon pod ${pod.metadata.namespace ?? ''}/${pod.metadata.name ?? ''} on node ${node}, will try to delete it`);
    let problem = await this.#act(wanted.create, [...wanted.remove, ...ready.pods, ...wanted.succeeded.map(({ pod }) => pod)], kept);
    // Replacing begins where everything else is in order: both act on what this round saw.
    const isSettled = wanted.create.length + wanted.remove.length + ready.pods.length + wanted.succeeded.length === 0;
    if (isSettled) {
      const { create, remove } = roll(scene);
      problem = await this.#act(create, remove, kept);
    }
    const live = new Set([...byNode.values()].flat().map(({ metadata }) => metadata.labels?.[revisionLabel] ?? ''));
    await cleanUp(kept, set.spec.revisionHistoryLimit ?? 10, ({ metadata }) => live.has(metadata.labels?.[revisionLabel] ?? ''), this.#context);
    const status = statusOf(scene);
    if (!isDeepEqual(set.status, status)) await client.updateStatus(daemonsets, { ...set, apiVersion: 'apps/v1', kind, status });
    if (problem !== undefined) throw problem;
    const waits = [...(ready.retryAfterMs === undefined ? [] : [ready.retryAfterMs]), ...(status.numberReady === (status.numberAvailable ?? 0) ? [] : [(set.spec.minReadySeconds ?? 0) * 1000])].filter((wait) => wait > 0);
    return waits.length === 0 ? 'done' : { retryAfterMs: Math.min(...waits) };
  }

  /** Those whose back-off is over, and when the next one's is. */
  #settleFailures(failed: readonly { readonly pod: Pod; readonly node: string }[]): { readonly pods: readonly Pod[]; readonly retryAfterMs: number | undefined } {
    const now = this.#context.clock.now();
    const settled: Pod[] = [];
    const waits: number[] = [];
    for (const { pod, node } of failed) {
      const waitMs = this.#backoffs.take(`${uidOf(this.#set)}/${this.#set.metadata.generation ?? 0}/${node}`, now);
      if (waitMs > 0) {
        waits.push(waitMs);
        continue;
      }
      this.#say('Warning', 'FailedDaemonPod', `Found failed daemon pod ${pod.metadata.namespace ?? ''}/${pod.metadata.name ?? ''} on node ${node}, will try to kill it`);
      settled.push(pod);
    }
    return { pods: settled, retryAfterMs: waits.length === 0 ? undefined : Math.min(...waits) };
  }

  async #claimed(): Promise<readonly Pod[]> {
    const { caches, client } = this.#context;
    const set = this.#set;
    const cache = caches.of(pods);
    const owner = { uid: uidOf(set), isDeleting: false, selects: (labels: Readonly<Record<string, string>>) => selects(set, labels) };
    const { owned, adopt, release } = claim(owner, new Set([...cache.owned(set), ...cache.uncontrolledIn(set.metadata.namespace ?? '')]));
    if (adopt.length > 0) {
      const live = await client.get(daemonsets, keyOf(set));
      if (uidOf(live) !== owner.uid || live.metadata.deletionTimestamp !== undefined) throw new ApiError('Conflict', `DaemonSet ${set.metadata.name ?? ''} was replaced or is being deleted: it adopts no pods`);
    }
    for (const pod of adopt) await this.#setOwners(pod, [...(pod.metadata.ownerReferences ?? []), this.#reference()]);
    for (const pod of release) await this.#setOwners(pod, (pod.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.uid));
    return [...owned, ...adopt];
  }

  async #setOwners(pod: Pod, ownerReferences: readonly object[]): Promise<void> {
    try {
      await this.#context.client.patch(pods, keyOf(pod), { type: 'merge', body: { metadata: { uid: pod.metadata.uid, resourceVersion: pod.metadata.resourceVersion, ownerReferences } } });
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error; // the pod is gone
    }
  }

  #reference(): { apiVersion: string; kind: string; name: string; uid: string; controller: true; blockOwnerDeletion: true } {
    return { apiVersion: 'apps/v1', kind, name: this.#set.metadata.name ?? '', uid: uidOf(this.#set), controller: true, blockOwnerDeletion: true };
  }

  #say(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#context.events.event(this.#set, type, reason, message);
  }

  async #act(create: readonly string[], remove: readonly Pod[], kept: Kept): Promise<ApiError | undefined> {
    const { failure } = await slowStart(Math.min(burst, create.length), (position) => this.#create(create[position] ?? '', kept));
    const results = await Promise.all(remove.slice(0, burst).map((pod) => this.#delete(pod)));
    return failure ?? results.find((result) => result !== undefined);
  }

  async #create(node: string, { hash }: Kept): Promise<ApiError | undefined> {
    const { metadata, spec: { template } } = this.#set;
    const generation = generationOf(this.#set);
    const pod = {
      apiVersion: 'v1', kind: 'Pod',
      metadata: {
        generateName: `${metadata.name ?? ''}-`, namespace: metadata.namespace, ownerReferences: [this.#reference()], annotations: { ...template.metadata?.annotations }, finalizers: template.metadata?.finalizers,
        labels: { ...template.metadata?.labels, ...(generation === undefined ? {} : { [templateGenerationLabel]: generation }), [revisionLabel]: hash },
      },
      spec: { ...template.spec, affinity: boundTo(node, template.spec?.affinity), tolerations: tolerationsOf(template.spec ?? { containers: [] }) },
    } as Pod; // the template has containers
    try {
      const created = await this.#context.client.create(pods, pod);
      this.#say('Normal', 'SuccessfulCreate', `Created pod: ${created.metadata.name ?? ''}`);
      return undefined;
    } catch (error) {
      const failure = ApiError.from(error);
      if (failure.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') === true) return undefined;
      this.#say('Warning', 'FailedCreate', `Error creating: ${failure.message}`);
      return failure;
    }
  }

  async #delete(pod: Pod): Promise<ApiError | undefined> {
    try {
      await this.#context.client.delete(pods, keyOf(pod), { uid: uidOf(pod) });
      this.#say('Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name ?? ''}`);
      return undefined;
    } catch (error) {
      const failure = ApiError.from(error);
      if (failure.reason === 'NotFound' || failure.reason === 'Conflict') return undefined;
      this.#say('Warning', 'FailedDelete', `Error deleting: ${failure.message}`);
      return failure;
    }
  }
}

const emptyStatus = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };

function groupByNode(all: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const found = new Map<string, Pod[]>();
  for (const pod of all) found.set(nodeOf(pod), [...(found.get(nodeOf(pod)) ?? []), pod]);
  return found;
}

/** The scheduler puts it there and nowhere else; what the template demands of nodes the node was found to have. */
function boundTo(node: string, affinity: Affinity | undefined): Affinity {
  const requiredDuringSchedulingIgnoredDuringExecution = { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In' as const, values: [node] }] }] };
  return { ...affinity, nodeAffinity: { ...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution } };
}
