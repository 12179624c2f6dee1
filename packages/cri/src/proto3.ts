/**
 * The proto3 wire form of messages declared in the field language. The API's own codec writes what gogo's proto2 does;
 * the runtime's services speak proto3: zero values are not written, and come back as zero. Enumerations are words
 * (`oneOf`), bytes are Uint8Array, 64-bit numbers are numbers: times in nanoseconds lose their last digits.
 */
import type { Field, MessageType, Scalar } from '@kaji/schema';

type Plain = Record<string, unknown>;
type Wire = 0 | 1 | 2 | 5;

const text = new TextEncoder();
const fromText = new TextDecoder();

/** Bytes came that no message has. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

export function encode<T>(type: MessageType<T>, value: T): Uint8Array {
  const writer = new Writer();
  writeMessage(writer, type as MessageType<unknown>, value as Plain); // a message's shape is a record of its fields
  return writer.finish();
}

export function decode<T>(type: MessageType<T>, bytes: Uint8Array): T {
  return readMessage(new Reader(bytes), type as MessageType<unknown>) as T; // filled by the fields of T
}

function writeMessage(writer: Writer, type: MessageType<unknown>, value: Plain): void {
  for (const [name, field] of Object.entries(type.fields)) {
    const current = value[name];
    if (current === undefined) continue;
    switch (field.kind) {
      case 'scalar': if (!isZero(field, current)) writeItem(writer, field, current); break;
      case 'message': writeItem(writer, field, current); break;
      case 'list': writeList(writer, field, current as readonly unknown[]); break;
      case 'map': for (const [key, item] of Object.entries(current as Plain)) writeEntry(writer, field, key, item); break;
    }
  }
}

const isZero = (field: Field<unknown, boolean>, value: unknown): boolean =>
  value === '' || value === 0 || value === false || (value instanceof Uint8Array && value.length === 0) || (field.options.oneOf !== undefined && value === field.options.oneOf[0]);

/** Numbers are packed, as proto3 does. */
function writeList(writer: Writer, field: Field<unknown, boolean>, items: readonly unknown[]): void {
  const wire = wireOf(field);
  if (wire === 2) {
    for (const item of items) writeItem(writer, field, item);
  } else if (items.length > 0) {
    const packed = new Writer();
    for (const item of items) writeNumber(packed, field.of as Scalar, item as number); // a list that is not of messages is of scalars
    writer.tag(field.number, 2);
    writer.bytes(packed.finish());
  }
}

function writeEntry(writer: Writer, field: Field<unknown, boolean>, key: string, item: unknown): void {
  const entry = new Writer();
  entry.tag(1, 2);
  entry.bytes(text.encode(key));
  writeItem(entry, field, item, 2);
  writer.tag(field.number, 2);
  writer.bytes(entry.finish());
}

function writeItem(writer: Writer, field: Field<unknown, boolean>, value: unknown, number = field.number): void {
  const wire = wireOf(field);
  writer.tag(number, wire);
  if (typeof field.of !== 'string') {
    const nested = new Writer();
    writeMessage(nested, field.of, value as Plain);
    writer.bytes(nested.finish());
  } else if (field.options.oneOf !== undefined) {
    const index = field.options.oneOf.indexOf(String(value));
    if (index < 0) throw new WireError(`${String(value)} is none of ${field.options.oneOf.join(', ')}`);
    writer.varint(BigInt(index));
  } else if (wire === 2) {
    writer.bytes(field.of === 'bytes' ? (value as Uint8Array) : text.encode(String(value)));
  } else {
    writeNumber(writer, field.of, value as number);
  }
}

function writeNumber(writer: Writer, scalar: Scalar, value: number | boolean): void {
  if (scalar === 'double') writer.double(Number(value));
  else writer.varint(BigInt.asUintN(64, BigInt(value)));
}

function wireOf(field: Field<unknown, boolean>): Wire {
  if (typeof field.of !== 'string') return 2;
  if (field.options.oneOf !== undefined) return 0;
  switch (field.of) {
    case 'string': case 'bytes': return 2;
    case 'double': return 1;
    case 'bool': case 'int32': case 'int64': case 'uint32': case 'uint64': return 0;
    default: throw new WireError(`${field.of} has no proto3 form`);
  }
}

