/** Deletes pods from nodes whose NoExecute taints they do not tolerate, or no longer. */
import { isReason } from '@kaji/api';
import { nodes, type Pod, pods, type Taint } from '@kaji/api/core/v1';
import { keyOf, keyText, uidOf } from '@kaji/client';
import { formatTime, isDeepEqual, parseTime } from '@kaji/schema';
import { type Controller, type ReconcileContext, watch } from '../controller.ts';
import { plan } from './plan.ts';

export function taintEvictionController(): Controller {
  /** Pods whose deletion waits for its time: key to uid. */
  const waiting = new Map<string, string>();
  return {
    name: 'taint-eviction-controller',
    watches: [
      watch(pods, 'self'),
      watch(nodes, function* (change, caches) {
        if (change.type === 'updated' && isDeepEqual(change.object.spec.taints ?? [], change.previous.spec.taints ?? [])) return;
        for (const pod of caches.of(pods).all()) if (pod.spec.nodeName === change.object.metadata.name) yield keyOf(pod);
      }),
    ],
    concurrency: 8,
    async reconcile(key, context) {
      const { caches, clock, events } = context;
      const pod = caches.of(pods).get(key);
      const id = keyText(key);
      if (pod === undefined || pod.metadata.deletionTimestamp !== undefined || (pod.spec.nodeName ?? '') === '') {
        waiting.delete(id);
        return 'done';
      }
      const taints: readonly Taint[] = caches.of(nodes).get({ namespace: '', name: pod.spec.nodeName ?? '' })?.spec.taints ?? [];
      const now = clock.now();
      const verdict = plan(pod, taints, now, parseTime);
      if (verdict === 'stays') {
        const wasWaiting = waiting.get(id) === uidOf(pod);
        waiting.delete(id);
        if (wasWaiting) events.event(pod, 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${key.namespace}/${key.name}`);
        return 'done';
      }
      waiting.set(id, uidOf(pod));
      if (verdict.leavesAtMs > now) return { retryAfterMs: verdict.leavesAtMs - now };
      await evict(pod, context);
      waiting.delete(id);
      return 'done';
    },
  };
}

async function evict(pod: Pod, { client, clock, events }: ReconcileContext): Promise<void> {
  events.event(pod, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${pod.metadata.namespace ?? ''}/${pod.metadata.name ?? ''}`);
  const condition = { type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager', message: 'Taint manager: deleting due to NoExecute taint', lastTransitionTime: formatTime(clock.now()) };
  try {
    await client.patch(pods, keyOf(pod), { type: 'strategic', subresource: 'status', body: { metadata: { uid: pod.metadata.uid }, status: { conditions: [condition] } } });
    await client.delete(pods, keyOf(pod), { uid: uidOf(pod) });
  } catch (error) {
    if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) throw error; // gone, or another pod of that name by now
  }
}
