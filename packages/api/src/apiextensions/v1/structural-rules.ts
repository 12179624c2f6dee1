/**
 * Structural schemas: every value that a schema speaks of has one type, stated outside of any logic (`allOf`, `anyOf`, `oneOf`, `not`), so that
 * values can be pruned, defaulted and merged by it.
 */
import { isDeepEqual } from '@kaji/schema';
import { cel } from '../../expression-language.ts';
import { forbidden, invalid, required } from '../../field-error.ts';
import type { FieldError } from '../../resource.ts';
import { JSONSchemaProps } from './custom-resource-definition-spec.ts';
import { hasProperties, isEmbedded, isIntOrString, itemsOf, keepsUnknown, propertiesOf, propertyOf, schemasWithin, tupleOf, valuesOf } from './schema-parts.ts';

const notEmpty = (value: object | undefined): boolean => value !== undefined && Object.keys(value).length > 0;

/** Why a schema cannot even be looked at as a structural one; undefined of those that can. */
export function unstructuredSchemaProblem(schema: JSONSchemaProps): string | undefined {
  for (const part of schemasWithin(schema)) {
    const problem = unsupportedField(part);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function unsupportedField(schema: JSONSchemaProps): string | undefined {
  const { id = '', $schema = '', $ref = '', patternProperties, dependencies, additionalItems, definitions } = schema;
  const name = id !== '' ? 'id' : $schema !== '' ? 'schema' : $ref !== '' ? '$ref' : notEmpty(patternProperties) ? 'patternProperties' : notEmpty(dependencies) ? 'dependencies'
    : additionalItems !== undefined ? 'additionalItems' : notEmpty(definitions) ? 'definitions' : undefined;
  if (name !== undefined) return `OpenAPIV3Schema '${name}' is not supported`;
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) return "internal error: 'x-kubernetes-preserve-unknown-fields' must be true or undefined";
  return tupleOf(schema).length > 0 ? "OpenAPIV3Schema 'items' must be a schema, but is an array" : undefined;
}

type Level = 'root' | 'item' | 'field';

/** What is wrong with a structural schema, in the order of the messages. */
export function structuralErrors(schema: JSONSchemaProps, path: string): FieldError[] {
  const textOf = ({ field, message }: FieldError): string => `${field}: ${message}`;
  return [...levelErrors(schema, 'root', path), ...completenessErrors(schema, schema, path, path)].toSorted((left, right) => (textOf(left) < textOf(right) ? -1 : 1));
}

const typeMissing: Readonly<Record<Level, string>> = { root: 'must not be empty at the root', item: 'must not be empty for specified array items', field: 'must not be empty for specified object fields' };

function levelErrors(schema: JSONSchemaProps, level: Level, path: string): FieldError[] {
  const [items, values] = [itemsOf(schema), valuesOf(schema)];
  return [
    ...(schema.type === 'array' && items === undefined ? [required(`${path}.items`, 'must be specified')] : []),
    ...(items === undefined ? [] : levelErrors(items, 'item', `${path}.items`)),
    ...propertiesOf(schema).flatMap(([name, property]) => levelErrors(property, 'field', `${path}.properties[${name}]`)),
    ...(schema.additionalProperties !== undefined && level === 'root' ? [forbidden(`${path}.additionalProperties`, 'must not be used at the root')] : []),
    ...(values === undefined ? [] : levelErrors(values, 'field', `${path}.additionalProperties`)),
    ...extensionErrors(schema, path), ...logicErrors(schema, exceptionOf(schema), path), ...typeErrors(schema, level, path), ...systemFieldErrors(schema, level, path),
    ...(isEmbedded(schema) && !keepsUnknown(schema) && !hasProperties(schema)
      ? [required(`${path}.properties`, 'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields')] : []),
  ];
}

function extensionErrors(schema: JSONSchemaProps, path: string): FieldError[] {
  if (!isIntOrString(schema)) return [];
  const why = 'must be false if x-kubernetes-int-or-string is true';
  return (['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'] as const).filter((name) => schema[name] === true).map((name) => invalid(`${path}.${name}`, true, why));
}

function typeErrors(schema: JSONSchemaProps, level: Level, path: string): FieldError[] {
  const { type = '', additionalProperties } = schema;
  const errors: FieldError[] = [];
  if (isEmbedded(schema) && type !== 'object') {
    const why = 'must be object if x-kubernetes-embedded-resource is true';
    errors.push(type === '' ? required(`${path}.type`, why) : invalid(`${path}.type`, type, why));
  } else if (type === '' && !isIntOrString(schema) && !keepsUnknown(schema)) errors.push(required(`${path}.type`, typeMissing[level]));
  if (isEmbedded(schema) && additionalProperties !== undefined) errors.push(forbidden(`${path}.additionalProperties`, 'must not be used if x-kubernetes-embedded-resource is set'));
  if (level === 'root' && type !== '' && type !== 'object') errors.push(invalid(`${path}.type`, type, 'must be object at the root'));
  return errors;
}

/** Of resources the types of the system's fields are given; their metadata may only be narrowed by name. */
function systemFieldErrors(schema: JSONSchemaProps, level: Level, path: string): FieldError[] {
  const isResource = level === 'root' || isEmbedded(schema);
  const at = (name: string): string => `${path}.properties[${name}]`;
  const errors = !isResource ? [] : ['kind', 'apiVersion'].flatMap((name) => {
    const property = propertyOf(schema, name);
    return property === undefined || property.type === 'string' ? [] : [invalid(`${at(name)}.type`, property.type ?? '', 'must be string')];
  });
  const metadata = propertyOf(schema, 'metadata');
  if (metadata === undefined) return errors;
  if (isResource && metadata.type !== 'object') errors.push(invalid(`${at('metadata')}.type`, metadata.type ?? '', 'must be object'));
  if (level === 'root' && !narrowsNamesOnly(metadata)) errors.push(forbidden(at('metadata'), 'must not specify anything other than name and generateName, but metadata is implicitly specified'));
  return errors;
}

function narrowsNamesOnly({ type: _, default: __, properties = {}, ...others }: JSONSchemaProps): boolean {
  if (Object.keys(properties).some((name) => name !== 'name' && name !== 'generateName')) return false;
  return Object.entries(others).every(([name, value]) => isAbsent(name, value));
}

/** Whether Go's form of the field is that of an absent one. */
function isAbsent(name: string, value: unknown): boolean {
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return true;
  return (value === false || value === 0) && JSONSchemaProps.fields[name as keyof typeof JSONSchemaProps.fields]?.options.presence !== 'explicit'; // the names of a schema's own fields
}

const intOrString = [{ type: 'integer' }, { type: 'string' }];

/** Kubernetes: where the types of an int-or-string may be spelled out although logic may not name types. */
interface Exception {
  readonly inAnyOf: boolean;
  readonly inFirstAllOf: boolean;
}

function exceptionOf({ anyOf, allOf = [] }: JSONSchemaProps): Exception {
  return { inAnyOf: isDeepEqual(anyOf, intOrString), inFirstAllOf: isDeepEqual(allOf[0]?.anyOf, intOrString) };
}

const plain: Exception = { inAnyOf: false, inFirstAllOf: false };

function logicErrors(schema: JSONSchemaProps, { inAnyOf, inFirstAllOf }: Exception, path: string): FieldError[] {
  const { anyOf = [], allOf = [], oneOf = [], not, pattern = '' } = schema;
  const problem = pattern === '' ? undefined : cel.value.patternProblem(pattern);
  return [
    ...(inAnyOf ? [] : anyOf.flatMap((part, index) => partErrors(part, plain, `${path}.anyOf[${index}]`))),
    ...allOf.flatMap((part, index) => partErrors(part, { inAnyOf: inFirstAllOf && index === 0, inFirstAllOf: false }, `${path}.allOf[${index}]`)),
    ...oneOf.flatMap((part, index) => partErrors(part, plain, `${path}.oneOf[${index}]`)),
    ...(not === undefined ? [] : partErrors(not, plain, `${path}.not`)),
    ...(problem === undefined ? [] : [invalid(`${path}.pattern`, pattern, `must be a valid regular expression, but isn't: ${problem}`)]),
  ];
}

/** What may not stand inside of logic: in the order of upstream's checks. */
const notInLogic: readonly (readonly [name: keyof JSONSchemaProps, why: string])[] = [
  ['default', 'undefined'], ['title', 'empty'], ['description', 'empty'], ['nullable', 'false'], ['x-kubernetes-preserve-unknown-fields', 'false'], ['x-kubernetes-embedded-resource', 'false'],
  ['x-kubernetes-int-or-string', 'false'], ['x-kubernetes-list-map-keys', 'empty'], ['x-kubernetes-list-type', 'undefined'], ['x-kubernetes-map-type', 'undefined'], ['x-kubernetes-validations', 'empty'],
];

/** A schema inside of logic: it may say nothing that makes the value's structure. */
function partErrors(schema: JSONSchemaProps, exception: Exception, path: string): FieldError[] {
  const items = itemsOf(schema);
  const { additionalProperties = false } = schema;
  const mustBe = (name: string, what: string): FieldError => forbidden(`${path}.${name}`, `must be ${what} to be structural`);
  return [
    ...logicErrors(schema, exception, path), ...(items === undefined ? [] : partErrors(items, plain, `${path}.items`)),
    ...propertiesOf(schema).flatMap(([name, property]) => partErrors(property, plain, `${path}.properties[${name}]`)),
    ...((schema.type ?? '') === '' ? [] : [mustBe('type', 'empty')]), ...(additionalProperties === false ? [] : [mustBe('additionalProperties', 'undefined')]),
    ...notInLogic.filter(([name]) => isSaid(name, schema[name])).map(([name, why]) => mustBe(name, why)),
    ...(propertyOf(schema, 'metadata') === undefined ? [] : [forbidden(`${path}.properties[metadata]`, 'must not be specified in a nested context')]),
  ];
}

/** Whether Go's form of the field is another than that of an absent one. */
function isSaid(name: keyof JSONSchemaProps, value: unknown): boolean {
  if (value === undefined || value === null) return false;
  return name === 'default' || name === 'x-kubernetes-list-type' || name === 'x-kubernetes-map-type' || !(value === false || value === '' || (Array.isArray(value) && value.length === 0));
}

/** What logic speaks of must be stated outside of it, too. */
function completenessErrors(logic: JSONSchemaProps, schema: JSONSchemaProps, path: string, logicPath: string): FieldError[] {
  const { not, allOf = [], anyOf = [], oneOf = [] } = logic;
  const each = (parts: readonly JSONSchemaProps[], name: string): FieldError[] => parts.flatMap((part, index) => coverErrors(part, schema, path, `${logicPath}.${name}[${index}]`));
  return [...(not === undefined ? [] : coverErrors(not, schema, path, `${logicPath}.not`)), ...each(allOf, 'allOf'), ...each(anyOf, 'anyOf'), ...each(oneOf, 'oneOf')];
}

function coverErrors(part: JSONSchemaProps, schema: JSONSchemaProps | undefined, path: string, logicPath: string): FieldError[] {
  if (schema === undefined) return [required(path, `because it is defined in ${logicPath}`)];
  const items = itemsOf(part);
  return [
    ...completenessErrors(part, schema, path, logicPath), ...(items === undefined ? [] : coverErrors(items, itemsOf(schema), `${path}.items`, `${logicPath}.items`)),
    ...propertiesOf(part).flatMap(([name, property]) => coverErrors(property, propertyOf(schema, name), `${path}.properties[${name}]`, `${logicPath}.properties[${name}]`)),
  ];
}
