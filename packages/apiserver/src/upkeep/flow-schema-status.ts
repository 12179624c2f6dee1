// What a FlowSchema's status says: whether the priority level that it leads to exists. Pure.
import type { FlowSchema, FlowSchemaCondition } from '@kaji/api/flowcontrol/v1';
import { formatTime } from '@kaji/schema';

export function danglingCondition(level: string, exists: boolean, nowMs: number): FlowSchemaCondition {
  const about = `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)}`;
  return {
    type: 'Dangling', status: exists ? 'False' : 'True', lastTransitionTime: formatTime(nowMs),
    reason: exists ? 'Found' : 'NotFound', message: `${about} ${exists ? 'and it exists' : 'but there is no such object'}`,
  };
}

/** The condition to be written, or undefined when the status says so already. */
export function wantedDangling({ spec, status }: FlowSchema, exists: boolean, nowMs: number): FlowSchemaCondition | undefined {
  const wanted = danglingCondition(spec.priorityLevelConfiguration.name, exists, nowMs);
  const there = status?.conditions?.find(({ type }) => type === 'Dangling');
  const isSaid = there !== undefined && there.status === wanted.status && there.reason === wanted.reason && there.message === wanted.message;
  return isSaid ? undefined : wanted;
}
