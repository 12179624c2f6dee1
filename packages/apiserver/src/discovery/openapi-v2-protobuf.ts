// OpenAPI v2 in protobuf (openapi.v2), which kubectl before 1.29 asks for to check and merge what it sends. Pure.
import { any, block, type Encode, fieldsOf, flag, integer, itemsOf, join, many, message, one, orReference, pairs, text, texts } from './protobuf-rules.ts';
import { varint } from './varint.ts';

const encoder = new TextEncoder();

/** Declared late, because schemas hold schemas. */
const schema: Encode = (value) => wholeSchema(value);

const wholeSchema = message({
  $ref: text(1), format: text(2), title: text(3), description: text(4), default: one(5, any), maxLength: integer(11), minLength: integer(12), pattern: text(13),
  maxItems: integer(14), minItems: integer(15), uniqueItems: flag(16), maxProperties: integer(17), minProperties: integer(18), required: texts(19), enum: many(20, any),
  additionalProperties: one(21, (value) => (typeof value === 'boolean' ? join([varint(16), varint(value ? 1 : 0)]) : block(1, schema(value)))),
  type: one(22, (value) => join(itemsOf(value).map((type) => block(1, encoder.encode(String(type)))))),
  items: one(23, (value) => join(itemsOf(value).map((item) => block(1, schema(item))))),
  allOf: many(24, schema), properties: one(25, pairs(1, schema)), readOnly: flag(27),
}, 31);

const bodyParameter = message({ description: text(1), name: text(2), in: text(3), required: flag(4), schema: one(5, schema) }, 6);
const queryParameter = message({ required: flag(1), in: text(2), description: text(3), name: text(4), type: text(6), format: text(7), uniqueItems: flag(20), enum: many(21, any) }, 23);
const pathParameter = message({ required: flag(1), in: text(2), description: text(3), name: text(4), type: text(5), format: text(6), uniqueItems: flag(19), enum: many(20, any) }, 22);

const parameter: Encode = (value) => {
  const { in: place } = fieldsOf(value);
  if (place === 'body') return block(1, bodyParameter(value));
  return block(2, place === 'path' ? block(4, pathParameter(value)) : block(3, queryParameter(value)));
};

const parameterOrReference = orReference(parameter, message({ $ref: text(1) }, 3));

const response = message({ description: text(1), schema: one(2, (value) => block(1, schema(value))) }, 5);
const requirement: Encode = (value) => pairs(1, (scopes) => join(texts(1).write(scopes)))(value);

const operation = message({
  tags: texts(1), summary: text(2), description: text(3), operationId: text(5), produces: texts(6), consumes: texts(7), parameters: many(8, parameterOrReference),
  responses: one(9, pairs(1, (value) => block(1, response(value)))), schemes: texts(10), deprecated: flag(11), security: many(12, requirement),
}, 13);

const pathItem = message({
  get: one(2, operation), put: one(3, operation), post: one(4, operation), delete: one(5, operation), options: one(6, operation), head: one(7, operation), patch: one(8, operation),
  parameters: many(9, parameterOrReference),
}, 10);

const apiKey = message({ type: text(1), name: text(2), in: text(3), description: text(4) }, 5);

/** The document whole. */
export const encodeOpenApiV2: Encode = message({
  swagger: text(1), info: one(2, message({ title: text(1), version: text(2), description: text(3) }, 7)),
  paths: one(8, pairs(2, pathItem)), definitions: one(9, pairs(1, schema)), parameters: one(10, pairs(1, parameter)), security: many(12, requirement),
  securityDefinitions: one(13, pairs(1, (value) => block(2, apiKey(value)))),
}, 16);
