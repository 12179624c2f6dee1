/** What a change of an object means to pods that wait. */
import type { Node, Pod } from '@kaji/api/core/v1';
import { isDeepEqual } from '@kaji/schema';
import type { ClusterEvent } from './framework.ts';
import { requestsOf } from './requests.ts';

export function nodeEvents(node: Node, previous: Node | undefined): readonly ClusterEvent[] {
  if (previous === undefined) return ['node/add'];
  const events: ClusterEvent[] = [];
  if (!isDeepEqual(node.status?.allocatable, previous.status?.allocatable)) events.push('node/allocatable');
  if (!isDeepEqual(node.metadata.labels, previous.metadata.labels)) events.push('node/labels');
  if (!isDeepEqual(node.spec?.taints, previous.spec?.taints)) events.push('node/taints');
  if (node.spec?.unschedulable !== true && previous.spec?.unschedulable === true) events.push('node/unschedulable');
  return events;
}

/** Of a pod on a node: asking for less frees room. */
export function placedPodEvents(pod: Pod, previous: Pod): readonly ClusterEvent[] {
  const before = requestsOf(previous);
  return [...requestsOf(pod)].some(([name, amount]) => amount < (before.get(name) ?? 0)) ? ['pod/scale-down'] : [];
}
