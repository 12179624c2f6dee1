import { message, ref } from '@kaji/schema';
import { plainAgeColumns } from '../../columns/cells.ts';
import { cel } from '../../expression-language.ts';
import { resource } from '../../resource.ts';
import { validateResourceClaimTemplate } from './resource-claim-rules.ts';
import { defaultDeviceCounts } from './resource-claim-spec.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { subdomainName } from '../../meta/v1/name-rules.ts';
import { ResourceClaimTemplateSpec } from './resource-claim-template-spec.ts';

/** A template from which pods get claims of their own. */
export class ResourceClaimTemplate extends message('k8s.io.api.resource.v1.ResourceClaimTemplate', {
  /** The object's metadata. */
  metadata: ref(1, ObjectMeta).present(),
  /** The template. It cannot be changed. */
  spec: ref(2, ResourceClaimTemplateSpec).required(),
}) {}

export const resourceclaimtemplates = resource({
  group: 'resource.k8s.io', version: 'v1', plural: 'resourceclaimtemplates', singular: 'resourceclaimtemplate', kind: 'ResourceClaimTemplate', isNamespaced: true, type: ResourceClaimTemplate,
  returnsDeleted: true,
  needs: [cel],
  validate: validateResourceClaimTemplate,
  columns: plainAgeColumns,
  defaults: (template: ResourceClaimTemplate) => defaultDeviceCounts(template.spec.spec),
  nameErrors: subdomainName,
  metadataChecks: { on: { update: ['whole', 'change'] } },
});
