/** What the rules within a schema may name: the value that they stand at, as the schema declares it; and what they may cost. */
import type { Checked } from '../check.ts';
import { estimateCost } from '../cost/estimate.ts';
import type { Path } from '../cost/sizes.ts';
import type { Environment } from '../environment.ts';
import { boolType, bytesType, doubleType, durationType, dynType, intType, listType, mapType, objectType, optionalType, stringType, timestampType, type Type } from '../type.ts';
import { baseEnvironment, type Age } from './base.ts';
import { typesOf } from './declared-objects.ts';
import { escapeField } from './escape.ts';

/** What matters of a schema here. */
export interface ValueSchema {
  readonly type?: string | undefined;
  readonly format?: string | undefined;
  readonly items?: ValueSchema | readonly ValueSchema[] | undefined;
  readonly properties?: Readonly<Record<string, ValueSchema>> | undefined;
  readonly additionalProperties?: ValueSchema | boolean | undefined;
  readonly required?: readonly string[] | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly default?: unknown;
  readonly maxLength?: bigint | number | undefined;
  readonly maxItems?: bigint | number | undefined;
  readonly maxProperties?: bigint | number | undefined;
  readonly nullable?: boolean | undefined;
  readonly 'x-kubernetes-list-type'?: string | undefined;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[] | undefined;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean | undefined;
  readonly 'x-kubernetes-int-or-string'?: boolean | undefined;
  readonly 'x-kubernetes-embedded-resource'?: boolean | undefined;
}

/** A value as expressions see it. */
export interface DeclaredValue {
  readonly type: Type;
  /** The largest size: characters of a text, items, entries. */
  readonly most: bigint;
  /** The fewest bytes of JSON that it takes. */
  readonly leastBytes: bigint;
  readonly fields?: ReadonlyMap<string, DeclaredValue>;
  readonly keys?: DeclaredValue;
  readonly values?: DeclaredValue;
}

const mostRequestBytes = 3n * 1024n * 1024n;
/** The longest text that fits a request, in quotes. */
const longestText = mostRequestBytes - 2n;
const leastOfText = 2n;

const scalar = (type: Type, leastBytes: bigint, most = 0n): DeclaredValue => ({ type, leastBytes, most });
const notNegative = (value: bigint | number): bigint => (value > 0 ? BigInt(value) : 0n);

/** The value that follows a schema; undefined where expressions cannot see it. `isRoot`: it is a resource, with metadata. */
export function declareValue(schema: ValueSchema, isRoot: boolean, name = 'selfType1'): DeclaredValue | undefined {
  if (schema['x-kubernetes-int-or-string'] === true) return scalar(dynType, 1n, schema.maxLength === undefined ? longestText : 4n * notNegative(schema.maxLength));
  switch (schema.type) {
    case 'array': return declareList(schema, name);
    case 'object': return declareObject(isRoot ? withMetadata(schema) : schema, name);
    case 'string': return declareText(schema);
    case 'boolean': return scalar(boolType, 4n);
    case 'number': return scalar(doubleType, 1n);
    case 'integer': return scalar(intType, 1n);
    default: return undefined;
  }
}

const isResource = (schema: ValueSchema): boolean => schema['x-kubernetes-embedded-resource'] === true;
const text: ValueSchema = { type: 'string' };

/** Kubernetes: of a resource, these can be seen whether its schema says so or not; of the metadata only this. */
export function withMetadata(schema: ValueSchema): ValueSchema {
  const { kind, apiVersion, metadata } = schema.properties ?? {};
  const isWhole = kind?.type === 'string' && apiVersion?.type === 'string' && metadata?.type === 'object' && metadata.properties?.['name']?.type === 'string' && metadata.properties['generateName']?.type === 'string';
  return isWhole ? schema : { ...schema, properties: { ...schema.properties, kind: text, apiVersion: text, metadata: { type: 'object', properties: { name: text, generateName: text } } } };
}

