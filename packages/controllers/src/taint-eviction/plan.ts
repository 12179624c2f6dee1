/** When a pod must leave a node that has NoExecute taints. */
import type { Pod, Taint } from '@kaji/api/core/v1';
import { tolerates } from '@kaji/api/placement';

export type Verdict = 'stays' | { readonly leavesAtMs: number };

/** Kubernetes: a taint without a time counts from now. */
export function plan(pod: Pod, taints: readonly Taint[], now: number, parse: (time: string) => number | undefined): Verdict {
  let leavesAtMs = Infinity;
  for (const taint of taints) {
    if (taint.effect !== 'NoExecute') continue;
    const tolerating = (pod.spec.tolerations ?? []).filter((toleration) => tolerates(toleration, taint));
    if (tolerating.length === 0) return { leavesAtMs: now };
    const since = taint.timeAdded === undefined ? now : (parse(taint.timeAdded) ?? now);
    const seconds = tolerating.flatMap((toleration) => (toleration.tolerationSeconds === undefined ? [] : [Math.max(0, toleration.tolerationSeconds)]));
    if (seconds.length > 0) leavesAtMs = Math.min(leavesAtMs, since + Math.min(...seconds) * 1000);
  }
  return leavesAtMs === Infinity ? 'stays' : { leavesAtMs };
}
