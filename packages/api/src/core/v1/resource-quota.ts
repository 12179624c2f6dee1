import { list, message, oneOf, quantityMap, ref, someOf, strings } from '@kaji/schema';
import { resourceQuotaColumns } from '../../columns/cluster.ts';
import { validateResourceQuota } from './resource-quota-rules.ts';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class ScopedResourceSelectorRequirement extends message('k8s.io.api.core.v1.ScopedResourceSelectorRequirement', {
  scopeName: oneOf(1, 'Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort', 'PriorityClass', 'CrossNamespacePodAffinity', 'VolumeAttributesClass').required(),
  operator: oneOf(2, 'In', 'NotIn', 'Exists', 'DoesNotExist').required(),
  values: strings(3).atomic(),
}) {}

export class ScopeSelector extends message('k8s.io.api.core.v1.ScopeSelector', {
  matchExpressions: list(1, ScopedResourceSelectorRequirement).atomic(),
}) {
  static readonly isAtomic = true;
}

export class ResourceQuotaSpec extends message('k8s.io.api.core.v1.ResourceQuotaSpec', {
  hard: quantityMap(1),
  scopes: someOf(2, 'Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort', 'PriorityClass', 'CrossNamespacePodAffinity', 'VolumeAttributesClass').atomic(),
  scopeSelector: ref(3, ScopeSelector),
}) {}

export class ResourceQuotaStatus extends message('k8s.io.api.core.v1.ResourceQuotaStatus', {
  hard: quantityMap(1),
  used: quantityMap(2),
}) {}

export class ResourceQuota extends message('k8s.io.api.core.v1.ResourceQuota', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, ResourceQuotaSpec).present(),
  status: ref(3, ResourceQuotaStatus).always(),
}) {}

export const resourcequotas = resource({
  group: '', version: 'v1', plural: 'resourcequotas', singular: 'resourcequota', kind: 'ResourceQuota', isNamespaced: true, type: ResourceQuota,
  validate: validateResourceQuota,
  columns: resourceQuotaColumns,
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['change'] } },
  shortNames: ['quota'],
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
  returnsDeleted: true,
