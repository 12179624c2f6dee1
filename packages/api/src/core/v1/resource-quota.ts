import { message, quantityMap, ref, someOf } from '@kaji/schema';
import { resourceQuotaColumns } from '../../columns/cluster.ts';
import { resourceQuotaWarnings, validateResourceQuota, validateResourceQuotaStatus } from './resource-quota-rules.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import { ScopeSelector } from './scope-selector.ts';

/** What a namespace may use. */
export class ResourceQuotaSpec extends message('k8s.io.api.core.v1.ResourceQuotaSpec', {
  /** The most of each resource. */
  hard: quantityMap(1),
  /** What is counted, by name. Absent: everything. */
  scopes: someOf(2, 'Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort', 'PriorityClass', 'CrossNamespacePodAffinity', 'VolumeAttributesClass').atomic().named('v1.ResourceQuotaScope'),
  /** What is counted, by conditions. Both must hold where both are set. */
  scopeSelector: ref(3, ScopeSelector),
}) {}

/** What of a quota is used. */
export class ResourceQuotaStatus extends message('k8s.io.api.core.v1.ResourceQuotaStatus', {
  /** The most of each resource that is in force. */
  hard: quantityMap(1),
  /** How much is used now. */
  used: quantityMap(2),
}) {}

/** What all objects of a namespace together may use. */
export class ResourceQuota extends message('k8s.io.api.core.v1.ResourceQuota', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** The limits. */
  spec: ref(2, ResourceQuotaSpec).present(),
  /** What of them is used. */
  status: ref(3, ResourceQuotaStatus).always(),
}) {}

export const resourcequotas = resource({
  group: '', version: 'v1', plural: 'resourcequotas', singular: 'resourcequota', kind: 'ResourceQuota', isNamespaced: true, type: ResourceQuota,
  returnsDeleted: true,
  validate: validateResourceQuota,
  validateStatus: validateResourceQuotaStatus,
  warnings: resourceQuotaWarnings,
  columns: resourceQuotaColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['change'] } },
  shortNames: ['quota'],
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
