/** Rules of the schemas of custom resources: what they may say at all, and how lists, maps and defaults are stated. */
import { givenValue, goForm } from '@kaji/schema';
import { errorsOf, forbidden, invalid, notSupported, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import { JSONSchemaProps } from './custom-resource-definition-spec.ts';
import { compiledRuleErrors, costErrors, mostTotalCost, rulesOf, ruleTextErrors, type StoredExpressions } from './expression-rules.ts';
import { ExpressionScope } from './expression-scope.ts';
import { defaultErrors, hasDefault } from './schema-default-rules.ts';
import { hasProperties, isEmbedded, itemsOf, propertiesOf, propertyOf, systemFields, tupleOf, valuesOf } from './schema-parts.ts';
import { structuralErrors, unstructuredSchemaProblem } from './structural-rules.ts';

export const schemaTypes = ['array', 'boolean', 'integer', 'number', 'object', 'string'];

/** What is asked of a schema. What is stored already is asked for less. */
export interface SchemaDemands {
  readonly isStructural: boolean;
  readonly knowsTypes: boolean;
  readonly prunesDefaults: boolean;
  /** Items of sets are compared whole. */
  readonly hasAtomicSetItems: boolean;
  /** Keys of map lists are always there, and their items are never null. */
  readonly hasSoundKeys: boolean;
  readonly allowsCost: boolean;
  readonly stored: StoredExpressions;
}

/** What is wrong with the schema of a resource. */
export function schemaErrors(schema: JSONSchemaProps, path: string, hasStatus: boolean, demands: SchemaDemands): FieldError[] {
  const at = `${path}.openAPIV3Schema`;
  const errors = [...(hasStatus ? rootErrors(schema, at) : []), ...(schema.nullable === true ? [forbidden(`${at}.nullable`, 'nullable cannot be true at the root')] : [])];
  const problem = demands.isStructural ? unstructuredSchemaProblem(schema) : undefined;
  let scope: ExpressionScope | undefined;
  if (demands.isStructural && problem === undefined) {
    const structural = structuralErrors(schema, at);
    if (structural.length === 0) structural.push(...defaultErrors(schema, at, demands.prunesDefaults));
    if (structural.length === 0) scope = ExpressionScope.root(schema);
    errors.push(...structural);
  }
  const found = partErrors(schema, { path: at, isRoot: true, isInSystemField: false, noDefaultsWhy: undefined, uncorrelated: undefined, scope }, demands);
  errors.push(...found.schema, ...found.expressions);
  if (errors.length === 0 && problem !== undefined) errors.push(invalid(at, '', problem));
  const { total = 0n, notable = [] } = scope?.total ?? {};
  if (total > mostTotalCost) {
    errors.push(...notable.map((rule) => forbidden(rule.path, 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema')));
    errors.push(...costErrors('x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema', total, mostTotalCost, at));
  }
  return errors;
}

/** Kubernetes: by the names of Go's fields. */
const atRoot = [
  'Description', 'Type', 'Format', 'Title', 'Maximum', 'ExclusiveMaximum', 'Minimum', 'ExclusiveMinimum', 'MaxLength', 'MinLength', 'Pattern', 'MaxItems', 'MinItems', 'UniqueItems', 'MultipleOf',
  'Required', 'Items', 'Properties', 'ExternalDocs', 'Example', 'XPreserveUnknownFields', 'XValidations',
];

/** What a schema whose status is judged by itself may say of the whole. The first field that it may not is told. */
function rootErrors(schema: JSONSchemaProps, path: string): FieldError[] {
  const form = goForm(JSONSchemaProps, schema);
  for (const [name, value] of Object.entries(form)) {
    const isAbsent = value === null || (name !== 'Default' && (value === '' || value === false));
    if (isAbsent || (name === 'Type' && value === 'object') || (name !== 'Type' && atRoot.includes(name))) continue;
    return [name === 'Type' ? invalid(`${path}.type`, value, 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled')
      : invalid(path, form, `only [${atRoot.join(' ')}] fields are allowed at the root of the schema if the status subresource is enabled`)];
  }
  return [];
}

interface Place {
  readonly path: string;
  readonly isRoot: boolean;
  /** Within what resources have of the system. */
  readonly isInSystemField: boolean;
  /** Why there may be no defaults here. */
  readonly noDefaultsWhy: string | undefined;
  readonly uncorrelated: string | undefined;
  /** Absent where no expressions are looked at. */
  readonly scope: ExpressionScope | undefined;
}

/** What is wrong with schemas, and with the expressions in them: those of a schema that is wrong are not looked at. */
interface Found {
  readonly schema: FieldError[];
  readonly expressions: FieldError[];
}

function partErrors(schema: JSONSchemaProps, place: Place, demands: SchemaDemands): Found {
  const { path, scope, uncorrelated } = place;
  const found: Found = { schema: [...fieldErrors(schema, place, demands), ...(schema.uniqueItems === true ? [forbidden(`${path}.uniqueItems`, 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic')] : [])], expressions: [] };
  const { additionalProperties } = schema;
  if (additionalProperties !== undefined && additionalProperties !== true && hasProperties(schema)) found.schema.push(forbidden(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'));
  for (const [part, inner] of partsOf(schema, place)) {
    const { schema: ofPart, expressions } = partErrors(part, inner, demands);
    found.schema.push(...ofPart);
    found.expressions.push(...expressions);
  }
  found.schema.push(...kindErrors(schema, path, demands), ...mapListErrors(schema, path), ...(demands.hasSoundKeys ? keyErrors(schema, path) : []));
  found.schema.push(...rulesOf(schema).flatMap((rule, index) => ruleTextErrors(rule, schema, `${path}.x-kubernetes-validations[${index}]`)));
  if (rulesOf(schema).length > 0 && found.schema.length === 0 && scope !== undefined) found.expressions.push(...compiledRuleErrors(schema, { path, scope, uncorrelated, stored: demands.stored, allowsCost: demands.allowsCost }));
  return found;
}

/** The schemas in a schema, each with what holds of it there. */
function partsOf(schema: JSONSchemaProps, place: Place): (readonly [JSONSchemaProps, Place])[] {
  const { path, scope, isRoot, isInSystemField, uncorrelated } = place;
  const { not, allOf = [], oneOf = [], anyOf = [], definitions = {}, dependencies = {} } = schema;
  const outside = (name: string): Place => ({ ...place, path: `${path}.${name}`, isRoot: false, scope: undefined });
  const inside = (part: JSONSchemaProps, name: string, more: Partial<Place> = {}): readonly [JSONSchemaProps, Place] => [part, { ...place, path: `${path}.${name}`, isRoot: false, scope: scope?.child(part), ...more }];
  const [values, items] = [valuesOf(schema), itemsOf(schema)];
  const isMapCorrelated = ['granular', 'atomic'].includes(schema['x-kubernetes-map-type'] ?? 'granular');
  const inItems = { uncorrelated: uncorrelated ?? (schema['x-kubernetes-list-type'] === 'map' ? undefined : path) };
  return [
    ...(values === undefined ? [] : [inside(values, 'additionalProperties', { scope: scope?.child(values, 'object'), ...(isInSystemField ? { noDefaultsWhy: 'inside additionalProperties applying to object metadata' } : {}) })]),
    ...propertiesOf(schema).map(([name, property]) => {
      const isSystemField = (isRoot || isEmbedded(schema)) && systemFields.has(name);
      return inside(property, `properties[${name}]`, {
        uncorrelated: uncorrelated ?? (isMapCorrelated ? undefined : path), isInSystemField: isInSystemField || isSystemField, ...(isSystemField && isRoot ? { noDefaultsWhy: `in top-level ${name}` } : {}),
      });
    }),
    ...(not === undefined ? [] : [[not, outside('not')] as const]),
    ...allOf.map((part, index) => [part, outside(`allOf[${index}]`)] as const), ...oneOf.map((part, index) => [part, outside(`oneOf[${index}]`)] as const),
    ...anyOf.map((part, index) => [part, outside(`anyOf[${index}]`)] as const), ...Object.entries(definitions).map(([name, part]) => [part, outside(`definitions[${name}]`)] as const),
    ...(items === undefined ? [] : [inside(items, 'items', { ...inItems, scope: scope?.child(items, 'array') })]), ...tupleOf(schema).map((part, index) => inside(part, `items[${index}]`, inItems)),
    ...Object.entries(dependencies).flatMap(([name, part]) => (Array.isArray(part) ? [] : [[part, outside(`dependencies[${name}]`)] as const])),
  ];
}

/** What no schema may say. */
function fieldErrors(schema: JSONSchemaProps, { path, noDefaultsWhy, isInSystemField }: Place, { knowsTypes }: SchemaDemands): FieldError[] {
  const { type = '', id = '', additionalItems, patternProperties = {}, definitions = {}, $ref } = schema;
  const banned = (name: string, isSaid: boolean): FieldError[] => (isSaid ? [forbidden(`${path}.${name}`, `${name} is not supported`)] : []);
  return [
    ...(knowsTypes && type !== '' && !schemaTypes.includes(type) ? [notSupported(`${path}.type`, type, schemaTypes)] : []),
    ...(hasDefault(schema) && noDefaultsWhy !== undefined ? [forbidden(`${path}.default`, `must not be set ${noDefaultsWhy}`)] : []),
    ...banned('id', id !== ''), ...banned('additionalItems', additionalItems !== undefined), ...banned('patternProperties', Object.keys(patternProperties).length > 0),
    ...banned('definitions', Object.keys(definitions).length > 0), ...banned('dependencies', givenValue(schema, 'dependencies') !== undefined), ...banned('$ref', $ref !== undefined),
    ...(type === 'null' ? [forbidden(`${path}.type`, 'type cannot be set to null, use nullable as an alternative')] : []),
    ...(tupleOf(schema).length > 0 ? [forbidden(`${path}.items`, 'items must be a schema object and not an array')] : []),
    ...(isInSystemField && isEmbedded(schema) ? [forbidden(`${path}.x-kubernetes-embedded-resource`, 'must not be used inside of resource meta')] : []),
  ];
}

/** Of a field whose type must be of one kind. */
function typeErrors(path: string, type: string, wanted: string, field: string): FieldError[] {
  if (type === wanted) return [];
  const why = `must be ${wanted} if ${field} is specified`;
  return [type === '' ? required(`${path}.type`, why) : invalid(`${path}.type`, type, why)];
}

/** How unknown fields, maps and lists are treated. */
function kindErrors(schema: JSONSchemaProps, path: string, { hasAtomicSetItems }: SchemaDemands): FieldError[] {
  const { type = '', 'x-kubernetes-map-type': mapType, 'x-kubernetes-list-type': listType, 'x-kubernetes-preserve-unknown-fields': keeps } = schema;
  return [
    ...(keeps === false ? [invalid(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined')] : []),
    ...(mapType === undefined ? [] : [...typeErrors(path, type, 'object', 'x-kubernetes-map-type'), ...(['atomic', 'granular'].includes(mapType) ? [] : [notSupported(`${path}.x-kubernetes-map-type`, mapType, ['atomic', 'granular'])])]),
    ...(listType === undefined ? [] : type !== 'array' ? typeErrors(path, type, 'array', 'x-kubernetes-list-type') : hasAtomicSetItems && listType === 'set' ? setItemErrors(schema, path) : []),
    ...(listType === undefined || ['atomic', 'set', 'map'].includes(listType) ? [] : [notSupported(`${path}.x-kubernetes-list-type`, listType, ['atomic', 'set', 'map'])]),
  ];
}

function setItemErrors(schema: JSONSchemaProps, path: string): FieldError[] {
  const items = itemsOf(schema);
  if (items === undefined || !hasMergedSetItems(schema)) return [];
  // Kubernetes: the type of the list is shown for maps, too.
  return [invalid(`${path}.items.x-kubernetes-${items.type === 'array' ? 'list' : 'map'}-type`, items['x-kubernetes-list-type'], 'must be atomic as item of a list with x-kubernetes-list-type=set')];
}

/** Whether it is a set whose items could be merged with others. */
export function hasMergedSetItems(schema: JSONSchemaProps): boolean {
  const items = schema['x-kubernetes-list-type'] === 'set' ? itemsOf(schema) : undefined;
  if (items?.type === 'array') return (items['x-kubernetes-list-type'] ?? 'atomic') !== 'atomic';
  return items?.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic';
}

function mapListErrors(schema: JSONSchemaProps, path: string): FieldError[] {
  const { 'x-kubernetes-list-type': listType, 'x-kubernetes-list-map-keys': keys = [] } = schema;
  const why = 'must be map if x-kubernetes-list-map-keys is non-empty';
  const at = `${path}.x-kubernetes-list-type`;
  if (listType !== 'map') return keys.length === 0 ? [] : [listType === undefined ? required(at, why) : invalid(at, listType, why)];
  const [items, parent] = [itemsOf(schema), "parent array's x-kubernetes-list-type is map"];
  const keysAt = `${path}.x-kubernetes-list-map-keys`;
  const errors = keys.length === 0 ? [required(keysAt, 'must not be empty if x-kubernetes-list-type is map')] : [];
  if (items === undefined) {
    errors.push(schema.items === undefined ? required(`${path}.items`, 'must have a schema if x-kubernetes-list-type is map')
      : invalid(`${path}.items`, goForm(JSONSchemaProps, { items: schema.items }).Items, 'must only have a single schema if x-kubernetes-list-type is map'));
    return errors;
  }
  if (items.type !== 'object') return [...errors, invalid(`${path}.items.type`, items.type ?? '', `must be object if ${parent}`)];
  const seen = new Set<string>();
  return [...errors, ...errorsOf(keys, (key) => {
    const property = propertyOf(items, key);
    const isRepeated = seen.has(key);
    seen.add(key);
    return [
      ...(property === undefined ? [invalid(keysAt, keys, 'entries must all be names of item properties')]
        // Kubernetes: the type of the items is shown, not the key's.
        : property.type === 'array' || property.type === 'object' ? [invalid(`${path}.items.properties[${key}].type`, items.type, `must be a scalar type if ${parent}`)] : []),
      ...(isRepeated ? [invalid(keysAt, keys, 'must not contain duplicate entries')] : []),
    ];
  })];
}

/** What sets and map lists need of their items, so that these can be told apart. */
export function keyErrors(schema: JSONSchemaProps, path: string): FieldError[] {
  const { 'x-kubernetes-list-type': listType, 'x-kubernetes-list-map-keys': keys = [] } = schema;
  const items = itemsOf(schema);
  if (items === undefined || (listType !== 'set' && listType !== 'map')) return [];
  const errors = items.nullable === true ? [forbidden(`${path}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${listType}`)] : [];
  if (listType === 'set') return errors;
  return [...errors, ...keys.flatMap((key) => {
    const property = propertyOf(items, key);
    if (property === undefined) return [];
    const at = `${path}.items.properties[${key}]`;
    return [
      ...(items.required?.includes(key) === true || hasDefault(property) ? [] : [required(`${at}.default`, 'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property')]),
      ...(property.nullable === true ? [forbidden(`${at}.nullable`, 'this property is in x-kubernetes-list-map-keys, so it cannot be nullable')] : []),
    ];
  })];
}
