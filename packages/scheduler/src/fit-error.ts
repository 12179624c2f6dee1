/** The text that says why a pod fits nowhere, as `kubectl describe` shows it. */

/** Reasons with how many nodes gave each, sorted as text. */
export function unavailableText(nodeCount: number, reasonsOfNodes: Iterable<readonly string[]>): string {
  const counts = new Map<string, number>();
  for (const reasons of reasonsOfNodes) for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const lines = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
  return `0/${nodeCount} nodes are available:${lines.length === 0 ? '' : ` ${lines.join(', ')}.`}`;
}

export interface FitErrorParts {
  readonly nodeCount: number;
  /** Set when the pod was refused before any node was looked at. */
  readonly refusedBefore: string | undefined;
  readonly reasonsOfNodes: Iterable<readonly string[]>;
  readonly postFilterMessage: string;
}

export function fitErrorText({ nodeCount, refusedBefore, reasonsOfNodes, postFilterMessage }: FitErrorParts): string {
  const text = refusedBefore === undefined ? unavailableText(nodeCount, reasonsOfNodes) : `0/${nodeCount} nodes are available: ${refusedBefore}.`;
  return postFilterMessage === '' ? text : `${text} ${postFilterMessage}`;
}
