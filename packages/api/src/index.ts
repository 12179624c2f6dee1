export { alreadyExists, ApiError, type ApiErrorOptions, badRequest, type Cause, conflict, forbidden, isReason, type Named, notFound, qualified, type Reason, type StatusDetails } from './errors.ts';
export { type NameRule, validateAnnotations, validateFinalizerDomains, validateLabels, validateObjectMeta, validateObjectMetaUpdate } from './meta/v1/object-meta-rules.ts';
export { listTypeOf, type ObjectList } from './list-type.ts';
export { sourceFolder } from './source-folder.ts';
export { addressNumber, addressText, rangeContains, rangesOverlap } from './ip-rules.ts';
export { type AnyResource, type ApiObject, apiVersionOf, type Column, type FieldError, type FieldGetter, type GroupVersionKind, resource, type Resource, type ResourceOptions, type Subresource, type Verb } from './resource.ts';
