/** Columns of what makes pods. */
import type { ControllerRevision } from '../apps/v1/controller-revision.ts';
import type { DaemonSet } from '../apps/v1/daemon-set.ts';
import type { Deployment } from '../apps/v1/deployment.ts';
import type { ReplicaSet } from '../apps/v1/replica-set.ts';
import type { StatefulSet } from '../apps/v1/stateful-set.ts';
import type { PodTemplate } from '../core/v1/pod-template.ts';
import type { ReplicationController } from '../core/v1/replication-controller.ts';
import type { Column } from '../resource.ts';
import { ageColumn, containerColumns, labelText, nameColumn, selectorText } from './cells.ts';

export const deploymentColumns: readonly Column<Deployment>[] = [
  nameColumn,
  { name: 'Ready', type: 'string', value: ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}` },
  { name: 'Up-to-date', type: 'string', value: ({ status }) => status?.updatedReplicas ?? 0 },
  { name: 'Available', type: 'string', value: ({ status }) => status?.availableReplicas ?? 0 },
  ageColumn,
  ...containerColumns<Deployment>(({ spec }) => spec.template.spec),
  { name: 'Selector', type: 'string', isWide: true, value: ({ spec }) => selectorText(spec.selector) },
];

export const replicaSetColumns: readonly Column<ReplicaSet>[] = [
  nameColumn,
  { name: 'Desired', type: 'integer', value: ({ spec }) => spec.replicas ?? 0 },
  { name: 'Current', type: 'integer', value: ({ status }) => status?.replicas ?? 0 },
  { name: 'Ready', type: 'integer', value: ({ status }) => status?.readyReplicas ?? 0 },
  ageColumn,
  ...containerColumns<ReplicaSet>(({ spec }) => spec.template?.spec),
  { name: 'Selector', type: 'string', isWide: true, value: ({ spec }) => selectorText(spec.selector) },
];

export const replicationControllerColumns: readonly Column<ReplicationController>[] = [
  nameColumn,
  { name: 'Desired', type: 'integer', value: ({ spec }) => spec.replicas ?? 0 },
  { name: 'Current', type: 'integer', value: ({ status }) => status?.replicas ?? 0 },
  { name: 'Ready', type: 'integer', value: ({ status }) => status?.readyReplicas ?? 0 },
  ageColumn,
  ...containerColumns<ReplicationController>(({ spec }) => spec.template?.spec),
  { name: 'Selector', type: 'string', isWide: true, value: ({ spec }) => labelText(spec.selector) },
];

export const statefulSetColumns: readonly Column<StatefulSet>[] = [
  nameColumn,
  { name: 'Ready', type: 'string', value: ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}` },
  ageColumn,
  ...containerColumns<StatefulSet>(({ spec }) => spec.template.spec),
];

export const daemonSetColumns: readonly Column<DaemonSet>[] = [
  nameColumn,
  { name: 'Desired', type: 'integer', value: ({ status }) => status?.desiredNumberScheduled ?? 0 },
  { name: 'Current', type: 'integer', value: ({ status }) => status?.currentNumberScheduled ?? 0 },
  { name: 'Ready', type: 'integer', value: ({ status }) => status?.numberReady ?? 0 },
  { name: 'Up-to-date', type: 'integer', value: ({ status }) => status?.updatedNumberScheduled ?? 0 },
  { name: 'Available', type: 'integer', value: ({ status }) => status?.numberAvailable ?? 0 },
  { name: 'Node Selector', type: 'string', value: ({ spec }) => labelText(spec.template.spec.nodeSelector) },
  ageColumn,
  ...containerColumns<DaemonSet>(({ spec }) => spec.template.spec),
  { name: 'Selector', type: 'string', isWide: true, value: ({ spec }) => selectorText(spec.selector) },
];

export const controllerRevisionColumns: readonly Column<ControllerRevision>[] = [
  nameColumn,
  { name: 'Controller', type: 'string', value: controllerOf },
  { name: 'Revision', type: 'string', value: ({ revision }) => revision },
  ageColumn,
];

export const podTemplateColumns: readonly Column<PodTemplate>[] = [
  nameColumn,
  { name: 'Containers', type: 'string', value: ({ template }) => template?.spec?.containers.map((container) => container.name).join(',') ?? '' },
  { name: 'Images', type: 'string', value: ({ template }) => template?.spec?.containers.map((container) => container.image ?? '').join(',') ?? '' },
  { name: 'Pod Labels', type: 'string', value: ({ template }) => labelText(template?.metadata?.labels) },
];

/** `daemonset.apps/name`. */
function controllerOf({ metadata }: ControllerRevision): string {
  const owner = metadata.ownerReferences?.find((reference) => reference.controller === true);
  if (owner === undefined) return '<none>';
  const slash = owner.apiVersion.indexOf('/');
  return `${owner.kind.toLowerCase()}${slash < 0 ? '' : `.${owner.apiVersion.slice(0, slash)}`}/${owner.name}`;
}
