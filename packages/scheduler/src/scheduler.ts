/** Gives every pod a node: takes pods from the queue one by one, decides, and writes the decisions behind. */
import { ApiError, isReason } from '@kaji/api';
import { type Node, nodes, type Pod, type PodCondition, pods } from '@kaji/api/core/v1';
import { type Random, type Runtime, Scope } from '@kaji/base';
import { causeOf, type Change, type Client, EventRecorder, Informers, keyOf, leaderElect, uidOf } from '@kaji/client';
import { formatTime } from '@kaji/schema';
import { Attempts } from './attempts.ts';
import { ClusterCache } from './cluster-cache.ts';
import { nodeEvents, placedPodEvents } from './cluster-events.ts';
import type { SchedulerConfiguration } from './configuration.ts';
import type { Cycle, Profile, Unreserve } from './framework.ts';
import { profileOf } from './profile.ts';
import { type Decision, schedule } from './schedule.ts';
import { type QueuedPod, SchedulingQueue } from './scheduling-queue.ts';

export interface SchedulerParts {
  readonly client: Client;
  /** Who this is in a leader election: the host's name, say. */
  readonly identity: string;
}

type Nowhere = Extract<Decision, { outcome: 'nowhere' }>;

/** Decisions in a row before others on this thread get their turn. */
const decisionsPerTurn = 8;
/** Kubernetes: the limit of an event's note. */
const longestNote = 1024;

export class Scheduler {
  readonly attempts = new Attempts();
  readonly #runtime: Runtime;
  readonly #parts: SchedulerParts;
  readonly #configuration: SchedulerConfiguration;
  readonly #profiles: ReadonlyMap<string, Profile>;
  #cache = new ClusterCache();
  readonly #random: Random;
  #start = 0;

  /** Throws ConfigError. */
  constructor(runtime: Runtime, parts: SchedulerParts, configuration: SchedulerConfiguration) {
    this.#runtime = runtime;
    this.#parts = parts;
    this.#configuration = configuration;
    this.#profiles = new Map(configuration.profiles.map((profile) => [profile.schedulerName, profileOf(profile, parts.client)]));
    this.#random = runtime.random.stream('scheduler');
  }

