/** What a custom resource is. */
import { type JsonValue, bool, bytes, double, givenValue, goForm, int32, int64, json, list, message, oneOf, ownList, ownMap, ownRef, ref, scalars, string, strings } from '@kaji/schema';
import { shownValue } from './value-mistake.ts';

/** What resources of a definition are called. */
export class CustomResourceDefinitionNames extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames', {
  /** Name in paths, in the plural, in lower case. */
  plural: string(1).required(),
  /** Name of one of them, in lower case. Defaults to kind in lower case. */
  singular: string(2),
  /** Shorter names for them, in lower case. */
  shortNames: strings(3).atomic(),
  /** Name of their kind. */
  kind: string(4).required(),
  /** Name of the kind of their lists. Defaults to kind and List. */
  listKind: string(5),
  /** Names that stand for them together with others, such as all. */
  categories: strings(6).atomic(),
}) {}

/** Where there is more to read. */
export class ExternalDocumentation extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.ExternalDocumentation', {
  /** What there is. */
  description: string(1),
  /** Where it is. */
  url: string(2).with({ goName: 'URL' }),
}) {}

/** A rule that values must follow, in CEL. */
export class ValidationRule extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.ValidationRule', {
  /** The rule. It sees the value as self, and as oldSelf what it was. */
  rule: string(1).required(),
  /** What is said when it is broken. Needed where the rule has line breaks. */
  message: string(2),
  /** CEL that gives what is said. It wins over message where it can be evaluated. */
  messageExpression: string(3),
  /** Reason of the error. Defaults to FieldValueInvalid. */
  reason: oneOf(4, 'FieldValueRequired', 'FieldValueDuplicate', 'FieldValueInvalid', 'FieldValueForbidden').explicit().named('v1.FieldValueErrorReason'),
  /** Path, relative to the value, of the field that the error names. */
  fieldPath: string(5),
  /** Whether a rule with oldSelf also runs when there is no old value. oldSelf is optional then. */
  optionalOldSelf: bool(6).explicit(),
}) {}

