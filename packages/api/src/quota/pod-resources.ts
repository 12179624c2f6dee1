/**
 * What a pod as a whole asks for: containers run side by side, those that initialize one after the other, sidecars from their
 * turn on. Pure.
 */
import type { Container } from '../core/v1/container.ts';
import type { Pod } from '../core/v1/pod.ts';
import type { PodSpec } from '../core/v1/pod-spec.ts';
import type { ContainerStatus } from '../core/v1/pod-status.ts';
import { addAmounts, type Amounts, maxAmounts } from './amounts.ts';

export const isSidecar = ({ restartPolicy }: Container): boolean => restartPolicy === 'Always';

/** The most that the containers hold at any time. */
export function containerTotal({ containers, initContainers = [] }: PodSpec, amountsOf: (container: Container) => Amounts): Amounts {
  let total = containers.reduce((sum: Amounts, container) => addAmounts(sum, amountsOf(container)), {});
  let [sidecars, peak]: [Amounts, Amounts] = [{}, {}];
  for (const container of initContainers) {
    const own = amountsOf(container);
    const held = addAmounts(own, sidecars);
    peak = maxAmounts(peak, held);
    if (!isSidecar(container)) continue;
    total = addAmounts(total, own);
    sidecars = held;
  }
  return maxAmounts(total, peak);
}

/** What may be asked for by a pod as a whole. */
export const isPodLevel = (name: string): boolean => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-');

export const hasPodLevel = ({ resources }: PodSpec): boolean => [...Object.keys(resources?.requests ?? {}), ...Object.keys(resources?.limits ?? {})].some(isPodLevel);

/** What was asked for of the pod itself takes the place of what its containers add up to. */
const withPodLevel = (total: Amounts, own: Amounts | undefined): Amounts => ({ ...total, ...Object.fromEntries(Object.entries(own ?? {}).filter(([name]) => isPodLevel(name))) });

export interface ResourceSource {
  /** Whether a resize that is under way counts with what the node has given so far, too. */
  readonly isStatusCounted: boolean;
}

export function podRequests(pod: Pod, { isStatusCounted }: ResourceSource): Amounts {
  const { spec } = pod;
  const statuses = isStatusCounted ? statusesOf(pod) : undefined;
  const total = containerTotal(spec, (container) => effectiveRequests(pod, container, statuses?.get(container.name)));
  return addAmounts(withPodLevel(total, spec.resources?.requests), spec.overhead ?? {});
}

export function podLimits(pod: Pod, { isStatusCounted }: ResourceSource): Amounts {
  const { spec } = pod;
  const statuses = isStatusCounted ? statusesOf(pod) : undefined;
  const limits = withPodLevel(containerTotal(spec, (container) => effectiveLimits(pod, container, statuses?.get(container.name))), spec.resources?.limits);
  // Kubernetes: a limit that is not there, or nothing, stays so.
  const overhead = Object.entries(spec.overhead ?? {}).filter(([name]) => (limits[name] ?? '0') !== '0');
  return addAmounts(limits, Object.fromEntries(overhead));
}

/** Those of containers that can be resized: of what initializes, only sidecars. */
function statusesOf({ spec, status }: Pod): ReadonlyMap<string, ContainerStatus> {
  const passing = new Set((spec.initContainers ?? []).filter((container) => !isSidecar(container)).map(({ name }) => name));
  const all = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  return new Map(all.filter(({ name }) => !passing.has(name)).map((each) => [each.name, each]));
}

function effectiveRequests(pod: Pod, { resources }: Container, status: ContainerStatus | undefined): Amounts {
  const asked = resources?.requests ?? {};
  if (status?.resources === undefined) return asked;
  const given = maxAmounts(status.resources.requests ?? {}, status.allocatedResources ?? {});
  return isInfeasible(pod) ? given : maxAmounts(asked, given);
}

function effectiveLimits(pod: Pod, { resources }: Container, status: ContainerStatus | undefined): Amounts {
  const asked = resources?.limits ?? {};
  if (status?.resources === undefined) return asked;
  const given = status.resources.limits ?? {};
  return isInfeasible(pod) ? given : maxAmounts(asked, given);
}

/** The node has said that it will never give what is asked for now. */
const isInfeasible = ({ status }: Pod): boolean => status?.conditions?.find(({ type }) => type === 'PodResizePending')?.reason === 'Infeasible';
