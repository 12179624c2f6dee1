import { type JsonValue, bool, bytes, double, int32, int64, json, list, message, oneOf, ownList, ownMap, ownRef, ref, scalars, string, strings, time } from '@kaji/schema';
import { resource } from '../../resource.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { segmentName } from '../../meta/v1/name-rules.ts';

export class CustomResourceDefinitionNames extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames', {
  plural: string(1).required(),
  singular: string(2),
  shortNames: strings(3).atomic(),
  kind: string(4).required(),
  listKind: string(5),
  categories: strings(6).atomic(),
}) {}

export class ExternalDocumentation extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.ExternalDocumentation', {
  description: string(1),
  url: string(2),
}) {}

export class ValidationRule extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.ValidationRule', {
  rule: string(1).required(),
  message: string(2),
  messageExpression: string(3),
  reason: oneOf(4, 'FieldValueRequired', 'FieldValueDuplicate', 'FieldValueInvalid', 'FieldValueForbidden').explicit(),
  fieldPath: string(5),
  optionalOldSelf: bool(6).explicit(),
}) {}

export class JSONSchemaProps extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps', {
  id: string(1),
  '$schema': string(2),
  '$ref': string(3).explicit(),
  description: string(4),
  type: string(5),
  format: string(6),
  title: string(7),
  default: json(8).explicit(),
  maximum: double(9).explicit(),
  exclusiveMaximum: bool(10),
  minimum: double(11).explicit(),
  exclusiveMinimum: bool(12),
  maxLength: int64(13).explicit(),
  minLength: int64(14).explicit(),
  pattern: string(15),
  maxItems: int64(16).explicit(),
  minItems: int64(17).explicit(),
  uniqueItems: bool(18),
  multipleOf: double(19).explicit(),
  enum: scalars<JsonValue>(20, 'json').atomic(),
  maxProperties: int64(21).explicit(),
  minProperties: int64(22).explicit(),
  required: strings(23).atomic(),
  items: ownRef(24).or('list'),
  allOf: ownList(25).atomic(),
  oneOf: ownList(26).atomic(),
  anyOf: ownList(27).atomic(),
  not: ownRef(28),
  properties: ownMap(29),
  additionalProperties: ownRef(30).or('bool'),
  patternProperties: ownMap(31),
  dependencies: ownMap(32).or('strings'),
  additionalItems: ownRef(33).or('bool'),
  definitions: ownMap(34),
  externalDocs: ref(35, ExternalDocumentation),
  example: json(36).explicit(),
  nullable: bool(37),
  'x-kubernetes-preserve-unknown-fields': bool(38).explicit(),
  'x-kubernetes-embedded-resource': bool(39),
  'x-kubernetes-int-or-string': bool(40),
  'x-kubernetes-list-map-keys': strings(41).atomic(),
  'x-kubernetes-list-type': string(42).explicit(),
  'x-kubernetes-map-type': string(43).explicit(),
  'x-kubernetes-validations': list(44, ValidationRule).mapBy('rule').mergeBy('rule'),
}) {}
/** The fields whose type is JSONSchemaProps itself. */
export interface JSONSchemaProps {
  items?: JSONSchemaProps | JSONSchemaProps[] | undefined;
  allOf?: JSONSchemaProps[] | undefined;
  oneOf?: JSONSchemaProps[] | undefined;
  anyOf?: JSONSchemaProps[] | undefined;
  not?: JSONSchemaProps | undefined;
  properties?: Record<string, JSONSchemaProps> | undefined;
  additionalProperties?: JSONSchemaProps | boolean | undefined;
  patternProperties?: Record<string, JSONSchemaProps> | undefined;
  dependencies?: Record<string, JSONSchemaProps | string[]> | undefined;
  additionalItems?: JSONSchemaProps | boolean | undefined;
  definitions?: Record<string, JSONSchemaProps> | undefined;
}

export class CustomResourceValidation extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceValidation', {
  openAPIV3Schema: ref(1, JSONSchemaProps),
}) {}

export class CustomResourceSubresourceStatus extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus', {}) {}