  /** Runs until the signal; with leader election, while this one leads. */
  async run(signal: AbortSignal): Promise<void> {
    const { leaderElect: isElected, resourceName, resourceNamespace, leaseDurationMs, renewDeadlineMs, retryPeriodMs } = this.#configuration.leaderElection;
    if (!isElected) {
      await this.#lead(signal);
      return;
    }
    const { client, identity } = this.#parts;
    const options = { lease: { namespace: resourceNamespace, name: resourceName }, identity, leaseDurationMs, renewDeadlineMs, retryPeriodMs };
    await leaderElect(this.#runtime, client, options, (leading) => this.#lead(leading), signal);
  }

  async #lead(signal: AbortSignal): Promise<void> {
    const { clock } = this.#runtime;
    this.#cache = new ClusterCache(); // what an earlier leadership believed is of no use
    const { podInitialBackoffMs, podMaxBackoffMs } = this.#configuration;
    const queue = new SchedulingQueue(clock, { initialBackoffMs: podInitialBackoffMs, maxBackoffMs: podMaxBackoffMs }, (pod) => this.#profiles.get(pod.spec.schedulerName ?? 'default-scheduler'));
    const informers = new Informers(this.#runtime, this.#parts.client);
    // Pods that ended hold nothing any more.
    const running = informers.of(pods, { fieldSelector: 'status.phase!=Succeeded,status.phase!=Failed' });
    informers.of(nodes).subscribe((change) => { this.#seeNode(queue, change); }, signal);
    running.subscribe((change) => { this.#seePod(queue, change); }, signal);
    const events = new EventRecorder(this.#runtime, this.#parts.client, { component: 'default-scheduler' });
    signal.addEventListener('abort', () => { queue.close(); }, { once: true });
    await using scope = new Scope(signal);
    scope.run('informers', (inner) => informers.run(inner));
    scope.run('events', (inner) => events.run(inner));
    scope.run('cycles', async (inner) => {
      await informers.synced(inner);
      await this.#cycles({ queue, events, scope, current: (pod) => running.cache.get(keyOf(pod)) }, inner);
    });
    await scope.join();
  }

  #seeNode(queue: SchedulingQueue, change: Change<Node>): void {
    if (change.type === 'deleted') {
      this.#cache.removeNode(change.object.metadata.name ?? '');
      return;
    }
    this.#cache.setNode(change.object);
    for (const event of nodeEvents(change.object, change.previous)) queue.unblock(event);
  }

  #seePod(queue: SchedulingQueue, change: Change<Pod>): void {
    const { object: pod, previous } = change;
    const uid = uidOf(pod);
    if (change.type === 'deleted') {
      queue.remove(uid);
      this.#cache.removePod(uid);
      if (isPlaced(pod) || isPlaced(change.previous)) queue.unblock('pod/delete');
      return;
    }
    // A missed deletion shows as an update to another pod of the same name.
    if (previous !== undefined && uidOf(previous) !== uid) this.#seePod(queue, { type: 'deleted', object: previous, previous });
    const before = previous !== undefined && uidOf(previous) === uid ? previous : undefined;
    if (isPlaced(pod)) {
      queue.remove(uid);
      this.#cache.setPod(pod);
      if (before === undefined || !isPlaced(before)) queue.unblock('pod/add');
      else for (const event of placedPodEvents(pod, before)) queue.unblock(event);
      return;
    }
    if (!this.#profiles.has(pod.spec.schedulerName ?? 'default-scheduler') || this.#cache.isAssumed(uid)) return;
    this.#cache.nominate(pod, pod.status?.nominatedNodeName ?? '');
    if (before !== undefined && hasSameNeeds(pod, before)) queue.refresh(pod);
    else queue.add(pod);
  }

  async #cycles(at: Desk, signal: AbortSignal): Promise<void> {
    for (let decisions = 1; !signal.aborted; decisions++) {
      const queued = await at.queue.pop();
      if (queued === undefined) return;
      this.#decide(at, queued);
      if (decisions % decisionsPerTurn === 0) await new Promise<void>((resolve) => { setImmediate(resolve); });
    }
  }

  #decide(at: Desk, queued: QueuedPod): void {
    const { pod } = queued;
    const profile = this.#profiles.get(pod.spec.schedulerName ?? 'default-scheduler');
    if (profile === undefined || this.#cache.isAssumed(uidOf(pod))) return;
    if (pod.metadata.deletionTimestamp !== undefined) {
      at.events.record(pods, pod, { type: 'Warning', reason: 'FailedScheduling', message: `skip schedule deleting pod: ${pod.metadata.namespace}/${pod.metadata.name}` });
      return;
    }
    const snapshot = this.#cache.snapshot();
    const decision = schedule(pod, snapshot, profile, { random: this.#random, start: this.#start });
    this.#start = snapshot.nodes.length === 0 ? 0 : (this.#start + decision.rejections.size + 1) % snapshot.nodes.length;
    this.#remember(queued, decision);
    if (decision.outcome === 'nowhere') {
      if (decision.nominatedNode !== undefined) this.#cache.nominate(pod, decision.nominatedNode);
      at.queue.park({ ...queued, rejectedBy: decision.rejectedBy });
      at.scope.run(`fail ${pod.metadata.namespace}/${pod.metadata.name}`, () => this.#tellNowhere(at, pod, decision));
      return;
    }
    const { node, cycle } = decision;
    this.#cache.assume({ ...pod, spec: { ...pod.spec, nodeName: node } }, node);
    at.scope.run(`bind ${pod.metadata.namespace}/${pod.metadata.name}`, (signal) => this.#bind(at, { queued, node, cycle, profile }, signal));
  }

  #remember({ pod, attempts }: QueuedPod, decision: Decision): void {
    const { namespace, name } = keyOf(pod);
    const isPlacing = decision.outcome === 'node';
    this.attempts.record({
      namespace, name, uid: uidOf(pod), atMs: this.#runtime.clock.now(), attempt: attempts,
      node: isPlacing ? decision.node : undefined, message: isPlacing ? '' : decision.message, rejections: decision.rejections, scores: decision.scores,
    });
  }

  async #bind(at: Desk, { queued, node, cycle, profile }: Binding, signal: AbortSignal): Promise<void> {
    const { pod } = queued;
    const reserved: Unreserve[] = profile.reserve.map((plugin) => plugin.reserve?.(cycle, node) ?? (() => undefined));
    try {
      for (const plugin of profile.permit) {
        const answer = await plugin.permit?.(cycle, node, signal);
        if (answer !== undefined && answer !== 'allow') throw new ApiError('Forbidden', answer.deny);
      }
      for (const plugin of profile.preBind) await plugin.preBind?.(cycle, node, signal);
      await profile.bind[0]?.bind?.(cycle, node, signal);
      for (const plugin of profile.postBind) plugin.postBind?.(cycle, node);
      at.events.record(pods, pod, { type: 'Normal', reason: 'Scheduled', message: `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${node}` });
      this.#runtime.log.debug('bound pod', { pod: keyOf(pod), node });
      if (at.current(pod) === undefined) this.#cache.forget(uidOf(pod)); // deleted while it was bound: its deletion has been seen already
    } catch (error) {
      for (const unreserve of reserved.reverse()) unreserve();
      if (signal.aborted) return;
      await this.#takeBack(at, queued, ApiError.from(error));
    }
  }

  /** The decision could not be written: the pod is gone, somebody else placed it, or the server was not to be reached. */
  async #takeBack(at: Desk, queued: QueuedPod, error: ApiError): Promise<void> {
    this.#cache.forget(uidOf(queued.pod));
    at.queue.unblock('pod/delete');
    const pod = at.current(queued.pod);
    if (pod === undefined || uidOf(pod) !== uidOf(queued.pod) || isPlaced(pod) || isReason(error, 'NotFound')) return;
    at.queue.retry({ ...queued, pod, rejectedBy: new Set() });
    await this.#tell(at, pod, { reason: 'SchedulerError', message: `binding rejected: ${error.message}` });
  }

  async #tellNowhere(at: Desk, pod: Pod, { message, victims, nominatedNode }: Nowhere): Promise<void> {
    const client = this.#parts.client.withCause(causeOf(pods, pod));
    for (const victim of victims) {
      if (victim.metadata.deletionTimestamp !== undefined) continue;
      const condition = { type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler', message: `${pod.spec.schedulerName ?? 'default-scheduler'}: preempting to accommodate a higher priority pod` };
      await this.#ignoringGone(() => this.#setCondition(client, victim, condition, undefined));
      await this.#ignoringGone(() => client.delete(pods, keyOf(victim), { uid: uidOf(victim) }));
      at.events.record(pods, victim, { type: 'Normal', reason: 'Preempted', message: `Preempted by pod ${uidOf(pod)} on node ${nominatedNode ?? ''}` });
    }
    await this.#tell(at, pod, { reason: 'Unschedulable', message, ...(nominatedNode === undefined ? {} : { nominatedNode }) });
  }

  async #tell(at: Desk, pod: Pod, { reason, message, nominatedNode }: { readonly reason: string; readonly message: string; readonly nominatedNode?: string }): Promise<void> {
    const note = message.length <= longestNote ? message : `${message.slice(0, longestNote - 4)} ...`;
    at.events.record(pods, pod, { type: 'Warning', reason: 'FailedScheduling', message: note });
    const client = this.#parts.client.withCause(causeOf(pods, pod));
    await this.#ignoringGone(() => this.#setCondition(client, pod, { type: 'PodScheduled', status: 'False', reason, message }, nominatedNode));
  }

  async #setCondition(client: Client, pod: Pod, condition: { readonly type: string; readonly status: string; readonly reason: string; readonly message: string }, nominatedNode: string | undefined): Promise<void> {
    const known: PodCondition | undefined = pod.status?.conditions?.find(({ type }) => type === condition.type);
    const isNominated = nominatedNode !== undefined && nominatedNode !== (pod.status?.nominatedNodeName ?? '');
    if (!isNominated && known?.status === condition.status && known.reason === condition.reason && known.message === condition.message) return;
    const lastTransitionTime = known?.status === condition.status ? known.lastTransitionTime : formatTime(this.#runtime.clock.now());
    const conditions = [{ ...condition, lastProbeTime: null, lastTransitionTime, observedGeneration: pod.metadata.generation }];
    const body = { metadata: { uid: uidOf(pod) }, status: { conditions, ...(isNominated ? { nominatedNodeName: nominatedNode } : {}) } };
    await client.patch(pods, keyOf(pod), { type: 'strategic', subresource: 'status', body });
  }

  /** A pod that is gone needs nothing; another failure is logged, for the pod is tried again anyhow. */
  async #ignoringGone(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) this.#runtime.log.warn('pod not updated', { error: String(error) });
    }
  }
}

/** What a cycle works with. */
interface Desk {
  readonly queue: SchedulingQueue;
  readonly events: EventRecorder;
  readonly scope: Scope;
  /** The pod of that name as it was last seen. */
  current(pod: Pod): Pod | undefined;
}

interface Binding {
  readonly queued: QueuedPod;
  readonly node: string;
  readonly cycle: Cycle;
  readonly profile: Profile;
}

const isPlaced = (pod: Pod): boolean => pod.spec.nodeName !== undefined && pod.spec.nodeName !== '';

/** Nothing changed that decides where it may go: a pod that was refused would be refused again. */
function hasSameNeeds(pod: Pod, before: Pod): boolean {
  return pod.metadata.generation === before.metadata.generation && pod.metadata.deletionTimestamp === before.metadata.deletionTimestamp && JSON.stringify(pod.metadata.labels) === JSON.stringify(before.metadata.labels) && JSON.stringify(pod.spec) === JSON.stringify(before.spec);
}
