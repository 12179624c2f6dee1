// OpenAPI v2 in protobuf (openapi.v2), which kubectl before 1.29 asks for to check and merge what it sends. Pure.
import { varint } from './varint.ts';

type Json = unknown;
type Fields = Readonly<Record<string, Json>>;
type Encode = (value: Json) => Uint8Array;

/** How one key of a document becomes fields of its message. */
type Rule = (value: Json) => readonly Uint8Array[];

const encoder = new TextEncoder();
const join = (parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);
const block = (number: number, content: Uint8Array): Uint8Array => join([varint(number * 8 + 2), varint(content.length), content]);
const text = (number: number): Rule => (value) => [block(number, encoder.encode(String(value)))];
const flag = (number: number): Rule => (value) => (value === true ? [varint(number * 8), varint(1)] : []);
const integer = (number: number): Rule => (value) => [varint(number * 8), varint(Number(value))];
const texts = (number: number): Rule => (value) => itemsOf(value).map((one) => block(number, encoder.encode(String(one))));
const one = (number: number, encode: Encode): Rule => (value) => [block(number, encode(value))];
const many = (number: number, encode: Encode): Rule => (value) => itemsOf(value).map((item) => block(number, encode(item)));
/** A map, written as pairs of name and value. */
const named = (number: number, encode: Encode): Rule => (value) => Object.entries(fieldsOf(value)).map(([name, item]) => block(number, pair(name, encode(item))));
const pair = (name: string, content: Uint8Array): Uint8Array => join([block(1, encoder.encode(name)), block(2, content)]);

const itemsOf = (value: Json): readonly Json[] => (Array.isArray(value) ? value : [value]);
const fieldsOf = (value: Json): Fields => (typeof value === 'object' && value !== null ? value as Fields : {}); // just checked

/** Any value, as YAML, of which JSON is a part. */
const any: Encode = (value) => block(2, encoder.encode(`${JSON.stringify(value)}\n`));

/** A message: known keys by their rules, extensions by name into one field of their own. Other keys have no place in the form. */
function message(rules: Readonly<Record<string, Rule>>, extensions: number): Encode {
  return (value) => join(Object.entries(fieldsOf(value)).flatMap(([key, item]) => {
    if (item === undefined) return [];
    if (key.startsWith('x-')) return [block(extensions, pair(key, any(item)))];
    return Object.hasOwn(rules, key) ? rules[key]?.(item) ?? [] : [];
  }));
}

/** Declared late, because schemas hold schemas. */
const schema: Encode = (value) => wholeSchema(value);

const wholeSchema = message({
  $ref: text(1), format: text(2), title: text(3), description: text(4), default: one(5, any), maxLength: integer(11), minLength: integer(12), pattern: text(13),
  maxItems: integer(14), minItems: integer(15), uniqueItems: flag(16), maxProperties: integer(17), minProperties: integer(18), required: texts(19), enum: many(20, any),
  additionalProperties: one(21, (value) => (typeof value === 'boolean' ? join([varint(16), varint(value ? 1 : 0)]) : block(1, schema(value)))),
  type: one(22, (value) => join(itemsOf(value).map((type) => block(1, encoder.encode(String(type)))))),
  items: one(23, (value) => join(itemsOf(value).map((item) => block(1, schema(item))))),
  allOf: many(24, schema), properties: one(25, (value) => join(named(1, schema)(value))), readOnly: flag(27),
}, 31);

const bodyParameter = message({ description: text(1), name: text(2), in: text(3), required: flag(4), schema: one(5, schema) }, 6);
const queryParameter = message({ required: flag(1), in: text(2), description: text(3), name: text(4), type: text(6), format: text(7), uniqueItems: flag(20), enum: many(21, any) }, 23);
const pathParameter = message({ required: flag(1), in: text(2), description: text(3), name: text(4), type: text(5), format: text(6), uniqueItems: flag(19), enum: many(20, any) }, 22);

const parameter: Encode = (value) => {
  const { in: place } = fieldsOf(value);
  if (place === 'body') return block(1, bodyParameter(value));
  return block(2, place === 'path' ? block(4, pathParameter(value)) : block(3, queryParameter(value)));
};

/** A parameter, or a reference to a shared one. */
const parameterItem: Encode = (value) => {
  const reference = fieldsOf(value)['$ref'];
  return reference === undefined ? block(1, parameter(value)) : block(2, join(text(1)(reference)));
};

const response = message({ description: text(1), schema: one(2, (value) => block(1, schema(value))) }, 5);
const responses: Encode = (value) => join(named(1, (item) => block(1, response(item)))(value));
const requirement: Encode = (value) => join(named(1, (scopes) => join(texts(1)(scopes)))(value));

const operation = message({
  tags: texts(1), summary: text(2), description: text(3), operationId: text(5), produces: texts(6), consumes: texts(7), parameters: many(8, parameterItem), responses: one(9, responses),
  schemes: texts(10), deprecated: flag(11), security: many(12, requirement),
}, 13);

const pathItem = message({
  get: one(2, operation), put: one(3, operation), post: one(4, operation), delete: one(5, operation), options: one(6, operation), head: one(7, operation), patch: one(8, operation),
  parameters: many(9, parameterItem),
}, 10);

const apiKey = message({ type: text(1), name: text(2), in: text(3), description: text(4) }, 5);

/** The document whole. */
export const encodeOpenApiV2: Encode = message({
  swagger: text(1), info: one(2, message({ title: text(1), version: text(2), description: text(3) }, 7)),
  paths: one(8, (value) => join(named(2, pathItem)(value))), definitions: one(9, (value) => join(named(1, schema)(value))),
  parameters: one(10, (value) => join(named(1, parameter)(value))), security: many(12, requirement),
  securityDefinitions: one(13, (value) => join(named(1, (item) => block(2, apiKey(item)))(value))),
}, 16);
