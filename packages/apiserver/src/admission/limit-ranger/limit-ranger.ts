/** Gives containers the amounts that the namespace's LimitRanges have ready for them, and refuses pods and claims that ask for too much or too little. */
import type { ApiObject } from '@kaji/api';
import { type Container, type LimitRange, limitranges, type PersistentVolumeClaim, type Pod, pods } from '@kaji/api/core/v1';
import type { Amounts } from '@kaji/api/quota';
import type { Reader } from '../../registry/reader.ts';
import type { AdmissionStep, Attempt } from '../admission.ts';
import { deny } from '../deny.ts';
import { claimProblems, podProblems } from './limits.ts';

const annotation = 'kubernetes.io/limit-ranger';

export const limitRanger = (reader: Reader): AdmissionStep => ({
  name: 'LimitRanger',
  mutate(attempt) {
    if (!isLimited(attempt) || attempt.resource.plural !== 'pods') return;
    for (const range of reader.list(limitranges, attempt.namespace)) setDefaults(attempt.object as Pod & ApiObject, range); // the resource says so, as below
  },
  validate(attempt) {
    if (!isLimited(attempt)) return;
    const { object } = attempt;
    for (const range of reader.list(limitranges, attempt.namespace)) {
      const problems = new Set(attempt.resource.plural === 'pods' ? podProblems(range, object as Pod & ApiObject) : claimProblems(range, object as PersistentVolumeClaim & ApiObject));
      if (problems.size > 0) throw deny(attempt, problems.size === 1 ? [...problems].join('') : `[${[...problems].join(', ')}]`);
    }
  },
});

/** Kubernetes: what of a pod can change its resources is its creation and a resize. What is on its way out is left alone. */
function isLimited({ operation, resource: { group, plural }, subresource, object, old }: Attempt): boolean {
  if (group !== '' || object === undefined || old?.metadata.deletionTimestamp !== undefined) return false;
  if (plural === 'pods') return (operation === 'CREATE' && subresource === '') || (operation === 'UPDATE' && subresource === 'resize');
  return plural === 'persistentvolumeclaims' && subresource === '' && (operation === 'CREATE' || operation === 'UPDATE');
}

function setDefaults(pod: Pod & ApiObject, { spec: { limits } }: LimitRange): void {
  const ofContainers = limits.filter(({ type }) => type === 'Container');
  const requests = Object.assign({}, ...ofContainers.map(({ defaultRequest }) => defaultRequest ?? {})) as Amounts; // of amounts alone
  const upTo = Object.assign({}, ...ofContainers.map((item) => item.default ?? {})) as Amounts; // likewise
  const told = [
    ...pod.spec.containers.flatMap((container) => fill(container, 'container', requests, upTo)),
    ...(pod.spec.initContainers ?? []).flatMap((container) => fill(container, 'init container', requests, upTo)),
  ];
  if (told.length === 0) return;
  pod.metadata.annotations = { ...pod.metadata.annotations, [annotation]: `LimitRanger plugin set: ${told.join('; ')}` };
  // What follows from what containers ask for follows from this, too.
  if (pod.spec.resources !== undefined) pods.defaults?.(pod);
}

/** What was set, in words. */
function fill(container: Container, kind: string, requests: Amounts, limits: Amounts): readonly string[] {
  const { resources = {} } = container;
  const missing = (defaults: Amounts, given: Amounts = {}): readonly string[] => Object.keys(defaults).filter((name) => given[name] === undefined).sort();
  const [newRequests, newLimits] = [missing(requests, resources.requests), missing(limits, resources.limits)];
  if (newRequests.length === 0 && newLimits.length === 0) return [];
  container.resources = {
    ...resources,
    ...(newRequests.length === 0 ? {} : { requests: { ...requests, ...resources.requests } }),
    ...(newLimits.length === 0 ? {} : { limits: { ...limits, ...resources.limits } }),
  };
  return [
    ...(newRequests.length === 0 ? [] : [`${newRequests.join(', ')} request for ${kind} ${container.name}`]),
    ...(newLimits.length === 0 ? [] : [`${newLimits.join(', ')} limit for ${kind} ${container.name}`]),
  ];
}
