// One APIService for each version of a group that this server serves by itself. Pure.
import { type AnyResource, type ApiObject, apiVersionOf } from '@kaji/api';
import { type APIService, apiservices } from '@kaji/api/apiregistration/v1';
import type { Seed } from '../registry/parts.ts';
import { localCondition } from '../upkeep/api-service-status.ts';

/** The order in which discovery lists groups and their versions, the greatest first. */
interface Priority {
  readonly group: number;
  readonly version: number;
}

const priorities: Readonly<Record<string, Priority>> = {
  'v1': { group: 18000, version: 1 },
  'apps/v1': { group: 17800, version: 15 },
  'events.k8s.io/v1': { group: 17750, version: 15 },
  'authentication.k8s.io/v1': { group: 17700, version: 15 },
  'authorization.k8s.io/v1': { group: 17600, version: 15 },
  'autoscaling/v1': { group: 17500, version: 15 },
  'autoscaling/v2': { group: 17500, version: 30 },
  'batch/v1': { group: 17400, version: 15 },
  'certificates.k8s.io/v1': { group: 17300, version: 15 },
  'networking.k8s.io/v1': { group: 17200, version: 15 },
  'policy/v1': { group: 17100, version: 15 },
  'rbac.authorization.k8s.io/v1': { group: 17000, version: 15 },
  'storage.k8s.io/v1': { group: 16800, version: 15 },
  'apiextensions.k8s.io/v1': { group: 16700, version: 15 },
  'admissionregistration.k8s.io/v1': { group: 16700, version: 15 },
  'scheduling.k8s.io/v1': { group: 16600, version: 15 },
  'coordination.k8s.io/v1': { group: 16500, version: 15 },
  'node.k8s.io/v1': { group: 16300, version: 15 },
  'discovery.k8s.io/v1': { group: 16200, version: 15 },
  'resource.k8s.io/v1': { group: 16200, version: 21 },
  'flowcontrol.apiserver.k8s.io/v1': { group: 16100, version: 21 },
};

const managedLabel = 'kube-aggregator.kubernetes.io/automanaged';

/** Kubernetes: the group of APIServices has none. */
export function localApiServices(kinds: readonly AnyResource[], nowMs: number): readonly Seed[] {
  const versions = new Map(kinds.filter(({ group }) => group !== 'apiregistration.k8s.io').map((kind) => [apiVersionOf(kind), kind]));
  return [...versions].map(([apiVersion, { group, version }]) => {
    const { group: groupPriorityMinimum, version: versionPriority } = priorities[apiVersion] ?? { group: 1000, version: 15 };
    const object: APIService & ApiObject = {
      apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name: `${version}.${group}`, labels: { [managedLabel]: 'onstart' } },
      spec: { ...(group === '' ? {} : { group }), version, groupPriorityMinimum, versionPriority }, status: { conditions: [localCondition(nowMs)] },
    };
    return { resource: apiservices as AnyResource, object };
  });
}
