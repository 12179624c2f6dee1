/** Columns of nodes, namespaces, configuration, storage, policy and the records the cluster keeps about itself. */
import type { Lease } from '../coordination/v1/lease.ts';
import type { ComponentStatus } from '../core/v1/component-status.ts';
import type { ConfigMap } from '../core/v1/config-map.ts';
import type { Event } from '../core/v1/event.ts';
import type { Namespace } from '../core/v1/namespace.ts';
import type { Node } from '../core/v1/node.ts';
import type { ResourceQuota } from '../core/v1/resource-quota.ts';
import type { Secret } from '../core/v1/secret.ts';
import type { ServiceAccount } from '../core/v1/service-account.ts';
import type { Event as SeriesEvent } from '../events/v1/event.ts';
import type { RuntimeClass } from '../node/v1/runtime-class.ts';
import type { RoleBinding } from '../rbac/v1/role-binding.ts';
import type { PriorityClass } from '../scheduling/v1/priority-class.ts';
import type { Column } from '../resource.ts';
import { age, ageColumn, nameColumn } from './cells.ts';

export const namespaceColumns: readonly Column<Namespace>[] = [
  nameColumn,
  { name: 'Status', type: 'string', value: ({ status }) => status?.phase ?? '' },
  ageColumn,
];

export const nodeColumns: readonly Column<Node>[] = [
  nameColumn,
  { name: 'Status', type: 'string', value: nodeStatus },
  { name: 'Roles', type: 'string', value: nodeRoles },
  ageColumn,
  { name: 'Version', type: 'string', value: ({ status }) => status?.nodeInfo?.kubeletVersion ?? '' },
  { name: 'Internal-IP', type: 'string', isWide: true, value: (node) => nodeAddress(node, 'InternalIP') },
  { name: 'External-IP', type: 'string', isWide: true, value: (node) => nodeAddress(node, 'ExternalIP') },
  { name: 'OS-Image', type: 'string', isWide: true, value: ({ status }) => orUnknown(status?.nodeInfo?.osImage) },
  { name: 'Kernel-Version', type: 'string', isWide: true, value: ({ status }) => `${orUnknown(status?.nodeInfo?.kernelVersion)}${(status?.nodeInfo?.architecture ?? '') === '' ? '' : ` (${status?.nodeInfo?.architecture ?? ''})`}` },
  { name: 'Container-Runtime', type: 'string', isWide: true, value: ({ status }) => orUnknown(status?.nodeInfo?.containerRuntimeVersion) },
];

export const configMapColumns: readonly Column<ConfigMap>[] = [
  nameColumn,
  { name: 'Data', type: 'string', value: ({ data, binaryData }) => Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length },
  ageColumn,
];

export const secretColumns: readonly Column<Secret>[] = [
  nameColumn,
  { name: 'Type', type: 'string', value: ({ type }) => type ?? '' },
  { name: 'Data', type: 'string', value: ({ data }) => Object.keys(data ?? {}).length },
  ageColumn,
];

export const serviceAccountColumns: readonly Column<ServiceAccount>[] = [nameColumn, ageColumn];

export const resourceQuotaColumns: readonly Column<ResourceQuota>[] = [
  nameColumn,
  { name: 'Request', type: 'string', value: (quota) => quotaText(quota, (name) => !name.startsWith('limits.')) },
  { name: 'Limit', type: 'string', value: (quota) => quotaText(quota, (name) => name.startsWith('limits.')) },
  ageColumn,
];

export const componentStatusColumns: readonly Column<ComponentStatus>[] = [
  nameColumn,
  { name: 'Status', type: 'string', value: (component) => { const health = healthOf(component); return health === undefined ? 'Unknown' : health.status === 'True' ? 'Healthy' : 'Unhealthy'; } },
  { name: 'Message', type: 'string', value: (component) => healthOf(component)?.message ?? '' },
  { name: 'Error', type: 'string', value: (component) => healthOf(component)?.error ?? '' },
];

export const leaseColumns: readonly Column<Lease>[] = [
  nameColumn,
  { name: 'Holder', type: 'string', value: ({ spec }) => spec.holderIdentity ?? '' },
  ageColumn,
];

export const runtimeClassColumns: readonly Column<RuntimeClass>[] = [
  nameColumn,
  { name: 'Handler', type: 'string', value: ({ handler }) => handler },
  ageColumn,
];

export const priorityClassColumns: readonly Column<PriorityClass>[] = [
  nameColumn,
  { name: 'Value', type: 'integer', value: ({ value }) => value },
  { name: 'Global-Default', type: 'boolean', value: ({ globalDefault }) => globalDefault === true },
  ageColumn,
  { name: 'PreemptionPolicy', type: 'string', value: ({ preemptionPolicy }) => preemptionPolicy ?? '' },
];

/** Of RoleBindings and ClusterRoleBindings, which have the same shape. */
export const roleBindingColumns: readonly Column<Pick<RoleBinding, 'metadata' | 'roleRef' | 'subjects'>>[] = [
  nameColumn,
  { name: 'Role', type: 'string', value: ({ roleRef }) => `${roleRef.kind}/${roleRef.name}` },
  ageColumn,
  { name: 'Users', type: 'string', isWide: true, value: (binding) => subjectsText(binding, 'User') },
  { name: 'Groups', type: 'string', isWide: true, value: (binding) => subjectsText(binding, 'Group') },
  { name: 'ServiceAccounts', type: 'string', isWide: true, value: (binding) => subjectsText(binding, 'ServiceAccount') },
];

