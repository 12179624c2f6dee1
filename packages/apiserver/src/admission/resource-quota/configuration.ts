/** ResourceQuotaConfiguration as upstream has it: what nobody may use without a quota that grants it. */
import { ScopedResourceSelectorRequirement } from '@kaji/api/core/v1';
import { list, message, readConfiguration, string, strings } from '@kaji/schema';

export class LimitedResource extends message('apiserver.config.k8s.io.v1.LimitedResource', {
  apiGroup: string(1),
  resource: string(2).required(),
  /** Parts of the names of what it uses, such as `.storageclass.storage.k8s.io/requests.storage`. */
  matchContains: strings(3),
  matchScopes: list(4, ScopedResourceSelectorRequirement),
}) {}

class ResourceQuotaConfiguration extends message('apiserver.config.k8s.io.v1.ResourceQuotaConfiguration', {
  limitedResources: list(1, LimitedResource),
}) {}

/** From a parsed file. Throws DecodeError for what has the wrong form. */
export const resourceQuotaConfiguration = (value: unknown): readonly LimitedResource[] => readConfiguration(ResourceQuotaConfiguration, value).configuration.limitedResources ?? [];
