/** Watches over heartbeats: a node that falls silent becomes Unknown, its taints follow its conditions, its pods stop being ready. */
import { isReason } from '@kaji/api';
import { leases } from '@kaji/api/coordination/v1';
import { type Node, nodes, type Pod, pods } from '@kaji/api/core/v1';
import { type Key, keyOf } from '@kaji/client';
import { formatTime, parseTime } from '@kaji/schema';
import { type Controller, type ReconcileContext, watch } from '../controller.ts';
import { conditionOf, plan } from './plan.ts';

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
  return {
    name: 'node-lifecycle-controller',
    watches: [
      watch(nodes, 'self'),
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
      const found = plan(node, lastHeard.atMs, now, options);
      let current = node;
      if (found.conditions !== undefined) {
        context.events.event(node, 'Normal', 'NodeNotReady', `Node ${key.name} status is now: NodeNotReady`);
        current = await context.client.updateStatus(nodes, { ...node, status: { ...node.status, conditions: found.conditions } });
      }
      // The revision makes it fail, and be tried again, where somebody else changed the taints meanwhile.
      if (found.taints !== undefined) await context.client.patch(nodes, key, { type: 'merge', body: { metadata: { resourceVersion: current.metadata.resourceVersion }, spec: { taints: found.taints } } });
      if (conditionOf(current, 'Ready')?.status !== 'True') await markPodsNotReady(key.name, context);
      return found.checkAtMs === undefined ? 'done' : { retryAfterMs: Math.max(1, found.checkAtMs - now) };
    },
  };
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