/** A schema that JSON values must follow. Of JSON Schema, what a structural schema may have. */
export class JSONSchemaProps extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps', {
  /** Not used. */
  id: string(1).with({ goName: 'ID' }),
  /** Address of the kind of schema. */
  '$schema': string(2).with({ goName: 'Schema' }).named('v1.JSONSchemaURL'),
  /** Not allowed. */
  '$ref': string(3).explicit().with({ goName: 'Ref' }),
  /** What the value is for. */
  description: string(4),
  /** Type of the value. */
  type: string(5),
  /** Form of the value, such as date-time or int64. Ones that are not known are not checked. */
  format: string(6),
  /** A short name for the value. */
  title: string(7),
  /** Value that is taken where there is none. */
  default: json(8).explicit(),
  /** The greatest number. */
  maximum: double(9).explicit(),
  /** Whether it must be less than maximum. */
  exclusiveMaximum: bool(10),
  /** The least number. */
  minimum: double(11).explicit(),
  /** Whether it must be greater than minimum. */
  exclusiveMinimum: bool(12),
  /** Longest text, in characters. */
  maxLength: int64(13).explicit(),
  /** Shortest text, in characters. */
  minLength: int64(14).explicit(),
  /** Regular expression that text must match. */
  pattern: string(15),
  /** Longest list. */
  maxItems: int64(16).explicit(),
  /** Shortest list. */
  minItems: int64(17).explicit(),
  /** Whether items must differ. Only false is allowed. */
  uniqueItems: bool(18),
  /** Number that it must be a multiple of. */
  multipleOf: double(19).explicit(),
  /** Values of which it must be one. */
  enum: scalars<JsonValue>(20, 'json').atomic(),
  /** Most properties of an object. */
  maxProperties: int64(21).explicit(),
  /** Fewest properties of an object. */
  minProperties: int64(22).explicit(),
  /** Properties that there must be. */
  required: strings(23).atomic(),
  /** Schema of the items of a list. */
  items: ownRef(24).or('list'),
  /** Schemas all of which it must follow. */
  allOf: ownList(25).atomic(),
  /** Schemas exactly one of which it must follow. */
  oneOf: ownList(26).atomic(),
  /** Schemas at least one of which it must follow. */
  anyOf: ownList(27).atomic(),
  /** Schema that it must not follow. */
  not: ownRef(28),
  /** Schemas of properties, by name. */
  properties: ownMap(29),
  /** Schema of all properties, or whether there may be any. Not together with properties. */
  additionalProperties: ownRef(30).or('bool'),
  /** Not allowed. */
  patternProperties: ownMap(31),
  /** Not allowed. */
  dependencies: ownMap(32).or('strings').named('v1.JSONSchemaDependencies'),
  /** Not allowed. */
  additionalItems: ownRef(33).or('bool'),
  /** Not allowed. */
  definitions: ownMap(34).named('v1.JSONSchemaDefinitions'),
  /** Where there is more to read. */
  externalDocs: ref(35, ExternalDocumentation),
  /** A value that follows it. */
  example: json(36).explicit(),
  /** Whether it may be null. Defaults to false. */
  nullable: bool(37),
  /** Whether properties that no schema names are kept. */
  'x-kubernetes-preserve-unknown-fields': bool(38).explicit().with({ goName: 'XPreserveUnknownFields' }),
  /** Whether the value is an object with apiVersion, kind and metadata. */
  'x-kubernetes-embedded-resource': bool(39).with({ goName: 'XEmbeddedResource' }),
  /** Whether it may be a number or text. */
  'x-kubernetes-int-or-string': bool(40).with({ goName: 'XIntOrString' }),
  /** Properties that tell the items of a map list apart. */
  'x-kubernetes-list-map-keys': strings(41).atomic().with({ goName: 'XListMapKeys' }),
  /** How a list is merged: atomic, set or map. Defaults to atomic. */
  'x-kubernetes-list-type': string(42).explicit().with({ goName: 'XListType' }),
  /** How an object is merged: granular or atomic. Defaults to granular. */
  'x-kubernetes-map-type': string(43).explicit().with({ goName: 'XMapType' }),
  /** Rules in CEL. */
  'x-kubernetes-validations': list(44, ValidationRule).mapBy('rule').mergeBy('rule').with({ goName: 'XValidations' }),
}) {
  static readonly goOrder = [
    'id', '$schema', '$ref', 'description', 'type', 'nullable', 'format', 'title', 'default', 'maximum', 'exclusiveMaximum', 'minimum', 'exclusiveMinimum', 'maxLength', 'minLength', 'pattern',
    'maxItems', 'minItems', 'uniqueItems', 'multipleOf', 'enum', 'maxProperties', 'minProperties', 'required', 'items', 'allOf', 'oneOf', 'anyOf', 'not', 'properties', 'additionalProperties',
    'patternProperties', 'dependencies', 'additionalItems', 'definitions', 'externalDocs', 'example', 'x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource',
    'x-kubernetes-int-or-string', 'x-kubernetes-list-map-keys', 'x-kubernetes-list-type', 'x-kubernetes-map-type', 'x-kubernetes-validations',
  ];

  /** Schemas in a schema are printed as it is; where another value may stand in their place, Go has a struct of both. */
  static goShape(form: Readonly<Record<string, unknown>>, schema: JSONSchemaProps): Readonly<Record<string, unknown>> {
    const { items, additionalProperties, additionalItems } = schema;
    const one = (inner: JSONSchemaProps | undefined): unknown => (inner === undefined ? null : goForm(JSONSchemaProps, inner));
    const all = (field: 'allOf' | 'oneOf' | 'anyOf'): unknown => givenValue(schema, field)?.map(one) ?? null;
    const named = <T>(inner: Readonly<Record<string, T>> | undefined, formOf: (value: T) => unknown): unknown =>
      (inner === undefined ? null : Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => [name, formOf(value)])));
    const orBool = (value: JSONSchemaProps | boolean | undefined): unknown => (value === undefined ? null : typeof value === 'boolean' ? { Allows: value, Schema: null } : { Allows: true, Schema: one(value) });
    return {
      ...form, Default: shownValue(schema.default ?? null), Enum: givenValue(schema, 'enum')?.map(shownValue) ?? null, Example: shownValue(schema.example ?? null), AllOf: all('allOf'), OneOf: all('oneOf'), AnyOf: all('anyOf'), Not: one(givenValue(schema, 'not')), Properties: named(givenValue(schema, 'properties'), one),
      Items: items === undefined ? null : Array.isArray(items) ? { Schema: null, JSONSchemas: items.map(one) } : { Schema: one(items), JSONSchemas: null },
      AdditionalProperties: orBool(additionalProperties), AdditionalItems: orBool(additionalItems), PatternProperties: named(givenValue(schema, 'patternProperties'), one), Definitions: named(givenValue(schema, 'definitions'), one),
      Dependencies: named(givenValue(schema, 'dependencies'), (value) => (Array.isArray(value) ? { Schema: null, Property: value } : { Schema: one(value), Property: null })),
    };
  }
}

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

/** How objects are checked. */
export class CustomResourceValidation extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceValidation', {
  /** The schema that they must follow. */
  openAPIV3Schema: ref(1, JSONSchemaProps),
}) {}

/** That the status is written by itself. It has no fields. */
export class CustomResourceSubresourceStatus extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceStatus', {}) {}

