/**
 * From objects to the protobuf bytes that upstream writes: fields by number, every field that is no pointer in Go written
 * even when it is zero, map entries sorted by key.
 */
import type { Field, MessageType, Scalar } from './field.ts';
import { keysInOrder, valueText } from './json-encode.ts';
import { ProtobufWriter } from './protobuf-writer.ts';
import { durationNanoseconds, instantOf } from './time.ts';

type ObjectValue = Readonly<Record<string, unknown>>;

/** The bare message, without an envelope. */
export function encodeProtobuf<T>(type: MessageType<T>, object: T): Uint8Array {
  const writer = new ProtobufWriter();
  writeProtobuf(type, object, writer);
  return writer.finish();
}

/** The same, in front of what a writer holds already. */
export function writeProtobuf<T>(type: MessageType<T>, object: T, writer: ProtobufWriter): void {
  messageWriter(type as MessageType<unknown>)(object as ObjectValue, writer); // objects are plain records of what the type's fields say
}

type MessageWriter = (object: ObjectValue, writer: ProtobufWriter) => void;
type FieldWriter = (value: unknown, writer: ProtobufWriter) => void;

const writers = new WeakMap<MessageType<unknown>, MessageWriter>();

/** The writer of a type, compiled once: a closure for each field, highest number first. */
function messageWriter(type: MessageType<unknown>): MessageWriter {
  const known = writers.get(type);
  if (known !== undefined) return known;
  const fields = Object.entries(type.fields).sort(([, left], [, right]) => right.number - left.number).map(([name, field]) =>
    field.options.isInline === true ? inlineWriter(field) : fieldWriter(name, field));
  const write: MessageWriter = (object, writer) => {
    for (const field of fields) field(object, writer);
  };
  writers.set(type, write);
  return write;
}

function inlineWriter(field: Field<unknown, boolean>): MessageWriter {
  const type = field.of as MessageType<unknown>; // only messages are inlined
  return (object, writer) => {
    const before = writer.length;
    messageWriter(type)(object, writer);
    writer.close(field.number, before);
  };
}

/** Whether Go writes the field when it has no value: it is no pointer, no slice, no map. */
function isAlwaysWritten(field: Field<unknown, boolean>): boolean {
  const presence = field.options.presence ?? 'implicit';
  if (presence === 'explicit' || field.kind === 'list' || field.kind === 'map' || field.options.alternative !== undefined) return false;
  if (field.kind === 'message') return presence === 'always';
  return field.of !== 'bytes' && field.of !== 'wrappedStrings' && field.of !== 'fieldsV1';
}

function fieldWriter(name: string, field: Field<unknown, boolean>): MessageWriter {
  const { number, kind } = field;
  const item = itemWriter(field);
  const isAlways = isAlwaysWritten(field);
  switch (kind) {
    case 'scalar': case 'message': return (object, writer) => {
      const value = object[name];
      if (value !== undefined && value !== null) item(value, writer);
      else if (isAlways) item(undefined, writer);
    };
    case 'list': return (object, writer) => {
      const list = object[name] as readonly unknown[] | undefined; // a list by its kind
      if (list === undefined || list === null) return;
      for (let i = list.length - 1; i >= 0; i--) item(list[i], writer);
    };
    case 'map': return (object, writer) => {
      const map = object[name] as ObjectValue | undefined; // a map by its kind
      if (map === undefined || map === null) return;
      const keys = keysInOrder(map);
      for (let i = keys.length - 1; i >= 0; i--) {
        const key = keys[i] ?? '';
        const before = writer.length;
        item(map[key], writer);
        writer.textField(1, key);
        writer.close(number, before);
      }
    };
  }
}

/** Writes one value with its tag; the values of a map have number 2 in their entry. */
function itemWriter(field: Field<unknown, boolean>): FieldWriter {
  const number = field.kind === 'map' ? 2 : field.number;
  const { of } = field;
  if (typeof of === 'string') return scalarWriter(of, number);
  const message: FieldWriter = (value, writer) => {
    const before = writer.length;
    messageWriter(of)((value ?? {}) as ObjectValue, writer); // a message by its kind
    writer.close(number, before);
  };
  return field.options.alternative === undefined ? message : alternativeWriter(of, number, field.options.alternative === 'bool' ? 2 : 1);
}

/** The unions of JSONSchemaProps: {allows = 1, schema = 2}, {schema = 1, schemas = 2}, {schema = 1, property = 2}. */
function alternativeWriter(of: MessageType<unknown>, number: number, schemaNumber: number): FieldWriter {
  return (value, writer) => {
    const before = writer.length;
    const schema = (at: number, item: unknown): void => {
      const start = writer.length;
      messageWriter(of)(item as ObjectValue, writer); // whatever is no list and no bool is a schema
      writer.close(at, start);
    };
    if (typeof value === 'boolean') writer.integerField(1, value ? 1 : 0);
    else if (Array.isArray(value)) {
      for (const item of value.toReversed()) {
        if (typeof item === 'string') writer.textField(2, item);
        else schema(2, item);
      }
    } else {
      schema(schemaNumber, value);
      // Kubernetes: a schema in the place of a bool also says "allows".
      if (schemaNumber === 2) writer.integerField(1, 1);
    }
    writer.close(number, before);
  };
}

const base64 = (text: string): Uint8Array => Uint8Array.fromBase64(text);
const encoder = new TextEncoder();

function scalarWriter(of: Scalar, number: number): FieldWriter {
  switch (of) {
    case 'string': return (value, writer) => writer.textField(number, (value ?? '') as string); // text by its kind
    case 'bool': return (value, writer) => writer.integerField(number, value === true ? 1 : 0);
    case 'int32': case 'int64': case 'uint32': case 'uint64': return (value, writer) => writer.integerField(number, (value ?? 0) as number | bigint); // a number by its kind
    case 'double': return (value, writer) => {
      writer.double((value ?? 0) as number); // a number by its kind
      writer.tag(number, 1);
    };
    case 'float': return (value, writer) => {
      writer.float((value ?? 0) as number); // a number by its kind
      writer.tag(number, 5);
    };
    case 'bytes': return (value, writer) => writer.bytesField(number, base64((value ?? '') as string)); // base64 text by its kind
    default: return (value, writer) => {
      const before = writer.length;
      writeSpecial(of, value, writer);
      writer.close(number, before);
    };
  }
}

/** The inside of types that are messages in protobuf and something else in JSON. */
function writeSpecial(of: Scalar, value: unknown, writer: ProtobufWriter): void {
  switch (of) {
    case 'time': case 'microTime': {
      if (value === undefined || value === '') return;
      const { seconds, nanoseconds } = instantOf(value as string); // text by its kind
      writer.integerField(2, nanoseconds);
      writer.integerField(1, seconds);
      return;
    }
    case 'duration': return writer.integerField(1, value === undefined ? 0 : durationNanoseconds(value as string)); // text by its kind
    case 'quantity': return writer.textField(1, (value ?? '0') as string); // text by its kind
    case 'intOrString':
      writer.textField(3, typeof value === 'string' ? value : '');
      writer.integerField(2, typeof value === 'number' ? value : 0);
      return writer.integerField(1, typeof value === 'string' ? 1 : 0);
    case 'wrappedStrings':
      for (const item of ((value ?? []) as readonly string[]).toReversed()) writer.textField(1, item); // strings by its kind
      return;
    case 'fieldsV1':
      if (value !== undefined && value !== null) writer.textField(1, value as string); // text by its kind
      return;
    default:
      if (value !== undefined && value !== null) writer.bytesField(1, encoder.encode(valueText(value)));
  }
}