function declareList({ items, maxItems }: ValueSchema, name: string): DeclaredValue | undefined {
  if (items === undefined || isSchemas(items)) return undefined;
  const values = declareValue(items, isResource(items), `${name}.@idx`);
  return values === undefined ? undefined : { type: listType(values.type), leastBytes: 2n, most: maxItems === undefined ? (mostRequestBytes - 2n) / (values.leastBytes + 1n) : notNegative(maxItems), values };
}

const isSchemas = (items: ValueSchema | readonly ValueSchema[]): items is readonly ValueSchema[] => Array.isArray(items);

function declareObject(schema: ValueSchema, name: string): DeclaredValue | undefined {
  const { additionalProperties: others, properties = {}, required = [], maxProperties } = schema;
  if (typeof others === 'object') {
    const values = declareValue(others, isResource(others), `${name}.@elem`);
    // An entry takes a key, its quotes, a colon and a comma beside the value.
    return values === undefined ? undefined : { type: mapType(stringType, values.type), leastBytes: 2n, most: maxProperties === undefined ? (mostRequestBytes - 2n) / (values.leastBytes + 6n) : notNegative(maxProperties), keys: scalar(stringType, leastOfText), values };
  }
  let leastBytes = 2n;
  const fields = new Map<string, DeclaredValue>();
  for (const [property, propertySchema] of Object.entries(properties)) {
    const field = escapeField(property);
    const declared = declareValue(propertySchema, isResource(propertySchema), `${name}.${field ?? property}`);
    if (declared === undefined) continue;
    if (field !== undefined) fields.set(field, declared);
    if (required.includes(property) && propertySchema.default === undefined) leastBytes += BigInt(new TextEncoder().encode(property).length) + declared.leastBytes + 4n;
  }
  return { type: objectType(name), leastBytes, most: 0n, fields };
}

function declareText({ format, maxLength, enum: allowed = [] }: ValueSchema): DeclaredValue {
  switch (format) {
    case 'byte': return scalar(bytesType, leastOfText, maxLength === undefined ? longestText : notNegative(maxLength));
    case 'duration': return scalar(durationType, 3n, 32n);
    case 'date': return scalar(timestampType, 12n, 12n);
    case 'date-time': return scalar(timestampType, 21n, 32n);
    default: {
      // A character takes up to four bytes.
      if (maxLength !== undefined) return scalar(stringType, leastOfText, 4n * notNegative(maxLength));
      const lengths = allowed.map((value) => (typeof value === 'string' ? new TextEncoder().encode(value).length : 0));
      return scalar(stringType, leastOfText, lengths.length === 0 ? longestText : BigInt(Math.max(...lengths)));
    }
  }
}

/** The environment of rules that stand at the value. `isOldOptional`: there need not be an old value. */
export function ruleEnvironment(age: Age, declared: DeclaredValue, isOldOptional: boolean): Environment {
  const objects = new Map<string, ReadonlyMap<string, Type>>();
  collect(declared, objects);
  return baseEnvironment(age).extend({ types: typesOf(objects), variables: { self: declared.type, oldSelf: isOldOptional ? optionalType(declared.type) : declared.type } });
}

function collect({ type, fields, values }: DeclaredValue, objects: Map<string, ReadonlyMap<string, Type>>): void {
  if (fields !== undefined) objects.set(type.name, new Map([...fields].map(([field, value]) => [field, value.type])));
  for (const value of fields?.values() ?? []) collect(value, objects);
  if (values !== undefined) collect(values, objects);
}

/** The most that a rule at the value may cost. */
export const ruleCost = (checked: Checked, declared: DeclaredValue): bigint => estimateCost(checked, { sizeOf: (path) => sizeOf(declared, path) }).max;

/** Kubernetes: whatever variable a path starts with, it is taken to start at the value. */
function sizeOf(declared: DeclaredValue, [, ...path]: Path): bigint | undefined {
  let at: DeclaredValue | undefined = declared;
  for (const part of path) {
    if (at === undefined) return undefined;
    at = part === '@items' || part === '@values' ? at.values : part === '@keys' ? at.keys : at.fields?.get(part);
  }
  return at?.most;
}

/** How often such a value could stand in one request. */
export const mostOccurrences = ({ leastBytes }: DeclaredValue): bigint => mostRequestBytes / (leastBytes + 1n);
