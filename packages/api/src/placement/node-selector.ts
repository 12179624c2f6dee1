/** Node selectors and node affinity: which nodes a pod may, must or would rather go to. */
import type { Node, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, Pod } from '../core/v1/index.ts';

type Values = Readonly<Record<string, string>>;

/** What the pod demands of a node's labels and name; undefined when it demands nothing. */
export function requiredMatch(pod: Pod): ((node: Node) => boolean) | undefined {
  const labels = pod.spec.nodeSelector;
  const selector = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (selector === undefined && (labels === undefined || Object.keys(labels).length === 0)) return undefined;
  return (node) => Object.entries(labels ?? {}).every(([key, value]) => node.metadata.labels?.[key] === value) && (selector === undefined || matchesSelector(selector, node));
}

/** One term that holds is enough; a selector without terms matches nothing. */
export const matchesSelector = (selector: NodeSelector, node: Node): boolean => selector.nodeSelectorTerms.some((term) => matchesTerm(term, node));

/** Kubernetes: an empty term matches nothing. */
export function matchesTerm(term: NodeSelectorTerm, node: Node): boolean {
  const { matchExpressions = [], matchFields = [] } = term;
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  return matchExpressions.every((requirement) => holds(requirement, node.metadata.labels ?? {})) && matchFields.every((requirement) => holds(requirement, { 'metadata.name': node.metadata.name ?? '' }));
}

function holds({ key, operator, values = [] }: NodeSelectorRequirement, of: Values): boolean {
  const value = Object.hasOwn(of, key) ? of[key] : undefined;
  switch (operator) {
    case 'In': return value !== undefined && values.includes(value);
    case 'NotIn': return value === undefined || !values.includes(value);
    case 'Exists': return value !== undefined;
    case 'DoesNotExist': return value === undefined;
    case 'Gt': case 'Lt': return value !== undefined && compares(value, values[0] ?? '', operator);
    default: return false;
  }
}

function compares(value: string, bound: string, operator: 'Gt' | 'Lt'): boolean {
  if (!/^[+-]?\d+$/.test(value) || !/^[+-]?\d+$/.test(bound)) return false;
  return operator === 'Gt' ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound);
}

/** The names to which a pod's required terms bind it: each term must name some. Undefined when they bind it to none in particular. */
export function boundNodeNames(pod: Pod): ReadonlySet<string> | undefined {
  const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  if (terms.length === 0) return undefined;
  const names = new Set<string>();
  for (const term of terms) {
    const lists = (term.matchFields ?? []).filter(({ key, operator }) => key === 'metadata.name' && operator === 'In').map(({ values = [] }) => values);
    const [first, ...others] = lists;
    if (first === undefined) return undefined;
    for (const name of first) if (others.every((list) => list.includes(name))) names.add(name);
  }
  return names;
}
