/** What a LimitRange asks of pods and claims: the problems there are, in upstream's words. Pure. */
import type { LimitRange, LimitRangeItem, PersistentVolumeClaim, Pod } from '@kaji/api/core/v1';
import { type Amounts, containerTotal } from '@kaji/api/quota';
import { quantityMilliValue, quantityValue } from '@kaji/schema';

interface Usage {
  readonly requests: Amounts;
  readonly limits: Amounts;
}

export function podProblems({ spec: { limits } }: LimitRange, { spec }: Pod): readonly string[] {
  const containers = [...spec.containers, ...(spec.initContainers ?? [])].map(({ resources }): Usage => ({ requests: resources?.requests ?? {}, limits: resources?.limits ?? {} }));
  const whole = (): Usage => ({
    requests: withPodLevel(containerTotal(spec, ({ resources }) => resources?.requests ?? {}), spec.resources?.requests),
    limits: withPodLevel(containerTotal(spec, ({ resources }) => resources?.limits ?? {}), spec.resources?.limits),
  });
  return limits.flatMap((item) => (item.type === 'Container' ? containers : item.type === 'Pod' ? [whole()] : []).flatMap((usage) => [
    ...problemsOf(item, 'min', (name, least) => belowProblem(item, name, least, usage)),
    ...problemsOf(item, 'max', (name, most) => aboveProblem(item, name, most, usage)),
    ...problemsOf(item, 'maxLimitRequestRatio', (name, ratio) => ratioProblem(item, name, ratio, usage)),
  ]));
}

/** Kubernetes: a claim's limits are not heeded. */
export function claimProblems({ spec: { limits } }: LimitRange, { spec }: PersistentVolumeClaim): readonly string[] {
  const usage: Usage = { requests: spec?.resources?.requests ?? {}, limits: {} };
  return limits.filter(({ type }) => type === 'PersistentVolumeClaim').flatMap((item) => [
    ...problemsOf(item, 'min', (name, least) => belowProblem(item, name, least, usage)),
    ...problemsOf(item, 'max', (name, most) => claimAboveProblem(item, name, most, usage)),
  ]);
}

const problemsOf = (item: LimitRangeItem, bound: 'min' | 'max' | 'maxLimitRequestRatio', problem: (name: string, amount: string) => string | undefined): readonly string[] =>
  Object.entries(item[bound] ?? {}).toSorted(([left], [right]) => (left < right ? -1 : 1)).flatMap(([name, amount]) => problem(name, amount) ?? []);

/** Kubernetes: of what is asked for the pod as a whole, only these count here. */
const withPodLevel = (total: Amounts, own: Amounts = {}): Amounts => ({ ...total, ...Object.fromEntries(Object.entries(own).filter(([name]) => name === 'cpu' || name === 'memory')) });

const mostInThousandths = (2n ** 63n - 1n) / 1000n;

/** Kubernetes: compared in thousandths, rounded up, where none of them is too large for that. Absent counts as nothing. */
function comparable(...texts: readonly (string | undefined)[]): readonly bigint[] {
  const whole = texts.map((text) => quantityValue(text ?? '0'));
  return whole.every((value) => value <= mostInThousandths) ? texts.map((text) => quantityMilliValue(text ?? '0')) : whole;
}

function belowProblem({ type }: LimitRangeItem, name: string, least: string, { requests, limits }: Usage): string | undefined {
  const [request = 0n, limit = 0n, bound = 0n] = comparable(requests[name], limits[name], least);
  const rule = `minimum ${name} usage per ${type} is ${least}`;
  if (requests[name] === undefined) return `${rule}.  No request is specified`;
  if (request < bound) return `${rule}, but request is ${requests[name]}`;
  return limits[name] !== undefined && limit < bound ? `${rule}, but limit is ${limits[name]}` : undefined;
}

function aboveProblem({ type }: LimitRangeItem, name: string, most: string, { requests, limits }: Usage): string | undefined {
  const [request = 0n, limit = 0n, bound = 0n] = comparable(requests[name], limits[name], most);
  const rule = `maximum ${name} usage per ${type} is ${most}`;
  if (limits[name] === undefined) return `${rule}.  No limit is specified`;
  if (limit > bound) return `${rule}, but limit is ${limits[name]}`;
  return requests[name] !== undefined && request > bound ? `${rule}, but request is ${requests[name]}` : undefined;
}

function claimAboveProblem({ type }: LimitRangeItem, name: string, most: string, { requests }: Usage): string | undefined {
  const [request = 0n, bound = 0n] = comparable(requests[name], most);
  const rule = `maximum ${name} usage per ${type} is ${most}`;
  if (requests[name] === undefined) return `${rule}.  No request is specified`;
  return request > bound ? `${rule}, but request is ${requests[name]}` : undefined;
}

function ratioProblem({ type }: LimitRangeItem, name: string, most: string, { requests, limits }: Usage): string | undefined {
  const [request = 0n, limit = 0n] = comparable(requests[name], limits[name], most);
  const rule = `${name} max limit to request ratio per ${type} is ${most}`;
  if (request === 0n) return `${rule}, but no request is specified or request is 0`;
  if (limit === 0n) return `${rule}, but no limit is specified or limit is 0`;
  const ratio = Number(limit) / Number(request);
  const isOver = quantityValue(most) <= mostInThousandths ? ratio * 1000 > Number(quantityMilliValue(most)) : ratio > Number(quantityValue(most));
  return isOver ? `${rule}, but provided ratio is ${ratio.toFixed(6)}` : undefined;
}
