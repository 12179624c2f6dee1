import { message, ref } from '@kaji/schema';
import { plainAgeColumns } from '../../columns/cells.ts';
import { resource } from '../../resource.ts';
import { validateResourceClaimTemplate } from './resource-claim-rules.ts';
import { defaultDeviceCounts, ResourceClaimSpec } from './resource-claim-spec.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';

export class ResourceClaimTemplateSpec extends message('k8s.io.api.resource.v1.ResourceClaimTemplateSpec', {
  metadata: ref(1, ObjectMeta).always(),
  spec: ref(2, ResourceClaimSpec).required(),
}) {}

export class ResourceClaimTemplate extends message('k8s.io.api.resource.v1.ResourceClaimTemplate', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, ResourceClaimTemplateSpec).required(),
}) {}

export const resourceclaimtemplates = resource({
  group: 'resource.k8s.io', version: 'v1', plural: 'resourceclaimtemplates', singular: 'resourceclaimtemplate', kind: 'ResourceClaimTemplate', isNamespaced: true, type: ResourceClaimTemplate,
  returnsDeleted: true,
  validate: validateResourceClaimTemplate,
  columns: plainAgeColumns,
  defaults: (template: ResourceClaimTemplate) => defaultDeviceCounts(template.spec.spec),
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['change'] } },
});
