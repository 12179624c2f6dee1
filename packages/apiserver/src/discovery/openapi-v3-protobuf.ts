// OpenAPI v3 in protobuf (openapi.v3), which kubectl and controllers ask for to explain and to check. Pure.
import { any, block, type Encode, flag, integer, itemsOf, join, many, message, one, orReference, pairs, text, texts } from './protobuf-rules.ts';
import { varint } from './varint.ts';

const reference = message({ $ref: text(1) }, 4);

/** Declared late, because schemas hold schemas. */
const schema: Encode = (value) => schemaOrReference(value);

/** A number, a truth value or text; whatever else is a message without fields. */
const defaultValue: Encode = (value) => {
  switch (typeof value) {
    case 'number': return join([varint(9), double(value)]);
    case 'boolean': return join([varint(16), varint(value ? 1 : 0)]);
    case 'string': return join(text(3).write(value));
    default: return new Uint8Array();
  }
};

function double(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return bytes;
}

const schemaOrReference = orReference(message({
  readOnly: flag(3), title: text(9), maxLength: integer(15), minLength: integer(16), pattern: text(17), maxItems: integer(18), minItems: integer(19), uniqueItems: flag(20),
  maxProperties: integer(21), minProperties: integer(22), required: texts(23), enum: many(24, any), type: text(25), allOf: many(26, schema), oneOf: many(27, schema), anyOf: many(28, schema),
  items: one(30, (value) => join(itemsOf(value).map((item) => block(1, schema(item))))), properties: one(31, pairs(1, schema)),
  additionalProperties: one(32, (value) => (typeof value === 'boolean' ? join([varint(16), varint(value ? 1 : 0)]) : block(1, schema(value)))),
  default: one(33, defaultValue), description: text(34), format: text(35),
}, 36), reference);

const content = pairs(1, message({ schema: one(1, schema) }, 5));
const parameter = orReference(message({ name: text(1), in: text(2), description: text(3), required: flag(4), schema: one(10, schema) }, 14), reference);

const operation = message({
  tags: texts(1), summary: text(2), description: text(3), operationId: text(5), parameters: many(6, parameter), requestBody: one(7, orReference(message({ description: text(1), content: one(2, content), required: flag(3) }, 4), reference)),
  responses: one(8, pairs(2, orReference(message({ description: text(1), content: one(3, content) }, 5), reference))), deprecated: flag(10),
}, 13);

const pathItem = message({
  get: one(4, operation), put: one(5, operation), post: one(6, operation), delete: one(7, operation), options: one(8, operation), head: one(9, operation), patch: one(10, operation), parameters: many(13, parameter),
}, 14);

const apiKey = orReference(message({ type: text(1), description: text(2), name: text(3), in: text(4) }, 9), reference);

/** The document whole. */
export const encodeOpenApiV3: Encode = message({
  openapi: text(1), info: one(2, message({ title: text(1), description: text(2), version: text(6) }, 7)), paths: one(4, pairs(1, pathItem)),
  components: one(5, message({ schemas: one(1, pairs(1, schema)), securitySchemes: one(7, pairs(1, apiKey)) }, 10)),
}, 9);
