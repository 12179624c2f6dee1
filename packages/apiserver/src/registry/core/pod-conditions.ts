/** Conditions of pods that the server sets itself. */
import type { PodCondition } from '@kaji/api/core/v1';
import { formatTime } from '@kaji/schema';

/** The conditions with this one, true from now on or for as long as it was; in its old place if there was one. */
export function withTrueCondition(conditions: readonly PodCondition[], said: { readonly type: string; readonly reason?: string; readonly message?: string }, nowMs: number): PodCondition[] {
  const before = conditions.find(({ type }) => type === said.type);
  const since = before?.status === 'True' ? before.lastTransitionTime : undefined;
  const made: PodCondition = { ...said, status: 'True', lastTransitionTime: since ?? formatTime(nowMs) };
  return before === undefined ? [...conditions, made] : conditions.map((condition) => (condition === before ? made : condition));
}