export class CustomResourceSubresourceScale extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceScale', {
  specReplicasPath: string(1).required(),
  statusReplicasPath: string(2).required(),
  labelSelectorPath: string(3).explicit(),
}) {}

export class CustomResourceSubresources extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresources', {
  status: ref(1, CustomResourceSubresourceStatus),
  scale: ref(2, CustomResourceSubresourceScale),
}) {}

export class CustomResourceColumnDefinition extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceColumnDefinition', {
  name: string(1).required(),
  type: string(2).required(),
  format: string(3),
  description: string(4),
  priority: int32(5),
  jsonPath: string(6).required(),
}) {}

export class SelectableField extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.SelectableField', {
  jsonPath: string(1).required(),
}) {}

export class CustomResourceDefinitionVersion extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion', {
  name: string(1).required(),
  served: bool(2).required(),
  storage: bool(3).required(),
  deprecated: bool(7),
  deprecationWarning: string(8).explicit(),
  schema: ref(4, CustomResourceValidation),
  subresources: ref(5, CustomResourceSubresources),
  additionalPrinterColumns: list(6, CustomResourceColumnDefinition).atomic(),
  selectableFields: list(9, SelectableField).atomic(),
}) {}

export class ServiceReference extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.ServiceReference', {
  namespace: string(1).required(),
  name: string(2).required(),
  path: string(3).explicit(),
  port: int32(4).explicit(),
}) {}

export class WebhookClientConfig extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.WebhookClientConfig', {
  url: string(3).explicit(),
  service: ref(1, ServiceReference),
  caBundle: bytes(2),
}) {}

export class WebhookConversion extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.WebhookConversion', {
  clientConfig: ref(2, WebhookClientConfig),
  conversionReviewVersions: strings(3).required().atomic(),
}) {}

export class CustomResourceConversion extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceConversion', {
  strategy: string(1).required(),
  webhook: ref(2, WebhookConversion),
}) {}

export class CustomResourceDefinitionSpec extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec', {
  group: string(1).required(),
  names: ref(3, CustomResourceDefinitionNames).required(),
  scope: string(4).required(),
  versions: list(7, CustomResourceDefinitionVersion).required().atomic(),
  conversion: ref(9, CustomResourceConversion),
  preserveUnknownFields: bool(10),
}) {}

export class CustomResourceDefinitionCondition extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionCondition', {
  type: string(1).required(),
  status: string(2).required(),
  lastTransitionTime: time(3).always(),
  reason: string(4),
  message: string(5),
  observedGeneration: int64(6),
}) {}

export class CustomResourceDefinitionStatus extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus', {
  conditions: list(1, CustomResourceDefinitionCondition).always().mapBy('type'),
  acceptedNames: ref(2, CustomResourceDefinitionNames).always(),
  storedVersions: strings(3).always().atomic(),
  observedGeneration: int64(4),
}) {}

export class CustomResourceDefinition extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition', {
  metadata: ref(1, ObjectMeta).present(),
  spec: ref(2, CustomResourceDefinitionSpec).required(),
  status: ref(3, CustomResourceDefinitionStatus).always(),
}) {}

export const customresourcedefinitions = resource({
  group: 'apiextensions.k8s.io', version: 'v1', plural: 'customresourcedefinitions', singular: 'customresourcedefinition', kind: 'CustomResourceDefinition', isNamespaced: false, type: CustomResourceDefinition,
  nameErrors: segmentName,
  metadataChecks: { areFinalizersFree: true },
  defaults({ spec, status }) {
    spec.names.singular ??= spec.names.kind.toLowerCase();
    spec.names.listKind ??= `${spec.names.kind}List`;
    spec.conversion ??= { strategy: 'None' };
    const service = spec.conversion.webhook?.clientConfig?.service;
    if (service !== undefined) service.port ??= 443;
    if (status?.acceptedNames !== undefined && status.acceptedNames.kind !== '') {
      status.acceptedNames.singular ??= status.acceptedNames.kind.toLowerCase();
      status.acceptedNames.listKind ??= `${status.acceptedNames.kind}List`;
    }
  },
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  subresources: [
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
});
