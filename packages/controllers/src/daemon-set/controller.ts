/** Keeps one pod of a DaemonSet on each node that should have one, and replaces them when its template changes. */
import { ApiError, type ApiObject, type Resource } from '@kaji/api';
import { type ControllerRevision, controllerrevisions, type DaemonSet, daemonsets } from '@kaji/api/apps/v1';
import { type Affinity, type Node, nodes, type Pod, pods } from '@kaji/api/core/v1';
import { type Change, type Key, keyOf, uidOf } from '@kaji/client';
import { isDeepEqual, matchesLabels, selectorOf } from '@kaji/schema';
import { Backoffs } from '../backoffs.ts';
import { type Caches, type Controller, type Outcome, type ReconcileContext, watch } from '../controller.ts';
import { claimPods, controllerReference, controllersOf, createPod, deletePod } from '../owned-pods.ts';
import { controllerOf } from '../replicas/plan.ts';
import { cleanUp, keepRevisions, type Kept } from '../revisions/keep.ts';
import { revisionLabel } from '../revisions/plan.ts';
import { slowStart } from '../slow-start.ts';
import { fitOf, generationOf, manage, nodeOf, roll, type Scene, statusOf, templateGenerationLabel, tolerationsOf } from './plan.ts';

const kind = 'DaemonSet';
const resource = daemonsets as Resource<DaemonSet & ApiObject>;
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
      watch(pods, (change, caches) => controllersOf(change, caches, resource, (set, pod) => selects(set, pod.metadata.labels ?? {}))),
      watch(nodes, setsOfNode),
      watch(controllerrevisions, (change, caches) => setsOfRevision(change as Change<ControllerRevision & ApiObject>, caches)), // a stored one has metadata
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

/** Kubernetes: a revision that is added with its owner wakes nobody: a set adds its own, and what somebody else adds to them is seen in its next round. */
const setsOfRevision = (change: Change<ControllerRevision & ApiObject>, caches: Caches): Iterable<Key> =>
  (change.type === 'added' && controllerOf(change.object) !== undefined ? [] : controllersOf(change, caches, resource, (set, { metadata }) => selects(set, metadata.labels ?? {})));

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
    const kept = await this.#keepRevisions();
    const byNode = groupByNode(await claimPods({ resource, object: set, selects: (labels) => selects(set, labels) }, this.#context));
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

  #keepRevisions(): Promise<Kept> {
    const set = this.#set;
    return keepRevisions({
      resource, set, reference: controllerReference(resource, set), hashLabel: revisionLabel, isReleasing: true,
      selects: (labels) => selects(set, labels),
      collided: (live) => ({ ...live, status: { ...emptyStatus, ...live.status, collisionCount: (live.status?.collisionCount ?? 0) + 1 } }),
      merge: (current) => this.#relabel(current.metadata.labels?.[revisionLabel]),
    }, this.#context);
  }

  /** Pods of duplicate revisions are of the one that stays, and need not be replaced. */
  async #relabel(hash: string | undefined): Promise<void> {
    for (const pod of this.#context.caches.of(pods).owned(this.#set)) {
      if (pod.metadata.labels?.[revisionLabel] !== hash) await this.#context.client.patch(pods, keyOf(pod), { type: 'merge', body: { metadata: { labels: { [revisionLabel]: hash } } } });
    }
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

  #say(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#context.events.event(this.#set, type, reason, message);
  }

  async #act(create: readonly string[], remove: readonly Pod[], kept: Kept): Promise<ApiError | undefined> {
    const { failure } = await slowStart(Math.min(burst, create.length), (position) => this.#create(create[position] ?? '', kept));
    const results = await Promise.all(remove.slice(0, burst).map((pod) => deletePod(this.#set, pod, this.#context)));
    return failure ?? results.find((result) => result !== undefined);
  }

  async #create(node: string, { hash }: Kept): Promise<ApiError | undefined> {
    const { metadata, spec: { template } } = this.#set;
    const generation = generationOf(this.#set);
    const pod = {
      apiVersion: 'v1', kind: 'Pod',
      metadata: {
        generateName: `${metadata.name ?? ''}-`, namespace: metadata.namespace, ownerReferences: [controllerReference(resource, this.#set)], annotations: { ...template.metadata?.annotations }, finalizers: template.metadata?.finalizers,
        labels: { ...template.metadata?.labels, ...(generation === undefined ? {} : { [templateGenerationLabel]: generation }), [revisionLabel]: hash },
      },
      spec: { ...template.spec, affinity: boundTo(node, template.spec?.affinity), tolerations: tolerationsOf(template.spec ?? { containers: [] }) },
    } as Pod; // the template has containers
    const made = await createPod(this.#set, pod, this.#context);
    return made instanceof ApiError ? made : undefined;
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
