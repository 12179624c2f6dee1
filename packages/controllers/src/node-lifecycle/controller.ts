/** Watches over heartbeats: a node that falls silent becomes Unknown, its taints follow its conditions, its pods stop being ready. */
import { isReason } from '@kaji/api';
import { leases } from '@kaji/api/coordination/v1';
import { type Node, nodes, type Pod, pods, type Taint } from '@kaji/api/core/v1';
import { type Change, type Key, keyOf } from '@kaji/client';
import { formatTime, parseTime } from '@kaji/schema';
import { type Caches, type Controller, type ReconcileContext, watch } from '../controller.ts';
import { evictionOf, zoneOf } from './disruption.ts';
import { conditionOf, type Eviction, plan } from './plan.ts';

/** Kubernetes: upstream's defaults of 1.36. */
const options = { graceMs: 50_000, startupGraceMs: 60_000 };
const leaseNamespace = 'kube-node-lease';

interface Heard {
  /** What changes with each sign of life. */
  readonly mark: string;
  /** When this process saw it change: clocks of nodes need not agree with ours. */
  readonly atMs: number;
}

export function nodeLifecycleController(): Controller {
  const heard = new Map<string, Heard>();
  /** When the last node of a zone was tainted so that its pods leave. */
  const evictedAtMs = new Map<string, number>();
  return {
    name: 'node-lifecycle-controller',
    component: 'node-controller',
    watches: [
      watch(nodes, wake),
      watch(leases, ({ object }) => (object.metadata.namespace === leaseNamespace ? [{ namespace: '', name: object.metadata.name ?? '' }] : [])),
      watch(pods, (change) => (change.type === 'added' && change.object.spec.nodeName !== undefined ? [{ namespace: '', name: change.object.spec.nodeName }] : [])),
    ],
    concurrency: 8,
    async reconcile(key, context) {
      const node = context.caches.of(nodes).get(key);
      if (node === undefined) {
        heard.delete(key.name);
        return 'done';
      }
      const now = context.clock.now();
      const lastHeard = listen(key, node, heard.get(key.name), context);
      if (!heard.has(key.name)) context.events.event(node, 'Normal', 'RegisteredNode', `Node ${key.name} event: Registered Node ${key.name} in Controller`);
      heard.set(key.name, lastHeard);
      const pace = paceOf(node, context, evictedAtMs.get(zoneOf(node)));
      const found = plan(node, lastHeard.atMs, now, { ...options, eviction: pace.eviction });
      let current = node;
      if (found.conditions !== undefined) {
        context.events.event(node, 'Normal', 'NodeNotReady', `Node ${key.name} status is now: NodeNotReady`);
        current = await context.client.updateStatus(nodes, { ...node, status: { ...node.status, conditions: found.conditions } });
      }
      // The revision makes it fail, and be tried again, where somebody else changed the taints meanwhile.
      if (isEvicting(found.taints) && !isEvicting(node.spec.taints)) evictedAtMs.set(zoneOf(node), now);
      if (found.taints !== undefined) await context.client.patch(nodes, key, { type: 'merge', body: { metadata: { resourceVersion: current.metadata.resourceVersion }, spec: { taints: found.taints } } });
      if (conditionOf(current, 'Ready')?.status !== 'True') await markPodsNotReady(key.name, context);
      const isWaiting = conditionOf(current, 'Ready')?.status !== 'True' && pace.waitMs !== undefined;
      const waits = [found.checkAtMs === undefined ? Infinity : found.checkAtMs - now, isWaiting ? (pace.waitMs ?? Infinity) : Infinity];
      const waitMs = Math.min(...waits);
      return waitMs === Infinity ? 'done' : { retryAfterMs: Math.max(1, waitMs) };
    },
  };
}

/** A node that becomes ready or stops being so changes how many may be emptied, and so concerns all. */
function* wake(change: Change<Node>, caches: Caches): Iterable<Key> {
  const isReady = (node: Node): boolean => conditionOf(node, 'Ready')?.status === 'True';
  if (change.type === 'added' || (change.type === 'updated' && isReady(change.object) === isReady(change.previous))) yield keyOf(change.object);
  else for (const node of caches.of(nodes).all()) yield keyOf(node);
  if (change.type === 'deleted') yield keyOf(change.object);
}

const isEvicting = (taints: readonly Taint[] | undefined): boolean => taints?.some(({ key, effect }) => effect === 'NoExecute' && (key === 'node.kubernetes.io/unreachable' || key === 'node.kubernetes.io/not-ready')) === true;

interface Pace {
  readonly eviction: Eviction;
  /** Until the zone's next node has its turn. */
  readonly waitMs: number | undefined;
}

function paceOf(node: Node, { caches, clock }: ReconcileContext, lastMs: number | undefined): Pace {
  const allowed = evictionOf(node, caches.of(nodes).all());
  if (allowed === 'never') return { eviction: 'never', waitMs: undefined };
  if (isEvicting(node.spec.taints)) return { eviction: 'now', waitMs: undefined };
  if (allowed.everyMs === Infinity) return { eviction: 'later', waitMs: undefined };
  const waitMs = lastMs === undefined ? 0 : lastMs + allowed.everyMs - clock.now();
  return waitMs <= 0 ? { eviction: 'now', waitMs: undefined } : { eviction: 'later', waitMs };
}

/** The newest sign of life: the Lease's renewal or the status that the kubelet posts. */
function listen(key: Key, node: Node, last: Heard | undefined, { caches, clock }: ReconcileContext): Heard {
  const lease = caches.of(leases).get({ namespace: leaseNamespace, name: key.name });
  const mark = `${lease?.spec.renewTime ?? ''} ${conditionOf(node, 'Ready')?.lastHeartbeatTime ?? ''}`;
  if (last !== undefined) return last.mark === mark ? last : { mark, atMs: clock.now() };
  // A controller that has just started trusts what is written, but gives a node that was never heard of its time from creation.
  const written = [lease?.spec.renewTime, conditionOf(node, 'Ready')?.lastHeartbeatTime, node.metadata.creationTimestamp].map((time) => (time === undefined ? undefined : parseTime(time)));
  const hasSpoken = written[0] !== undefined || written[1] !== undefined;
  return { mark, atMs: hasSpoken ? clock.now() : (written[2] ?? clock.now()) };
}

async function markPodsNotReady(nodeName: string, { caches, client, clock, events }: ReconcileContext): Promise<void> {
  for (const pod of caches.of(pods).all()) {
    if (pod.spec.nodeName !== nodeName || !isReady(pod)) continue;
    try {
      await client.patch(pods, keyOf(pod), { type: 'strategic', subresource: 'status', body: { metadata: { uid: pod.metadata.uid }, status: { conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: formatTime(clock.now()) }] } } });
      events.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
    } catch (error) {
      if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) throw error; // the pod is gone
    }
  }
}

const isReady = (pod: Pod): boolean => pod.status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') === true;
