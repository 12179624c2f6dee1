/** Removes pods that nobody else will: of nodes that are gone, terminating without a node, and too many finished ones. */
import { isReason } from '@kaji/api';
import { nodes, type Pod, pods } from '@kaji/api/core/v1';
import { formatTime } from '@kaji/schema';
import { keyOf, uidOf } from '@kaji/client';
import { type Controller, type ReconcileContext, watch } from '../controller.ts';
import { plan, type PodRemoval } from './plan.ts';

/** Kubernetes: upstream's own figures. */
const options = { terminatedLimit: 12_500, quarantineMs: 40_000, unscheduledMs: 20_000 };
const everything = [{ namespace: '', name: '' }];

export function podGarbageCollector(): Controller {
  let missingNodes: ReadonlyMap<string, number> = new Map();
  return {
    name: 'pod-garbage-collector-controller',
    watches: [
      watch(pods, ({ object: pod, type }) => (type !== 'deleted' && (pod.metadata.deletionTimestamp !== undefined || pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') ? everything : [])),
      watch(nodes, ({ type }) => (type === 'updated' ? [] : everything)),
    ],
    isSweeping: true,
    concurrency: 1,
    async reconcile(_key, context) {
      const { caches, clock } = context;
      const known = new Map([...caches.of(nodes).all()].map((node) => [node.metadata.name ?? '', node]));
      const found = plan(caches.of(pods).all(), known, missingNodes, clock.now(), options);
      missingNodes = found.missingNodes;
      for (const removal of found.removals) await remove(removal, context);
      const dues = [...missingNodes.values()].map((since) => since + options.quarantineMs);
      if (found.dueMs !== undefined) dues.push(found.dueMs);
      const waits = dues.map((dueMs) => dueMs - clock.now()).filter((waitMs) => waitMs > 0);
      return waits.length === 0 ? 'done' : { retryAfterMs: Math.min(...waits) };
    },
  };
}

/** A pod that no kubelet will finish must first be seen as failed, so that its owner replaces it. */
async function remove({ pod, cause }: PodRemoval, { client, clock }: ReconcileContext): Promise<void> {
  try {
    if (pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed') {
      await client.patch(pods, keyOf(pod), { type: 'strategic', subresource: 'status', body: failedStatus(pod, cause === 'orphaned', clock.now()) });
    }
    await client.delete(pods, keyOf(pod), { uid: uidOf(pod), gracePeriodSeconds: 0 });
  } catch (error) {
    if (!isReason(error, 'NotFound') && !isReason(error, 'Conflict')) throw error; // gone, or another pod of that name by now
  }
}

const failedStatus = (pod: Pod, isOrphan: boolean, now: number): object => ({
  metadata: { uid: pod.metadata.uid },
  status: {
    phase: 'Failed',
    ...(isOrphan ? { conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'DeletionByPodGC', message: 'PodGC: node no longer exists', lastTransitionTime: formatTime(now) }] } : {}),
  },
});
