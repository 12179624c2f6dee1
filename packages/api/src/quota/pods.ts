/** Pods use up processor, memory and what else their containers ask for, until they are over. Pure. */
import { isDeepEqual, parseTime, qualifiedNameErrors } from '@kaji/schema';
import type { Container } from '../core/v1/container.ts';
import type { Pod } from '../core/v1/pod.ts';
import { qosClassOf } from '../core/v1/pod-quality.ts';
import type { ScopedResourceSelectorRequirement } from '../core/v1/scope-selector.ts';
import type { PodAffinityTerm } from '../core/v1/scheduling.ts';
import type { ApiObject } from '../resource.ts';
import { addAmounts, type Amounts } from './amounts.ts';
import { countName, type Evaluator, matchesOperator } from './evaluator.ts';
import { hasPodLevel, podLimits, podRequests } from './pod-resources.ts';

type PodObject = Pod & ApiObject;

const computing = ['cpu', 'memory', 'ephemeral-storage'];
const podCount = countName({ group: '', plural: 'pods' });
const tracked: ReadonlySet<string> = new Set([podCount, 'pods', ...computing, ...computing.map((name) => `requests.${name}`), ...computing.map((name) => `limits.${name}`)]);

/** Kubernetes: containers must name these where a quota does. An old mistake, kept for those who rely on it. */
const demanded: ReadonlySet<string> = new Set(['cpu', 'memory'].flatMap((name) => [name, `requests.${name}`, `limits.${name}`]));

const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');
export const deviceClassPrefix = 'deviceclass.resource.kubernetes.io/';

/** Resources that nodes or drivers bring: `example.com/gpu`. */
export const isExtendedResource = (name: string): boolean => !isNative(name) && !name.startsWith('requests.') && qualifiedNameErrors(`requests.${name}`).length === 0;

/** Names that a quota can have for them. */
export const isExtendedQuotaName = (name: string): boolean => name.startsWith('requests.') && (!isNative(name) || name.startsWith(`requests.${deviceClassPrefix}`));

export const podEvaluator: Evaluator<PodObject> = {
  handles({ operation, subresource, object, old }) {
    if (subresource === 'resize') return operation === 'UPDATE';
    if (subresource !== '') return false;
    if (operation === 'CREATE') return true;
    return operation === 'UPDATE' && object !== undefined && old !== undefined && isTerminating(object as PodObject) !== isTerminating(old as PodObject); // the evaluator is for pods
  },
  isTracked: (name) => tracked.has(name) || name.startsWith('hugepages-') || name.startsWith('requests.hugepages-') || isExtendedQuotaName(name),
  matchesScope,
  usage(pod, { nowMs }) {
    const own: Amounts = { [podCount]: '1' };
    if (!isCharged(pod, nowMs)) return own;
    return addAmounts(own, charges(podRequests(pod, { isStatusCounted: true }), podLimits(pod, { isStatusCounted: true })));
  },
  missing(names, { spec }) {
    if (hasPodLevel(spec)) return undefined;
    const wanted = names.filter((name) => demanded.has(name)).sort();
    const lacking = (name: string): readonly string[] => [...new Set([...spec.containers, ...(spec.initContainers ?? [])].filter((container) => !(name in chargesOf(container))).map((container) => container.name))].sort();
    const texts = wanted.map((name) => [name, lacking(name)] as const).filter(([, containers]) => containers.length > 0).map(([name, containers]) => `${name} for: ${containers.join(',')}`);
    return texts.length === 0 ? undefined : `must specify ${texts.join('; ')}`;
  },
  isReplenishing: (pod, old, { nowMs }) => isResized(pod, old) || isTerminating(pod) !== isTerminating(old) || (isCharged(old, nowMs) && !isCharged(pod, nowMs)),
};

const chargesOf = ({ resources }: Container): Amounts => charges(resources?.requests ?? {}, resources?.limits ?? {});

/** The names under which a quota knows what is asked for. */
function charges(requests: Amounts, limits: Amounts): Amounts {
  const used: Record<string, string> = { pods: '1' };
  for (const name of computing) {
    if (requests[name] !== undefined) used[name] = used[`requests.${name}`] = requests[name];
    if (limits[name] !== undefined) used[`limits.${name}`] = limits[name];
  }
  for (const [name, amount] of Object.entries(requests)) {
    if (name.startsWith('hugepages-')) used[name] = used[`requests.${name}`] = amount;
    if (isExtendedResource(name) || name.startsWith(deviceClassPrefix)) used[`requests.${name}`] = amount;
  }
  return used;
}

/** Whether it counts: not once it is over, nor when it should have been gone by now. */
function isCharged({ metadata: { deletionTimestamp, deletionGracePeriodSeconds }, status }: PodObject, nowMs: number): boolean {
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return false;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return true;
  return nowMs <= (parseTime(deletionTimestamp) ?? 0) + deletionGracePeriodSeconds * 1000;
}

const isTerminating = ({ spec: { activeDeadlineSeconds } }: Pod): boolean => activeDeadlineSeconds !== undefined && activeDeadlineSeconds >= 0;

/** What the node has given, as its statuses say. */
function isResized({ status }: Pod, { status: old }: Pod): boolean {
  const differs = (after: readonly { readonly name: string; readonly resources?: unknown }[] = [], before: typeof after = []): boolean =>
    before.some(({ name, resources }) => after.some((one) => one.name === name && !isDeepEqual(one.resources, resources)));
  return differs(status?.containerStatuses, old?.containerStatuses) || differs(status?.initContainerStatuses, old?.initContainerStatuses);
}

function matchesScope(requirement: ScopedResourceSelectorRequirement, pod: PodObject): boolean {
  const isBestEffort = (): boolean => (pod.status?.qosClass ?? qosClassOf(pod.spec)) === 'BestEffort';
  switch (requirement.scopeName) {
    case 'Terminating': return isTerminating(pod);
    case 'NotTerminating': return !isTerminating(pod);
    case 'BestEffort': return isBestEffort();
    case 'NotBestEffort': return !isBestEffort();
    case 'PriorityClass': return matchesOperator(requirement, (pod.spec.priorityClassName ?? '') === '' ? [] : [pod.spec.priorityClassName ?? '']);
    case 'CrossNamespacePodAffinity': return looksAcross(pod);
    default: return false;
  }
}

/** Whether its affinity looks at pods of other namespaces. */
function looksAcross({ spec: { affinity } }: Pod): boolean {
  const isAcross = ({ namespaces = [], namespaceSelector }: PodAffinityTerm): boolean => namespaces.length > 0 || namespaceSelector !== undefined;
  return [affinity?.podAffinity, affinity?.podAntiAffinity].some((each) =>
    (each?.requiredDuringSchedulingIgnoredDuringExecution ?? []).some(isAcross) || (each?.preferredDuringSchedulingIgnoredDuringExecution ?? []).some(({ podAffinityTerm }) => isAcross(podAffinityTerm)));
}