/** That objects can be scaled. */
export class CustomResourceSubresourceScale extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresourceScale', {
  /** Path, below spec, of the number that is wanted. */
  specReplicasPath: string(1).required(),
  /** Path, below status, of the number there is. */
  statusReplicasPath: string(2).required(),
  /** Path, below spec or status, of a label selector as text. An autoscaler needs it. */
  labelSelectorPath: string(3).explicit(),
}) {}

/** Subresources that objects have. */
export class CustomResourceSubresources extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceSubresources', {
  /** That the status is written by itself. */
  status: ref(1, CustomResourceSubresourceStatus),
  /** That objects can be scaled. */
  scale: ref(2, CustomResourceSubresourceScale),
}) {}

/** A column of tables. */
export class CustomResourceColumnDefinition extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceColumnDefinition', {
  /** Name of the column. */
  name: string(1).required(),
  /** Type of its values. */
  type: string(2).required(),
  /** Form of its values, such as name. */
  format: string(3),
  /** What it shows. */
  description: string(4),
  /** 0 for columns that are always shown; more for those of wide tables. */
  priority: int32(5),
  /** Path of the value in an object. */
  jsonPath: string(6).required().with({ goName: 'JSONPath' }),
}) {}

/** A field that objects can be selected by. */
export class SelectableField extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.SelectableField', {
  /** Path of the field. */
  jsonPath: string(1).required().with({ goName: 'JSONPath' }),
}) {}

/** One version of custom objects. */
export class CustomResourceDefinitionVersion extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionVersion', {
  /** Name of the version, such as v1beta1. */
  name: string(1).required(),
  /** Whether it is served. */
  served: bool(2).required(),
  /** Whether objects are stored in it. Exactly one version is. */
  storage: bool(3).required(),
  /** Whether answers warn of it. Defaults to false. */
  deprecated: bool(7),
  /** What the warning says. Absent: the usual words. */
  deprecationWarning: string(8).explicit(),
  /** How objects are checked. */
  schema: ref(4, CustomResourceValidation),
  /** Subresources that objects have. */
  subresources: ref(5, CustomResourceSubresources),
  /** Columns of tables. Absent: the age alone. */
  additionalPrinterColumns: list(6, CustomResourceColumnDefinition).atomic(),
  /** Fields that objects can be selected by, at most 8. */
  selectableFields: list(9, SelectableField).atomic(),
}) {}

/** A Service, and a path on it. */
export class ServiceReference extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.ServiceReference', {
  /** Namespace of the Service. */
  namespace: string(1).required(),
  /** Name of the Service. */
  name: string(2).required(),
  /** Path of requests. Absent: none. */
  path: string(3).explicit(),
  /** Port of the Service. Defaults to 443. */
  port: int32(4).explicit(),
}) {}

/** Where a webhook is reached. Exactly one of url and service is set. */
export class WebhookClientConfig extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.WebhookClientConfig', {
  /** Its address, beginning with https. It has no user, no query and no fragment. */
  url: string(3).explicit(),
  /** The Service it stands behind. */
  service: ref(1, ServiceReference),
  /** Certificates, in PEM, that its own must come from. Absent: those of the system. */
  caBundle: bytes(2),
}) {}

/** How a webhook converts objects. */
export class WebhookConversion extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.WebhookConversion', {
  /** Where it is reached. */
  clientConfig: ref(2, WebhookClientConfig),
  /** Versions of ConversionReview that it understands, the best first. */
  conversionReviewVersions: strings(3).required().atomic(),
}) {}

/** How objects go from one version to another. */
export class CustomResourceConversion extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceConversion', {
  /** None, to change nothing but apiVersion, or Webhook. Defaults to None. */
  strategy: string(1).required().named('v1.ConversionStrategyType'),
  /** The webhook. Only for Webhook. */
  webhook: ref(2, WebhookConversion),
}) {}

/** What resources a definition makes. */
export class CustomResourceDefinitionSpec extends message('k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionSpec', {
  /** Their group. The definition's name is the plural, a dot and the group. */
  group: string(1).required(),
  /** What they are called. */
  names: ref(3, CustomResourceDefinitionNames).required(),
  /** Whether they lie in namespaces: Cluster or Namespaced. */
  scope: string(4).required().named('v1.ResourceScope'),
  /** Their versions. Discovery puts the most stable first. */
  versions: list(7, CustomResourceDefinitionVersion).required().atomic(),
  /** How objects go from one version to another. */
  conversion: ref(9, CustomResourceConversion),
  /** Only false is allowed: schemas say themselves what is kept. */
  preserveUnknownFields: bool(10),
}) {}
