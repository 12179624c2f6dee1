/** Going through the schemas of custom resources. */
import type { JSONSchemaProps } from './custom-resource-definition-spec.ts';

/** The schema of all items of a list. */
export const itemsOf = ({ items }: JSONSchemaProps): JSONSchemaProps | undefined => (Array.isArray(items) ? undefined : items);
/** The schemas of a list's single items, which structural schemas may not have. */
export const tupleOf = ({ items }: JSONSchemaProps): readonly JSONSchemaProps[] => (Array.isArray(items) ? items : []);
/** The schema of the values of a map. */
export const valuesOf = ({ additionalProperties }: JSONSchemaProps): JSONSchemaProps | undefined => (typeof additionalProperties === 'object' ? additionalProperties : undefined);
/** The schema of one property. */
export const propertyOf = ({ properties }: JSONSchemaProps, name: string): JSONSchemaProps | undefined => (properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined);
export const propertiesOf = ({ properties }: JSONSchemaProps): [name: string, schema: JSONSchemaProps][] => (properties === undefined ? [] : Object.entries(properties));
export const hasProperties = ({ properties }: JSONSchemaProps): boolean => properties !== undefined && Object.keys(properties).length > 0;

export const keepsUnknown = (schema: JSONSchemaProps): boolean => schema['x-kubernetes-preserve-unknown-fields'] === true;
export const isEmbedded = (schema: JSONSchemaProps): boolean => schema['x-kubernetes-embedded-resource'] === true;
export const isIntOrString = (schema: JSONSchemaProps): boolean => schema['x-kubernetes-int-or-string'] === true;

/** The schema of a whole resource: its metadata is treated as that of embedded ones is. */
export const resourceRoot = (schema: JSONSchemaProps): JSONSchemaProps => (isEmbedded(schema) ? schema : { ...schema, 'x-kubernetes-embedded-resource': true });

/** The fields of the system that every resource has. */
export const systemFields: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

const schemasIn = (values: Readonly<Record<string, JSONSchemaProps>> | undefined): readonly JSONSchemaProps[] => Object.values(values ?? {});

/** A schema and all within it. */
export function* schemasWithin(schema: JSONSchemaProps): Generator<JSONSchemaProps> {
  const stack = [schema];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    yield next;
    stack.push(...partsOf(next).toReversed());
  }
}

function partsOf(schema: JSONSchemaProps): JSONSchemaProps[] {
  const { allOf = [], anyOf = [], oneOf = [], not, properties, patternProperties, additionalItems, definitions, dependencies } = schema;
  const [items, values] = [itemsOf(schema), valuesOf(schema)];
  return [
    ...(items === undefined ? tupleOf(schema) : [items]), ...allOf, ...anyOf, ...oneOf, ...(not === undefined ? [] : [not]), ...schemasIn(properties), ...(values === undefined ? [] : [values]),
    ...schemasIn(patternProperties), ...(typeof additionalItems === 'object' ? [additionalItems] : []), ...schemasIn(definitions),
    ...Object.values(dependencies ?? {}).flatMap((dependency) => (Array.isArray(dependency) ? [] : [dependency])),
  ];
}

/** Whether a schema, or any within it, is so. */
export function someSchema(schema: JSONSchemaProps, isSo: (schema: JSONSchemaProps) => boolean): boolean {
  for (const part of schemasWithin(schema)) if (isSo(part)) return true;
  return false;
}
