/** What schemas do to JSON values: fields that they do not know are pruned, and metadata takes the form that the server gives it. */
import { DecodeError, dns1035LabelErrors, fromJson, jsonText, type JsonValue } from '@kaji/schema';
import { invalid, required } from '../../field-error.ts';
import { ObjectMeta } from '../../meta/v1/object-meta.ts';
import { validateObjectMeta } from '../../meta/v1/object-meta-rules.ts';
import type { FieldError } from '../../resource.ts';
import type { JSONSchemaProps } from './custom-resource-definition-spec.ts';
import { isEmbedded, itemsOf, keepsUnknown, propertyOf, systemFields, valuesOf } from './schema-parts.ts';
import { shownValue } from './value-mistake.ts';

export type JsonObject = Readonly<Record<string, JsonValue>>;

export const isObject = (value: JsonValue | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
export const isList = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value);

/** The value without the fields that its schema does not know. Of resources the system's fields stay. */
export function prunedValue(value: JsonValue, schema: JSONSchemaProps | undefined, isKept = schema !== undefined && keepsUnknown(schema)): JsonValue {
  if (isList(value)) {
    const items = schema === undefined ? undefined : itemsOf(schema);
    if (isKept && items === undefined) return value;
    return value.map((item) => prunedValue(item, items, items !== undefined && (isKept || keepsUnknown(items))));
  }
  if (!isObject(value)) return value;
  if (schema === undefined) return {};
  return Object.fromEntries(Object.entries(value).flatMap(([name, item]): [string, JsonValue][] => {
    if (isEmbedded(schema) && systemFields.has(name)) return [[name, item]];
    const property = propertyOf(schema, name);
    if (property !== undefined) return [[name, prunedValue(item, property)]];
    if (schema.additionalProperties !== undefined) return [[name, prunedValue(item, valuesOf(schema))]];
    return isKept ? [[name, item]] : [];
  }));
}

/** Metadata and what it is written back as, with nothing unknown in it; or why it cannot be read, in the decoder's words. */
function readMetadata(value: JsonValue): { readonly metadata: ObjectMeta; readonly written: JsonValue } | { readonly problem: string } {
  try {
    const { object } = fromJson(ObjectMeta, value);
    return { metadata: object, written: JSON.parse(jsonText(ObjectMeta, object)) as JsonValue }; // what was just encoded
  } catch (error) {
    if (error instanceof DecodeError) return { problem: error.message };
    throw error;
  }
}

/** Metadata with those of its fields that can be read. */
function readableMetadata(value: JsonObject): JsonValue {
  return Object.assign({}, ...Object.entries(value).map(([name, item]) => {
    const read = readMetadata({ [name]: item });
    return 'problem' in read ? {} : read.written;
  })) as JsonValue; // parts of metadata
}

const childOf = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

class Unfit extends Error {
  readonly error: FieldError;

  constructor(error: FieldError) {
    super(error.message);
    this.error = error;
  }
}

/**
 * The value with the metadata of its resources as the server writes it, or what is wrong with the types of their fields. With `dropsUnfit` what
 * is of a wrong type is left out instead.
 */
export function coercedValue(value: JsonValue, schema: JSONSchemaProps, { path, dropsUnfit = false }: { readonly path: string; readonly dropsUnfit?: boolean }): { readonly value: JsonValue } | { readonly error: FieldError } {
  try {
    return { value: coerce(value, schema, path, dropsUnfit) };
  } catch (error) {
    if (error instanceof Unfit) return { error: error.error };
    throw error;
  }
}

function coerce(value: JsonValue, schema: JSONSchemaProps | undefined, path: string, dropsUnfit: boolean): JsonValue {
  if (schema === undefined) return value;
  if (isList(value)) return value.map((item, index) => coerce(item, itemsOf(schema), `${path}[${index}]`, dropsUnfit));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([name, item]): [string, JsonValue][] => {
    const system = isEmbedded(schema) && systemFields.has(name) ? coerceSystemField(name, item, path, dropsUnfit) : item;
    if (system === undefined) return [];
    const property = propertyOf(schema, name);
    if (property !== undefined) return [[name, coerce(system, property, childOf(path, name), dropsUnfit)]];
    return [[name, schema.additionalProperties === undefined ? system : coerce(system, valuesOf(schema), `${path}[${name}]`, dropsUnfit)]];
  }));
}

function coerceSystemField(name: string, value: JsonValue, path: string, dropsUnfit: boolean): JsonValue | undefined {
  if (name !== 'metadata') {
    if (typeof value === 'string') return value;
    if (dropsUnfit) return undefined;
    throw new Unfit(invalid(childOf(path, name), shownValue(value), 'must be a string'));
  }
  const read = readMetadata(value);
  if ('written' in read) return read.written;
  if (!dropsUnfit) throw new Unfit(invalid(childOf(path, name), shownValue(value), read.problem));
  return isObject(value) ? readableMetadata(value) : value;
}

/** What is wrong with the kinds, versions and metadata of the resources in a value. */
export function resourceErrors(value: JsonValue, schema: JSONSchemaProps | undefined, path: string): FieldError[] {
  if (schema === undefined) return [];
  if (isList(value)) return value.flatMap((item, index) => resourceErrors(item, itemsOf(schema), `${path}[${index}]`));
  if (!isObject(value)) return [];
  return [...(isEmbedded(schema) ? embeddedErrors(value, path) : []), ...Object.entries(value).flatMap(([name, item]) => {
    const property = propertyOf(schema, name);
    if (property !== undefined) return resourceErrors(item, property, childOf(path, name));
    return schema.additionalProperties === undefined ? [] : resourceErrors(item, valuesOf(schema), `${path}[${name}]`);
  })];
}

function embeddedErrors(value: JsonObject, path: string): FieldError[] {
  const { apiVersion, kind, metadata } = value;
  const at = (name: string): string => childOf(path, name);
  const textErrors = (name: string, text: JsonValue | undefined, rules: (text: string) => readonly string[]): FieldError[] => {
    if (text === undefined) return [];
    if (typeof text !== 'string') return [invalid(at(name), shownValue(text), 'must be a string')];
    return (text === '' ? ['must not be empty'] : rules(text)).map((why) => invalid(at(name), text, why));
  };
  return [
    ...[...(apiVersion === undefined ? ['apiVersion'] : []), ...(kind === undefined ? ['kind'] : [])].map((name) => required(at(name))),
    ...textErrors('apiVersion', apiVersion, (text) => (text.split('/').length > 2 ? [`unexpected GroupVersion string: ${text}`] : [])),
    ...textErrors('kind', kind, (text) => {
      const messages = dns1035LabelErrors(text.toLowerCase());
      return messages.length === 0 ? [] : [`may have mixed case, but should otherwise match: ${messages.join(',')}`];
    }),
    ...(metadata === undefined ? [] : metadataErrors(metadata, at('metadata'))),
  ];
}

function metadataErrors(value: JsonValue, path: string): FieldError[] {
  const read = readMetadata(value);
  if ('problem' in read) return [invalid(path, shownValue(value), read.problem)];
  const { metadata } = read;
  return validateObjectMeta({ ...metadata, name: (metadata.name ?? '') === '' ? 'fakename' : metadata.name }, { isNamespaced: (metadata.namespace ?? '') !== '', path });
}
