export { Condition } from './condition.ts';
export { APIGroup, APIGroupList, APIResource, APIResourceList, APIVersions, GroupKind, GroupResource, GroupVersionForDiscovery, GroupVersionKind, GroupVersionResource, PartialObjectMetadata, ServerAddressByClientCIDR, ShardInfo } from './discovery.ts';
export { FieldSelectorRequirement, LabelSelector, LabelSelectorRequirement } from './label-selector.ts';
export { ListMeta } from './list-meta.ts';
export { ManagedFieldsEntry, ObjectMeta, OwnerReference } from './object-meta.ts';
export { metadataErrors, sharedCreateErrors, sharedUpdateErrors } from './metadata-checks.ts';
export { type NameRule, type ObjectMetaRules, validateAnnotations, validateFinalizerDomains, validateLabels, validateObjectMeta, validateObjectMetaUpdate } from './object-meta-rules.ts';
export { CreateOptions, DeleteOptions, GetOptions, ListOptions, PatchOptions, Preconditions, UpdateOptions } from './options.ts';
export { Status, StatusCause, StatusDetails } from './status.ts';