interface Slot {
  readonly name: string;
  readonly field: Field<unknown, boolean>;
}

function readMessage(reader: Reader, type: MessageType<unknown>): Plain {
  const byNumber = new Map<number, Slot>();
  const value: Plain = {};
  for (const [name, field] of Object.entries(type.fields)) {
    byNumber.set(field.number, { name, field });
    const zero = zeroOf(field);
    if (zero !== undefined) value[name] = zero;
  }
  while (!reader.isAtEnd) {
    const tag = Number(reader.varint());
    const wire = tag & 7;
    const slot = byNumber.get(tag >>> 3);
    if (slot === undefined) reader.skip(wire);
    else readField(reader, slot, value, wire);
  }
  return value;
}

function zeroOf(field: Field<unknown, boolean>): unknown {
  switch (field.kind) {
    case 'list': return [];
    case 'map': return {};
    case 'message': return undefined;
    case 'scalar':
      if (field.options.oneOf !== undefined) return field.options.oneOf[0];
      if (field.of === 'string') return '';
      if (field.of === 'bytes') return new Uint8Array(0);
      return field.of === 'bool' ? false : 0;
  }
}

function readField(reader: Reader, { name, field }: Slot, into: Plain, wire: number): void {
  if (field.kind === 'map') {
    const entry = new Reader(reader.bytes());
    let key = '';
    let item: unknown = field.of === 'string' ? '' : undefined;
    while (!entry.isAtEnd) {
      const tag = Number(entry.varint());
      if (tag >>> 3 === 1) key = fromText.decode(entry.bytes());
      else if (tag >>> 3 === 2) item = readItem(entry, field);
      else entry.skip(tag & 7);
    }
    (into[name] as Plain)[key] = item;
  } else if (field.kind === 'list') {
    const items = into[name] as unknown[];
    if (wire === 2 && wireOf(field) !== 2) {
      const packed = new Reader(reader.bytes());
      while (!packed.isAtEnd) items.push(readItem(packed, field));
    } else {
      items.push(readItem(reader, field));
    }
  } else {
    into[name] = readItem(reader, field);
  }
}

function readItem(reader: Reader, field: Field<unknown, boolean>): unknown {
  if (typeof field.of !== 'string') return readMessage(new Reader(reader.bytes()), field.of);
  if (field.options.oneOf !== undefined) return field.options.oneOf[Number(reader.varint())] ?? field.options.oneOf[0];
  switch (field.of) {
    case 'string': return fromText.decode(reader.bytes());
    case 'bytes': return reader.bytes();
    case 'double': return reader.double();
    case 'bool': return reader.varint() !== 0n;
    case 'uint32': case 'uint64': return Number(reader.varint());
    default: return Number(BigInt.asIntN(64, reader.varint()));
  }
}

class Writer {
  #bytes = new Uint8Array(128);
  #length = 0;

  tag(number: number, wire: Wire): void {
    this.varint(BigInt((number << 3) | wire));
  }

  varint(value: bigint): void {
    let rest = value;
    while (rest > 0x7fn) {
      this.#push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    this.#push(Number(rest));
  }

  double(value: number): void {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value, true);
    this.#append(new Uint8Array(view.buffer));
  }

  bytes(value: Uint8Array): void {
    this.varint(BigInt(value.length));
    this.#append(value);
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #push(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  #append(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#offset >= this.#bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#offset++];
      if (byte === undefined) throw new WireError('the message ends inside a number');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new WireError('a number has more than ten bytes');
  }

  double(): number {
    const at = this.#advance(8);
    return new DataView(at.buffer, at.byteOffset, 8).getFloat64(0, true);
  }

  bytes(): Uint8Array {
    return this.#advance(Number(this.varint()));
  }

  skip(wire: number): void {
    if (wire === 0) this.varint();
    else if (wire === 1) this.#advance(8);
    else if (wire === 2) this.bytes();
    else if (wire === 5) this.#advance(4);
    else throw new WireError(`wire type ${wire} is not known`);
  }

  #advance(count: number): Uint8Array {
    if (count > this.#bytes.length - this.#offset) throw new WireError('the message ends inside a field');
    this.#offset += count;
    return this.#bytes.subarray(this.#offset - count, this.#offset);
  }
}