export const eventColumns: readonly Column<Event>[] = [
  { name: 'Last Seen', type: 'string', value: (event, now) => age(event.series?.lastObservedTime ?? event.lastTimestamp ?? event.firstTimestamp ?? event.eventTime, now) },
  { name: 'Type', type: 'string', value: ({ type }) => type ?? '' },
  { name: 'Reason', type: 'string', value: ({ reason }) => reason ?? '' },
  { name: 'Object', type: 'string', value: ({ involvedObject }) => objectText(involvedObject) },
  { name: 'Subobject', type: 'string', isWide: true, value: ({ involvedObject }) => involvedObject.fieldPath ?? '' },
  { name: 'Source', type: 'string', isWide: true, value: ({ source, reportingComponent, reportingInstance }) => sourceText(source?.component ?? reportingComponent, source?.host ?? reportingInstance) },
  { name: 'Message', type: 'string', value: ({ message }) => (message ?? '').trim() },
  { name: 'First Seen', type: 'string', isWide: true, value: (event, now) => age(event.firstTimestamp ?? event.eventTime, now) },
  { name: 'Count', type: 'string', isWide: true, value: ({ series, count }) => series?.count ?? ((count ?? 0) === 0 ? 1 : (count ?? 1)) },
  { name: 'Name', type: 'string', format: 'name', isWide: true, value: ({ metadata }) => metadata.name ?? '' },
];

/** The same events under their newer group, whose fields have other names. */
export const seriesEventColumns: readonly Column<SeriesEvent>[] = [
  { name: 'Last Seen', type: 'string', value: (event, now) => age(event.series?.lastObservedTime ?? event.deprecatedLastTimestamp ?? event.deprecatedFirstTimestamp ?? event.eventTime, now) },
  { name: 'Type', type: 'string', value: ({ type }) => type ?? '' },
  { name: 'Reason', type: 'string', value: ({ reason }) => reason ?? '' },
  { name: 'Object', type: 'string', value: ({ regarding }) => objectText(regarding) },
  { name: 'Subobject', type: 'string', isWide: true, value: ({ regarding }) => regarding?.fieldPath ?? '' },
  { name: 'Source', type: 'string', isWide: true, value: (event) => sourceText(event.deprecatedSource?.component ?? event.reportingController, event.deprecatedSource?.host ?? event.reportingInstance) },
  { name: 'Message', type: 'string', value: ({ note }) => (note ?? '').trim() },
  { name: 'First Seen', type: 'string', isWide: true, value: (event, now) => age(event.deprecatedFirstTimestamp ?? event.eventTime, now) },
  { name: 'Count', type: 'string', isWide: true, value: ({ series, deprecatedCount }) => series?.count ?? ((deprecatedCount ?? 0) === 0 ? 1 : (deprecatedCount ?? 1)) },
  { name: 'Name', type: 'string', format: 'name', isWide: true, value: ({ metadata }) => metadata.name ?? '' },
];

const orUnknown = (text: string | undefined): string => (text === undefined || text === '' ? '<unknown>' : text);

function nodeStatus({ spec, status }: Node): string {
  const ready = status?.conditions?.find((condition) => condition.type === 'Ready');
  const text = ready === undefined ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady';
  return spec.unschedulable === true ? `${text},SchedulingDisabled` : text;
}

const rolePrefix = 'node-role.kubernetes.io/';

function nodeRoles({ metadata }: Node): string {
  const roles = new Set<string>();
  for (const [name, value] of Object.entries(metadata.labels ?? {})) {
    if (name.startsWith(rolePrefix) && name.length > rolePrefix.length) roles.add(name.slice(rolePrefix.length));
    else if (name === 'kubernetes.io/role' && value !== '') roles.add(value);
  }
  return roles.size === 0 ? '<none>' : [...roles].sort().join(',');
}

const nodeAddress = ({ status }: Node, type: string): string => status?.addresses?.find((address) => address.type === type)?.address ?? '<none>';

const healthOf = (component: ComponentStatus): { status: string; message?: string | undefined; error?: string | undefined } | undefined => component.conditions?.find((condition) => condition.type === 'Healthy');

function quotaText({ status }: ResourceQuota, isShown: (name: string) => boolean): string {
  const hard = status?.hard ?? {};
  return Object.keys(hard).filter(isShown).sort().map((name) => `${name}: ${status?.used?.[name] ?? '0'}/${hard[name] ?? '0'}`).join(', ');
}

function subjectsText({ subjects = [] }: Pick<RoleBinding, 'subjects'>, kind: string): string {
  return subjects.filter((subject) => subject.kind === kind).map((subject) => (kind === 'ServiceAccount' ? `${subject.namespace ?? ''}/${subject.name}` : subject.name)).join(', ');
}

function objectText(object: { readonly kind?: string | undefined; readonly name?: string | undefined } | undefined): string {
  const kind = (object?.kind ?? '').toLowerCase();
  return (object?.name ?? '') === '' ? kind : `${kind}/${object?.name ?? ''}`;
}

const sourceText = (component = '', instance = ''): string => (instance === '' ? component : `${component}, ${instance}`);
